public import PCM

/// The levels of one channel.
public struct ChannelLevels: Sendable, Hashable {
    /// The active speech level in dBov (ITU-T P.56); nil for no speech.
    public var activeSpeech: Decibels?

    /// How much of the time holds active speech, in percent; nil for a channel without samples.
    public var activity: Double?

    /// The long-term level in dBov, pauses included; nil for silence.
    public var rms: Decibels?

    /// The largest magnitude in dBFS; nil for silence.
    public var samplePeak: Decibels?

    /// Makes the levels of a channel.
    public init(activeSpeech: Decibels?, activity: Double?, rms: Decibels?, samplePeak: Decibels?) {
        self.activeSpeech = activeSpeech
        self.activity = activity
        self.rms = rms
        self.samplePeak = samplePeak
    }
}

/// Why the active speech level stands in for the loudness.
public enum LoudnessFallback: String, Sendable, Hashable {
    /// BS.1770 measures in blocks of 400 ms, and there is not even one.
    case tooShort = "too-short"
    /// No block is louder than -70 LUFS.
    case gated
    /// The sample rate lies outside of 1 to 384 kHz.
    case sampleRate = "sample-rate"
}

/// How loud a recording is.
public struct LevelMeasurement: Sendable, Hashable {
    /// The method that was asked for.
    public var requestedMethod: LevelMethod

    /// The method that served; differs from the one asked for where `fallback` says why.
    public var method: LevelMethod

    /// Why the loudness could not be measured; nil where it was, or was not asked for.
    public var fallback: LoudnessFallback?

    /// The level by `method`, in its unit; nil for no speech, for silence and for the method `none`.
    ///
    /// The active speech level and the peak are those of the louder channel. Loudness is that of all channels
    /// together, as BS.1770 sums them, and one channel counts as it is: 3.01 LU below the same signal in two.
    public var level: Decibels?

    /// The largest magnitude over all channels, in dBFS; nil for silence.
    ///
    /// The most negative sample is 0 dBFS.
    public var samplePeak: Decibels?

    /// The peak between samples in dBTP, at least twice and below 96 kHz four times oversampled; nil unless asked
    /// for, and for silence.
    public var truePeak: Decibels?

    /// How much the loudness varies, in LU, after EBU Tech 3342; nil unless asked for with the loudness, and for fewer
    /// than 3 s.
    public var loudnessRange: Decibels?

    /// The largest magnitude of integer samples, as an integer; 0 for floating point.
    public var peakMagnitude: UInt32

    /// How many low bits are 0 in every integer sample; 0 for silence and for floating point.
    public var commonZeroBits: Int

    /// How much of the time the channel that decides holds active speech, in percent; nil without samples.
    public var activity: Double?

    /// The long-term level of the channel that decides, in dBov; nil for silence.
    public var rms: Decibels?

    /// The levels of each channel.
    public var channels: [ChannelLevels]

    /// Makes a measurement of known values.
    public init(
        requestedMethod: LevelMethod, method: LevelMethod, fallback: LoudnessFallback? = nil,
        level: Decibels?,
        samplePeak: Decibels?, truePeak: Decibels? = nil, loudnessRange: Decibels? = nil,
        peakMagnitude: UInt32,
        commonZeroBits: Int,
        activity: Double?, rms: Decibels?, channels: [ChannelLevels] = []
    ) {
        self.requestedMethod = requestedMethod
        self.method = method
        self.fallback = fallback
        self.level = level
        self.samplePeak = samplePeak
        self.truePeak = truePeak
        self.loudnessRange = loudnessRange
        self.peakMagnitude = peakMagnitude
        self.commonZeroBits = commonZeroBits
        self.activity = activity
        self.rms = rms
        self.channels = channels
    }

    /// The active speech level of the louder channel in dBov, whatever the method; nil for no speech.
    public var activeSpeech: Decibels? { channels.compactMap(\.activeSpeech).max() }
}
