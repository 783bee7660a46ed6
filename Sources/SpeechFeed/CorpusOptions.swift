package import Leveling
package import PCM

/// How the audio of a corpus is to be.
package struct CorpusOptions: Sendable, Hashable {
    /// Frames per second; nil leaves those of each recording.
    package var sampleRate: Int?

    /// Whether channels are averaged into one.
    package var isMono: Bool

    /// The bits of a sample of audio that is made: 16 or 24.
    package var bitsPerSample: Int

    /// How audio comes into a corpus.
    package enum Audio: Sendable, Hashable {
        /// It is made, in `bitsPerSample` bits.
        case made(CorpusRecording.Encoding)
        /// FLAC files are copied as they are.
        case copied
        /// Symbolic links lead to FLAC files, so that what is erased there is gone from the corpus too.
        case linked
    }

    /// How the audio comes into the corpus.
    package var audio: Audio

    /// The level to give to the originals; nil takes what an archive has as it is.
    package var level: LevelTarget?

    /// The level that no sample may exceed, in dBFS.
    package var ceiling: Decibels

    /// The lengths that are wanted, in seconds.
    package var durations: ClosedRange<Double>

    /// How far below the active speech level activity begins, in dB.
    package var activityMargin: Decibels

    /// How long activity outlasts its end, in seconds.
    package var activityHangover: Double

    /// Puts options together.
    package init(
        sampleRate: Int? = nil, isMono: Bool = true, bitsPerSample: Int = 16,
        audio: Audio = .made(.flac),
        level: LevelTarget? = nil, ceiling: Decibels = GainPlan.standardCeiling,
        durations: ClosedRange<Double> = 0...Double.infinity,
        activityMargin: Decibels = ActivityDetector.standardMargin,
        activityHangover: Double = ActivityDetector.standardHangover
    ) {
        self.sampleRate = sampleRate
        self.isMono = isMono
        self.bitsPerSample = bitsPerSample
        self.audio = audio
        self.level = level
        self.ceiling = ceiling
        self.durations = durations
        self.activityMargin = activityMargin
        self.activityHangover = activityHangover
    }
}
