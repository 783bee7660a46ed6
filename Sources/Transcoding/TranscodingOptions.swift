public import Leveling
public import PCM

/// What a person may choose about how a WAV file becomes a FLAC file.
///
/// The same source with the same options gives the same bytes.
public struct TranscodingOptions: Sendable, Hashable {
    /// What is measured and the level to reach.
    public var target: LevelTarget

    /// Whether the stored samples are leveled or only say by how much they should be.
    public var mode: LevelMode

    /// The level that no stored sample may exceed, in dBFS; at most 0.
    public var ceiling: Decibels

    /// The FLAC compression level, 0 to 8; nil for settings that suit speech.
    public var compressionLevel: Int?

    /// Makes options; the defaults are -26 dBov of active speech (ITU-T P.56) under a ceiling of -1 dBFS.
    public init(
        target: LevelTarget = .standard,
        mode: LevelMode = .applied,
        ceiling: Decibels = GainPlan.standardCeiling,
        compressionLevel: Int? = nil
    ) {
        self.target = target
        self.mode = mode
        self.ceiling = ceiling
        self.compressionLevel = compressionLevel
    }
}
