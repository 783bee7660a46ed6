public import PCM

/// Changes the sample rate of a stream of interleaved samples, with the best quality that libsoxr has.
public struct RateConverter: ~Copyable {
    private var resampler: Resampler?
    private let channels: Int

    /// Makes a converter; equal rates pass samples through.
    ///
    /// - Parameters:
    ///   - format: The shape of the input.
    ///   - sampleRate: Frames per second of the output.
    /// - Throws: `LevelingError.libraryFailed` when memory is short.
    public init(_ format: PCMFormat, to sampleRate: Int) throws(LevelingError) {
        channels = format.channels
        resampler =
            format.sampleRate == sampleRate
            ? nil
            : try Resampler(
                from: format.sampleRate, to: sampleRate, channels: format.channels, quality: .best)
    }

    /// Converts whole frames.
    ///
    /// - Parameters:
    ///   - samples: Interleaved samples.
    ///   - output: Its content is replaced by what they complete, which may be nothing yet.
    /// - Throws: `LevelingError.libraryFailed`.
    public mutating func convert(
        _ samples: Span<Double>, into output: inout [Double]
    ) throws(LevelingError) {
        output.removeAll(keepingCapacity: true)
        let width = channels
        try samples.withUnsafeBufferPointer { buffer throws(LevelingError) in
            guard resampler != nil else {
                output.append(contentsOf: buffer)
                return
            }
            try resampler?.process(buffer.baseAddress, frames: buffer.count / width) { made, frames in
                output.append(contentsOf: UnsafeBufferPointer(start: made, count: frames * width))
            }
        }
    }

    /// Ends the stream.
    ///
    /// - Parameter output: Its content is replaced by what was still inside.
    /// - Throws: `LevelingError.libraryFailed`.
    public mutating func finish(into output: inout [Double]) throws(LevelingError) {
        output.removeAll(keepingCapacity: true)
        let width = channels
        try resampler?.process(nil, frames: 0) { made, frames in
            output.append(contentsOf: UnsafeBufferPointer(start: made, count: frames * width))
        }
    }
}
