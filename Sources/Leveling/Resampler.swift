internal import CSoxr

/// The owner of one libsoxr resampler for interleaved `Double` samples.
struct Resampler: ~Copyable {
    /// Frames handed over at a time.
    private static let outputFrames = 4096

    /// How well it resamples.
    enum Quality {
        /// 20-bit precision, which is 0.01 LU finer than any level printed.
        case measuring
        /// 28-bit precision, libsoxr's best.
        case best
    }

    private let handle: soxr_t
    private let channels: Int
    private var output: [Double]

    /// Makes a resampler.
    ///
    /// - Parameters:
    ///   - inputRate: In hertz.
    ///   - outputRate: In hertz.
    ///   - channels: Samples in a frame.
    ///   - quality: How well it resamples.
    /// - Throws: `LevelingError.libraryFailed` when memory is short.
    init(
        from inputRate: Int, to outputRate: Int, channels: Int, quality: Quality = .measuring
    ) throws(LevelingError) {
        var failure: soxr_error_t?
        var layout = soxr_io_spec(SOXR_FLOAT64_I, SOXR_FLOAT64_I)
        var specification = soxr_quality_spec(
            UInt(quality == .best ? SOXR_VHQ : SOXR_20_BITQ), 0)
        let created = soxr_create(
            Double(inputRate), Double(outputRate), UInt32(channels), &failure, &layout, &specification, nil)
        guard let handle = created, failure == nil else {
            soxr_delete(created)
            throw Self.failed(failure)
        }
        self.handle = handle
        self.channels = channels
        self.output = [Double](repeating: 0, count: Self.outputFrames * channels)
    }

    deinit {
        soxr_delete(handle)
    }

    /// Resamples a block and hands over what that completes, in pieces.
    ///
    /// - Parameters:
    ///   - samples: Interleaved input; nil says that the input has ended and what is still inside must come out.
    ///   - frames: Frames behind `samples`; 0 for nil.
    ///   - body: Takes interleaved samples and their number of frames.
    /// - Throws: `LevelingError` of the library or of `body`.
    mutating func process(
        _ samples: UnsafePointer<Double>?, frames: Int,
        _ body: (UnsafePointer<Double>, Int) throws(LevelingError) -> Void
    ) throws(LevelingError) {
        let capacity = Self.outputFrames
        var consumed = 0
        while true {
            var taken = 0
            var made = 0
            let failure = soxr_process(
                handle, samples.map { $0 + consumed * channels }, frames - consumed, &taken, &output,
                capacity, &made)
            guard failure == nil else { throw Self.failed(failure) }
            consumed += taken
            if made > 0 {
                try output.withUnsafeBufferPointer { buffer throws(LevelingError) in
                    guard let base = buffer.baseAddress else { return }
                    try body(base, made)
                }
            }
            // A full output may hide more of it; a piece that is not full is the last for this input.
            guard made == capacity || (consumed < frames && taken > 0) else { return }
        }
    }

    private static func failed(_ failure: soxr_error_t?) -> LevelingError {
        .libraryFailed(name: "libsoxr", reason: failure.map { String(cString: $0) } ?? "out of memory")
    }
}
