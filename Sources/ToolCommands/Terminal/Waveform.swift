internal import PCM

/// A recording's waveform in a few lines of text: a column for each slice of time, its height on a decibel scale.
struct Waveform {
    /// The width in characters.
    private static let columns = 72
    /// The height in lines; each has eight steps.
    private static let rows = 3
    /// The decibels from the bottom to the top.
    private static let span = 48.0
    /// The steps in which the top comes down to the peak, in decibels, and the lowest that it goes.
    private static let topStep = 12.0
    private static let lowestTop = -48.0

    /// The highest magnitude in each slice, full scale 1.
    private var peaks: [Double]
    private let framesPerColumn: Double
    private let channels: Int
    private let fullScale: Double
    private var frame: Int64 = 0

    /// Makes an empty waveform.
    ///
    /// - Parameters:
    ///   - frames: The length of the audio; more columns than frames are never made.
    ///   - format: How the samples will come.
    init(frames: Int64, format: PCMFormat) {
        let columns = max(1, min(Self.columns, Int(clamping: frames)))
        peaks = Array(repeating: 0, count: columns)
        framesPerColumn = max(1, Double(frames) / Double(columns))
        channels = max(1, format.channels)
        fullScale = Double(sign: .plus, exponent: format.bitsPerSample - 1, significand: 1)
    }

    /// Takes in the next samples, interleaved.
    mutating func add(_ samples: Span<Int32>) {
        for index in samples.indices {
            note(Double(samples[index].magnitude) / fullScale, at: index)
        }
        frame += Int64(samples.count / channels)
    }

    /// Takes in the next samples, interleaved, full scale 1.
    mutating func add(_ samples: Span<Double>) {
        for index in samples.indices {
            note(samples[index].magnitude, at: index)
        }
        frame += Int64(samples.count / channels)
    }

    private mutating func note(_ magnitude: Double, at index: Int) {
        let column = min(peaks.count - 1, Int(Double(frame + Int64(index / channels)) / framesPerColumn))
        if magnitude > peaks[column] { peaks[column] = magnitude }
    }

    /// Draws the waveform, with its active parts in color and underlined, above an axis.
    ///
    /// - Parameters:
    ///   - duration: The length of the audio in seconds.
    ///   - active: The frames in which there is speech.
    ///   - style: The colors to use.
    /// - Returns: The lines from the top.
    func lines(duration: Double, active: [Range<Int64>], style: TerminalStyle) -> [String] {
        let highest = Decibels(amplitudeRatio: peaks.max() ?? 0).value
        let top = min(0, max(Self.lowestTop, (highest / Self.topStep).rounded(.up) * Self.topStep))
        let heights = peaks.map { Self.height(of: $0, below: top) }
        let isActive = columnsTouched(by: active)
        let steps = Array(" ▁▂▃▄▅▆▇█")
        var lines = (0..<Self.rows).reversed().map { row in
            let cells = heights.map { steps[min(8, max(0, $0 - row * 8))] }
            return Self.painted(cells, isActive, active: style.green, idle: { $0 })
        }
        lines.append(
            Self.painted(isActive.map { $0 ? "━" : "·" }, isActive, active: style.green, idle: style.dim))
        lines.append(style.dim(axis(duration, top: top)))
        return lines
    }

    private static func height(of peak: Double, below top: Double) -> Int {
        guard peak > 0 else { return 0 }
        let share = 1 - (top - Decibels(amplitudeRatio: peak).value) / span
        return Int((min(1, max(0, share)) * Double(rows * 8)).rounded())
    }

    /// The characters as text, each run of active or idle ones painted in one go.
    private static func painted(
        _ cells: [Character], _ isActive: [Bool], active: (String) -> String, idle: (String) -> String
    ) -> String {
        var text = ""
        var start = 0
        while start < cells.count {
            let end = isActive[start...].firstIndex { $0 != isActive[start] } ?? cells.count
            let run = String(cells[start..<end])
            text += isActive[start] ? active(run) : idle(run)
            start = end
        }
        return text
    }

    private func axis(_ duration: Double, top: Double) -> String {
        let legend = "\((top - Self.span).text(decimals: 0)) to \(top.text(decimals: 0)) dBFS, ━ speech"
        let end = Quantities.time(duration)
        let gap = max(4, peaks.count - 3 - legend.count - end.count)
        return "0 s" + String(repeating: " ", count: gap / 2) + legend
            + String(repeating: " ", count: gap - gap / 2) + end
    }

    private func columnsTouched(by active: [Range<Int64>]) -> [Bool] {
        var touched = Array(repeating: false, count: peaks.count)
        for range in active where !range.isEmpty {
            let first = min(peaks.count - 1, Int(Double(range.lowerBound) / framesPerColumn))
            let last = min(peaks.count - 1, Int(Double(range.upperBound - 1) / framesPerColumn))
            for column in first...max(first, last) { touched[column] = true }
        }
        return touched
    }
}
