internal import PCM

/// A short run of interleaved samples on the scale that all meters share: full scale is 1.0.
///
/// Loops over it use plain pointers and `while`, which keep their speed in a build without optimization.
struct NormalizedBlock {
    /// Samples a block holds at most; small enough for the first-level cache.
    private static let capacity = 4096

    /// Samples in a frame.
    let channels: Int

    /// Frames that were loaded last.
    private(set) var frames = 0

    private let scale: Double
    private var values: [Double]

    /// Makes a block for a format.
    ///
    /// - Throws: `LevelingError.unsupportedFormat`.
    init(format: PCMFormat) throws(LevelingError) {
        guard (1...LevelMeter.channelLimit).contains(format.channels), format.sampleRate > 0,
            (1...64).contains(format.bitsPerSample)
        else {
            throw .unsupportedFormat(
                sampleRate: format.sampleRate, channels: format.channels, bitsPerSample: format.bitsPerSample)
        }
        channels = format.channels
        scale = Double(sign: .plus, exponent: 1 - format.bitsPerSample, significand: 1)
        values = [Double](repeating: 0, count: Self.capacity / channels * channels)
    }

    /// Refuses a number of samples that holds no whole number of frames.
    func requireWholeFrames(_ samples: Int) throws(LevelingError) {
        guard samples % channels == 0 else { throw .partialFrame(samples: samples, channels: channels) }
    }

    /// Replaces the content by the integers from an index on, as many as fit, and says which they are.
    mutating func load(_ samples: Span<Int32>, from start: Int) -> Range<Int> {
        let range = start..<min(start + values.count, samples.count)
        let scale = scale
        samples.withUnsafeBufferPointer { buffer in
            values.withUnsafeMutableBufferPointer { values in
                guard let source = buffer.baseAddress, let target = values.baseAddress else { return }
                let count = range.count
                var index = 0
                while index < count {
                    target[index] = Double(source[start &+ index]) * scale
                    index &+= 1
                }
            }
        }
        frames = range.count / channels
        return range
    }

    /// Replaces the content by the floating-point samples from an index on, as many as fit, and says which they are.
    ///
    /// What is no sample counts as 0.
    mutating func load(_ samples: Span<Double>, from start: Int) -> Range<Int> {
        let range = start..<min(start + values.count, samples.count)
        samples.withUnsafeBufferPointer { buffer in
            values.withUnsafeMutableBufferPointer { values in
                guard let source = buffer.baseAddress, let target = values.baseAddress else { return }
                let count = range.count
                var index = 0
                while index < count {
                    let value = source[start &+ index]
                    target[index] = RealSample.isValid(value) ? value : 0
                    index &+= 1
                }
            }
        }
        frames = range.count / channels
        return range
    }

    /// Gives access to the content: `frames` interleaved frames.
    func withSamples<E: Error>(_ body: (UnsafePointer<Double>) throws(E) -> Void) throws(E) {
        try values.withUnsafeBufferPointer { buffer throws(E) in
            guard let base = buffer.baseAddress else { return }
            try body(base)
        }
    }
}
