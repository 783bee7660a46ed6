internal import PCM

/// A recording's waveform in a few lines of text: a column for each slice of time, its height on a decibel scale.
struct Waveform {
    /// The highest magnitude in each slice, full scale 1.
    private var peaks: [Double]
    private let framesPerColumn: Double
    private let channels: Int
    private var frame: Int64 = 0

    /// Makes an empty waveform.
    ///
    /// - Parameters:
    ///   - frames: The length of the audio; more columns than frames are never made.
    ///   - channels: Samples in a frame.
    ///   - columns: The width wanted, in characters.
    init(frames: Int64, channels: Int, columns: Int) {
        let columns = max(1, min(columns, Int(clamping: frames)))
        peaks = Array(repeating: 0, count: columns)
        framesPerColumn = max(1, Double(frames) / Double(columns))
        self.channels = max(1, channels)
    }

    /// Takes in the next samples, interleaved; `fullScale` is the value that stands for 1.
    mutating func add(_ samples: Span<Int32>, fullScale: Double) {
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

    /// Draws the waveform.
    ///
    /// - Parameters:
    ///   - rows: The height, in lines; each has eight steps.
    ///   - floor: The level at the bottom, in dBFS; the top is 0 dBFS.
    ///   - active: The frames in which there is speech; they are marked in a line below.
    ///   - style: The colors to use.
    func lines(rows: Int, floor: Double, active: [Range<Int64>], style: TerminalStyle) -> [String] {
        let steps = Array(" ▁▂▃▄▅▆▇█")
        let heights = peaks.map { peak -> Int in
            guard peak > 0 else { return 0 }
            let share = 1 - Decibels(amplitudeRatio: peak).value / floor
            return Int((min(1, max(0, share)) * Double(rows * 8)).rounded())
        }
        let isActive = columnsTouched(by: active)
        var lines: [String] = []
        for row in (0..<rows).reversed() {
            var line = ""
            for (column, height) in heights.enumerated() {
                let step = String(steps[min(8, max(0, height - row * 8))])
                line += isActive[column] ? style.green(step) : step
            }
            lines.append(line)
        }
        lines.append(isActive.map { $0 ? style.green("━") : style.dim("·") }.joined())
        return lines
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
