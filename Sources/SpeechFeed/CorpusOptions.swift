package import Leveling
package import PCM

/// How the audio of a corpus is to be.
package struct CorpusOptions: Sendable, Hashable {
    /// Frames per second; nil leaves those of each recording.
    package var sampleRate: Int?

    /// Whether channels are averaged into one.
    package var isMono: Bool

    /// How the audio is stored, in 16 bits either way.
    package var encoding: CorpusRecording.Encoding

    /// The level to give to the originals; nil takes what an archive has as it is.
    package var level: LevelTarget?

    /// The level that no sample may exceed, in dBFS.
    package var ceiling: Decibels

    /// The lengths that are wanted, in seconds.
    package var durations: ClosedRange<Double>

    /// Puts options together.
    package init(
        sampleRate: Int? = nil, isMono: Bool = true, encoding: CorpusRecording.Encoding = .flac,
        level: LevelTarget? = nil, ceiling: Decibels = GainPlan.standardCeiling,
        durations: ClosedRange<Double> = 0...Double.infinity
    ) {
        self.sampleRate = sampleRate
        self.isMono = isMono
        self.encoding = encoding
        self.level = level
        self.ceiling = ceiling
        self.durations = durations
    }
}
