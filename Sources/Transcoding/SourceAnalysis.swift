public import Digests
public import Leveling
public import WaveFiles

/// All that one reading of a source tells: what it is, what is wrong with it, and how loud it is.
public struct SourceAnalysis: Sendable {
    /// What the file claims and holds, with the findings that only its decoded audio could give.
    public var inspection: WaveInspection

    /// The SHA-256 of the whole source.
    public var digest: Digest

    /// How loud the audio is; nil for a rejected source.
    public var measurement: LevelMeasurement?

    /// Whether the audio bytes follow from the decoded samples, so that they need not be kept.
    public var isRebuildable: Bool
}
