/// How much an archive holds.
public struct ArchiveStatistics: Sendable, Hashable {
    /// Recordings in `recordings/`.
    public var archived = 0
    /// Sources in `quarantine/`.
    public var quarantined = 0
    /// How many of both have which verdict.
    public var verdicts: [String: Int] = [:]
    /// Bytes of all sources.
    public var sourceSize: Int64 = 0
    /// Bytes of all stored files.
    public var storedSize: Int64 = 0
    /// Seconds of audio.
    public var duration: Double = 0

    /// Makes the statistics of an empty archive.
    public init() {}
}
