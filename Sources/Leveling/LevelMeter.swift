public import PCM

/// Measures a stream of samples once, in blocks of any size, for every level that leveling needs.
///
/// The active speech level, the peak and the common zero bits are always measured; loudness and the true peak, which
/// cost more than encoding, when they are asked for.
public struct LevelMeter: ~Copyable {
    /// The most channels that can be measured (libebur128 takes no more).
    public static let channelLimit = 64

    private let method: LevelMethod
    private let shortestForLoudness: Double
    private let shortestForRange: Double
    private var block: NormalizedBlock
    private var extent = IntegerExtent()
    private var channels: [ActiveSpeechMeter]
    private var loudness: LoudnessMeter?
    private let truePeak: LoudnessState?
    private var frames: Int64 = 0

    /// Makes a meter.
    ///
    /// - Parameters:
    ///   - format: The shape of the samples; `bitsPerSample` gives the full scale of integers.
    ///   - method: What decides the level.
    ///   - truePeak: Whether to measure the peak between samples too.
    ///   - loudnessRange: Whether to measure, with the loudness, how much it varies.
    /// - Throws: `LevelingError.unsupportedFormat`, or `libraryFailed` when memory is short.
    public init(
        format: PCMFormat, method: LevelMethod, truePeak: Bool = false, loudnessRange: Bool = false
    ) throws(LevelingError) {
        let block = try NormalizedBlock(format: format)
        let isMeasurable = LoudnessMeter.sampleRates.contains(format.sampleRate)
        // A non-copyable value cannot be left half made by an error, so what can throw comes before the properties.
        let loudness: LoudnessMeter? =
            method == .loudness && isMeasurable
            ? try LoudnessMeter(
                sampleRate: format.sampleRate, channels: format.channels, range: loudnessRange) : nil
        let peakState: LoudnessState? =
            truePeak && isMeasurable
            ? try LoudnessState(
                measuring: .truePeak, channels: format.channels, sampleRate: format.sampleRate)
            : nil
        self.method = method
        self.shortestForLoudness = 0.4 * Double(format.sampleRate)
        self.shortestForRange = 3 * Double(format.sampleRate)
        self.block = block
        self.channels = Array(
            repeating: ActiveSpeechMeter(sampleRate: format.sampleRate), count: format.channels)
        self.loudness = loudness
        self.truePeak = peakState
    }

    /// Measures interleaved integers, right-justified in `bitsPerSample` bits.
    ///
    /// - Parameter samples: Whole frames, any number of them.
    /// - Throws: `LevelingError.partialFrame`, or `libraryFailed` when memory is short.
    public mutating func add(_ samples: Span<Int32>) throws(LevelingError) {
        try block.requireWholeFrames(samples.count)
        var start = 0
        while start < samples.count {
            let range = block.load(samples, from: start)
            extent.add(samples, in: range)
            try measureBlock()
            start = range.upperBound
        }
    }

    /// Measures interleaved floating-point samples, full scale 1.0; a NaN counts as 0.
    ///
    /// - Parameter samples: Whole frames, any number of them.
    /// - Throws: `LevelingError.partialFrame`, or `libraryFailed` when memory is short.
    public mutating func add(_ samples: Span<Double>) throws(LevelingError) {
        try block.requireWholeFrames(samples.count)
        var start = 0
        while start < samples.count {
            start = block.load(samples, from: start).upperBound
            try measureBlock()
        }
    }

    /// Ends the measurement.
    ///
    /// - Throws: `LevelingError.libraryFailed` when memory is short.
    public consuming func finish() throws(LevelingError) -> LevelMeasurement {
        let levels = channels.map(\.result)
        let deciding = Self.loudest(levels)
        let samplePeak = levels.compactMap(\.samplePeak).max()
        var measurement = LevelMeasurement(
            requestedMethod: method, method: method, level: nil, samplePeak: samplePeak,
            truePeak: truePeak?.truePeak.asLevel, peakMagnitude: extent.peakMagnitude,
            commonZeroBits: extent.commonZeroBits, activity: deciding?.activity, rms: deciding?.rms,
            channels: levels)
        switch method {
        case .none: break
        case .samplePeak: measurement.level = samplePeak
        case .activeSpeech: measurement.level = measurement.activeSpeech
        case .loudness:
            let isLongEnough = Double(frames) >= shortestForLoudness
            guard let meter = loudness.take() else {
                measurement.fallBack(because: .sampleRate)
                break
            }
            let (integrated, range) = try meter.finish()
            // It is that of the loudness of 3 s each.
            if Double(frames) >= shortestForRange { measurement.loudnessRange = range }
            if let integrated, isLongEnough {
                measurement.level = integrated
            } else {
                measurement.fallBack(because: isLongEnough ? .gated : .tooShort)
            }
        }
        return measurement
    }

    /// Passes the block to every meter.
    private mutating func measureBlock() throws(LevelingError) {
        let count = block.frames
        frames += Int64(count)
        try block.withSamples { base throws(LevelingError) in
            for channel in channels.indices {
                channels[channel].add(base + channel, frames: count, stride: block.channels)
            }
            try loudness?.add(base, frames: count)
            try truePeak?.add(base, frames: count)
        }
    }

    /// The channel with the most active speech level, or where none has speech the one with the highest RMS level.
    private static func loudest(_ levels: [ChannelLevels]) -> ChannelLevels? {
        let speaking = levels.filter { $0.activeSpeech != nil }
        let silence = Decibels(-.infinity)
        return speaking.max { ($0.activeSpeech ?? silence) < ($1.activeSpeech ?? silence) }
            ?? levels.max { ($0.rms ?? silence) < ($1.rms ?? silence) }
    }
}

extension LevelMeasurement {
    fileprivate mutating func fallBack(because reason: LoudnessFallback) {
        method = .activeSpeech
        fallback = reason
        level = activeSpeech
    }
}

extension Double {
    /// An amplitude as a level, nil for 0.
    fileprivate var asLevel: Decibels? { self > 0 ? Decibels(amplitudeRatio: self) : nil }
}
