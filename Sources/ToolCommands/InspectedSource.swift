internal import ByteSources
internal import Leveling
internal import PCM
internal import Transcoding
internal import WaveFiles

/// One inspected file, ready to be printed.
struct InspectedSource: Sendable {
    private static let columns = 72
    private static let rows = 3
    private static let floor = -48.0

    private let path: String
    private let analysis: SourceAnalysis
    private let waveform: Waveform?
    private let active: [Range<Int64>]

    /// Reads a file; once to measure it, and once more to draw it with its active parts.
    init(path: String) throws {
        self.path = path
        let source = try FileByteSource(path: path)
        analysis = try SourceAnalyzer(method: .activeSpeech).analyze(source)
        let inspection = analysis.inspection
        guard inspection.verdict != .rejected, let format = inspection.format else {
            waveform = nil
            active = []
            return
        }
        var waveform = Waveform(frames: inspection.frames, channels: format.channels, columns: Self.columns)
        var detector = try analysis.measurement?.level.map {
            try ActivityDetector(format: format, activeSpeechLevel: $0)
        }
        var audio = try DecodedAudio(inspection, source: source)
        if inspection.isFloatingPoint {
            var samples: [Double] = []
            while try audio.next(into: &samples) {
                waveform.add(samples.span)
                try detector?.add(samples.span)
            }
        } else {
            let fullScale = Double(sign: .plus, exponent: format.bitsPerSample - 1, significand: 1)
            var samples: [Int32] = []
            while try audio.next(into: &samples) {
                waveform.add(samples.span, fullScale: fullScale)
                try detector?.add(samples.span)
            }
        }
        self.waveform = waveform
        active = detector?.activeFrames ?? []
    }

    var verdict: Verdict { analysis.inspection.verdict }

    var report: SourceReport {
        SourceReport(
            file: path, size: analysis.inspection.size, digest: analysis.digest, inspection: analysis.inspection)
    }

    /// The file's problem in one line.
    var problem: String { "\(path.printable): \(verdict.rawValue): \(analysis.inspection.worstFinding)" }

    /// What is printed for people.
    func lines(style: TerminalStyle) -> [String] {
        let inspection = analysis.inspection
        var lines = ["\(style.bold(path.printable))  \(style.paint(verdict))"]
        if let format = inspection.format {
            let facts = [
                "\(inspection.container ?? "?") \(inspection.codec?.name ?? "?")", "\(format.sampleRate) Hz",
                Quantities.count(format.channels, "channel"), "\(format.bitsPerSample) bits",
                "\(inspection.frames) frames", Quantities.time(inspection.duration ?? 0),
                Quantities.size(inspection.size),
            ]
            lines.append("  " + facts.joined(separator: ", "))
        } else {
            lines.append("  \(Quantities.size(inspection.size))")
        }
        if let measurement = analysis.measurement { lines.append("  " + Self.levels(measurement)) }
        lines += inspection.findings.map { Self.line(for: $0, style: style) }
        if let waveform {
            lines += waveform.lines(rows: Self.rows, floor: Self.floor, active: active, style: style).map { "  " + $0 }
        }
        return lines
    }

    private static func levels(_ measurement: LevelMeasurement) -> String {
        let speech = measurement.level.map { "active speech \($0.text) dBov" } ?? "no speech"
        let others = [
            measurement.activity.map { "activity \($0.text(decimals: 1)) %" },
            measurement.rms.map { "RMS \($0.text) dBov" },
            measurement.samplePeak.map { "peak \($0.text) dBFS" },
        ]
        return ([speech] + others.compactMap { $0 }).joined(separator: ", ")
    }

    private static func line(for finding: WaveFinding, style: TerminalStyle) -> String {
        let place = finding.offset.map { " at byte \($0)" } ?? ""
        return "  \(style.paint(finding.severity)) \(finding.code)\(place): \(finding.message.printable)"
    }
}

extension TerminalStyle {
    /// A verdict in the color of its gravity.
    func paint(_ verdict: Verdict) -> String {
        switch verdict {
        case .valid: green(verdict.rawValue)
        case .flawed: yellow(verdict.rawValue)
        case .salvaged, .rejected: red(verdict.rawValue)
        }
    }

    /// A severity in the color of its gravity.
    func paint(_ severity: Severity) -> String {
        switch severity {
        case .note: dim(severity.rawValue)
        case .warning: yellow(severity.rawValue)
        case .error, .fatal: red(severity.rawValue)
        }
    }
}
