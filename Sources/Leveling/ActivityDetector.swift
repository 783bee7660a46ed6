public import PCM

/// Finds the stretches of a recording that hold active speech, with the envelope and the hangover of ITU-T P.56.
///
/// A stretch begins where the envelope of any channel reaches the threshold and ends a hangover of 200 ms after it
/// fell below, so pauses between words do not break it.
public struct ActivityDetector: Sendable {
    /// 15.9 dB, the margin of ITU-T P.56.
    public static let standardMargin = Decibels(SpeechEnvelope.margin)

    /// 0.2 s, the hangover of ITU-T P.56.
    public static let standardHangover = SpeechEnvelope.hangoverTime

    private let threshold: Double
    private let hangover: Int64
    private let segmentLimit: Int
    private var block: NormalizedBlock
    private var envelopes: [SpeechEnvelope]
    private var frames: Int64 = 0

    /// Where the envelope rose to the threshold, while it has not fallen below since.
    private var runStart: Int64?

    /// Ended stretches with their hangover, which may reach beyond the frames seen.
    private var segments: [Range<Int64>] = []

    /// Makes a detector.
    ///
    /// - Parameters:
    ///   - format: The shape of the samples.
    ///   - activeSpeechLevel: The active speech level in dBov.
    ///   - margin: How far below it the threshold lies, in dB.
    ///   - hangover: How long a stretch outlasts the envelope's fall below the threshold, in seconds.
    ///   - segmentLimit: How many stretches are told apart; the last one takes in all that follow.
    /// - Throws: `LevelingError.unsupportedFormat`.
    public init(
        format: PCMFormat, activeSpeechLevel: Decibels, margin: Decibels = standardMargin,
        hangover: Double = standardHangover, segmentLimit: Int = 65_536
    ) throws(LevelingError) {
        block = try NormalizedBlock(format: format)
        threshold = (activeSpeechLevel - margin).amplitudeRatio
        self.hangover = SpeechEnvelope.hangover(sampleRate: format.sampleRate, time: hangover)
        self.segmentLimit = max(1, segmentLimit)
        envelopes = Array(repeating: SpeechEnvelope(sampleRate: format.sampleRate), count: format.channels)
    }

    /// Looks at interleaved integers, right-justified in `bitsPerSample` bits.
    ///
    /// - Parameter samples: Whole frames, any number of them.
    /// - Throws: `LevelingError.partialFrame`.
    public mutating func add(_ samples: Span<Int32>) throws(LevelingError) {
        try block.requireWholeFrames(samples.count)
        var start = 0
        while start < samples.count {
            start = block.load(samples, from: start).upperBound
            detectInBlock()
        }
    }

    /// Looks at interleaved floating-point samples, full scale 1.0; a NaN counts as 0.
    ///
    /// - Parameter samples: Whole frames, any number of them.
    /// - Throws: `LevelingError.partialFrame`.
    public mutating func add(_ samples: Span<Double>) throws(LevelingError) {
        try block.requireWholeFrames(samples.count)
        var start = 0
        while start < samples.count {
            start = block.load(samples, from: start).upperBound
            detectInBlock()
        }
    }

    /// The active stretches among the frames seen so far, in order; none touches the next.
    public var activeFrames: [Range<Int64>] {
        var result = segments
        if let runStart { Self.append(runStart..<frames, to: &result, limit: segmentLimit) }
        if let last = result.popLast() { result.append(last.lowerBound..<min(last.upperBound, frames)) }
        return result
    }

    /// Runs the envelope of every channel over the block.
    private mutating func detectInBlock() {
        let count = block.frames
        let stride = block.channels
        var start = runStart
        block.withSamples { base in
            envelopes.withUnsafeMutableBufferPointer { buffer in
                guard let envelopes = buffer.baseAddress else { return }
                var index = 0
                while index < count {
                    var isActive = false
                    var channel = 0
                    while channel < stride {
                        envelopes[channel].add(base[index &* stride &+ channel])
                        if envelopes[channel].value >= threshold { isActive = true }
                        channel &+= 1
                    }
                    if isActive != (start != nil) {
                        let frame = frames + Int64(index)
                        if let begun = start {
                            Self.append(begun..<frame + hangover, to: &segments, limit: segmentLimit)
                        }
                        start = isActive ? frame : nil
                    }
                    index &+= 1
                }
            }
        }
        for channel in envelopes.indices { envelopes[channel].settle() }
        runStart = start
        frames += Int64(count)
    }

    /// Appends a stretch, or extends the last one where the two touch or no more may be told apart.
    private static func append(_ run: Range<Int64>, to segments: inout [Range<Int64>], limit: Int) {
        guard let last = segments.last else { return segments.append(run) }
        if run.lowerBound <= last.upperBound || segments.count >= limit {
            segments[segments.count - 1] = last.lowerBound..<max(last.upperBound, run.upperBound)
        } else {
            segments.append(run)
        }
    }
}
