public import Digests
public import Leveling
public import WaveFiles

/// All that is to be known of a source before it is encoded: what it is, what is wrong with it, how loud it is.
public struct SourceAnalysis: Sendable {
    /// What the file claims and holds, with the findings that only its decoded audio could give.
    public var inspection: WaveInspection

    /// The SHA-256 of the whole source.
    public var digest: Digest

    /// How loud the audio is; nil for a rejected source.
    public var measurement: LevelMeasurement?

    /// Whether the audio bytes follow from the decoded samples, so that they need not be kept.
    public var isRebuildable: Bool

    /// All samples of a short source of integers, interleaved, so that it need not be decoded twice; nil for others.
    var samples: [Int32]?
}
