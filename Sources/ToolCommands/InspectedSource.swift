internal import ByteSources
internal import Digests
internal import Leveling
internal import PCM
internal import Transcoding
internal import WaveFiles

/// One inspected file, ready to be printed.
struct InspectedSource: Sendable {
    private let path: String
    private let analysis: SourceAnalysis
    private let waveform: Waveform?
    private let active: [Range<Int64>]
    private let loudness: LevelMeasurement?

    /// Reads a file; once to measure it, and once more to draw it with its active parts.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - hasLoudness: Whether to measure loudness, its range and the true peak.
    ///   - observer: As `ObservedByteSource` has it.
    /// - Throws: `ByteSourceError` or `WaveReaderError` where it cannot be read, `LevelingError`.
    init(path: String, hasLoudness: Bool, observer: @escaping @Sendable (Int) -> Bool) throws {
        self.path = path
        let source = ObservedByteSource(try FileByteSource(path: path), observer: observer)
        analysis = try SourceAnalyzer(method: .activeSpeech).analyze(source)
        let inspection = analysis.inspection
        guard inspection.verdict != .rejected, let format = inspection.format else {
            waveform = nil
            active = []
            loudness = nil
            return
        }
        var waveform = Waveform(frames: inspection.frames, format: format)
        var detector = try analysis.measurement?.level.map {
            try ActivityDetector(format: format, activeSpeechLevel: $0)
        }
        var meter: LevelMeter? =
            hasLoudness
            ? try LevelMeter(format: format, method: .loudness, truePeak: true, loudnessRange: true) : nil
        var audio = try DecodedAudio(inspection, source: source)
        if inspection.isFloatingPoint {
            var samples: [Double] = []
            while try audio.next(into: &samples) {
                waveform.add(samples.span)
                try detector?.add(samples.span)
                try meter?.add(samples.span)
            }
        } else {
            var samples: [Int32] = []
            while try audio.next(into: &samples) {
                waveform.add(samples.span)
                try detector?.add(samples.span)
                try meter?.add(samples.span)
            }
        }
        loudness = try meter.take()?.finish()
        self.waveform = waveform
        active = detector?.activeFrames ?? []
    }

    var verdict: Verdict { analysis.inspection.verdict }

    var row: InspectedRow {
        InspectedRow(
            report: SourceReport(
                file: path, size: analysis.inspection.size, digest: analysis.digest,
                inspection: analysis.inspection), levels: analysis.measurement, loudness: loudness)
    }

    /// The file's problem in one line.
    var problem: String {
        "\(path.printable): \(verdict.rawValue): \(analysis.inspection.worstFinding.printable)"
    }

    /// What is printed for people, for a terminal of 80 columns.
    func lines(style: TerminalStyle) -> [String] {
        let inspection = analysis.inspection
        var lines = ["\(style.bold(path.printable))  \(style.paint(verdict))"]
        if let format = inspection.format {
            lines += [
                Self.fact(
                    "format",
                    "\(inspection.container ?? "?") \(inspection.codec?.name ?? "?")",
                    "\(format.sampleRate) Hz",
                    Quantities.count(format.channels, "channel"), "\(format.bitsPerSample) bits"),
                Self.fact(
                    "length", Quantities.time(inspection.duration ?? 0),
                    inspection.frames == 1 ? "1 frame" : "\(inspection.frames) frames",
                    Quantities.size(inspection.size)),
            ]
        } else {
            lines.append(Self.fact("length", Quantities.size(inspection.size)))
        }
        if let measurement = analysis.measurement { lines.append(Self.levels(measurement)) }
        if let loudness { lines.append(Self.fact("BS.1770", Self.loudness(loudness))) }
        lines.append(Self.fact("SHA-256", analysis.digest.hexadecimal))
        if let disagreement { lines.append(Self.fact("note", disagreement)) }
        for finding in inspection.findings {
            let place = finding.offset.map { ", byte \($0)" } ?? ""
            lines.append("  \(style.column(finding.severity)) \(finding.code)\(place)")
            lines += finding.message.printable.wrapped(to: 68).map { "          \($0)" }
        }
        if let waveform {
            lines += waveform.lines(duration: inspection.duration ?? 0, active: active, style: style).map {
                "  " + $0
            }
        }
        return lines
    }

    /// What libsndfile makes of the untouched file, where that differs.
    private var disagreement: String? {
        let (inspection, theirs) = (analysis.inspection, analysis.inspection.libsndfile)
        guard inspection.verdict != .rejected else { return nil }
        guard let frames = theirs.frames else {
            return theirs.error.map { "libsndfile on the file as it is: \($0.printable)" }
        }
        return frames == inspection.frames ? nil : "libsndfile reads \(frames) frames of the file as it is"
    }

    private static func fact(_ name: String, _ values: String...) -> String {
        "  \(name.fitted(to: 7)) \(values.joined(separator: ", "))"
    }

    private static func loudness(_ measurement: LevelMeasurement) -> String {
        [
            measurement.integratedLoudness.map { "loudness \($0.value.text(decimals: 1)) LUFS" }
                ?? "no loudness",
            measurement.loudnessRange.map { "range \($0.value.text(decimals: 1)) LU" },
            measurement.truePeak.map { "true peak \($0.value.text(decimals: 1)) dBTP" },
        ].compactMap { $0 }.joined(separator: ", ")
    }

    private static func levels(_ measurement: LevelMeasurement) -> String {
        let speech = measurement.level.map { "speech \($0.value.text(decimals: 1)) dBov" } ?? "no speech"
        let others = [
            measurement.activity.map { "active \($0.text(decimals: 1)) %" },
            measurement.rms.map { "RMS \($0.value.text(decimals: 1)) dBov" },
            measurement.samplePeak.map { "peak \($0.value.text(decimals: 1)) dBFS" },
        ]
        return fact("level", ([speech] + others.compactMap { $0 }).joined(separator: ", "))
    }
}

/// What `inspect --json` prints of a file; every name is present in every row.
struct InspectedRow: Encodable {
    let report: SourceReport
    let levels: LevelMeasurement?
    let loudness: LevelMeasurement?

    private enum Key: String, CodingKey {
        case activeLevel, activity, rms, peak, loudness, loudnessRange, truePeak
    }

    func encode(to encoder: any Encoder) throws {
        try report.encode(to: encoder)
        var row = encoder.container(keyedBy: Key.self)
        try row.encode(levels?.activeSpeech?.value, forKey: .activeLevel)
        try row.encode(levels?.activity, forKey: .activity)
        try row.encode(levels?.rms?.value, forKey: .rms)
        try row.encode(levels?.samplePeak?.value, forKey: .peak)
        try row.encode(loudness?.integratedLoudness?.value, forKey: .loudness)
        try row.encode(loudness?.loudnessRange?.value, forKey: .loudnessRange)
        try row.encode(loudness?.truePeak?.value, forKey: .truePeak)
    }
}

extension LevelMeasurement {
    /// The loudness where it was asked for, and nothing stands in for it.
    fileprivate var integratedLoudness: Decibels? { fallback == nil ? level : nil }
}
