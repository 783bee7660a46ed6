/// A message that the archive holds.
public struct Recording: Sendable, Hashable, Codable, Identifiable {
    /// Where in the archive a recording is.
    public enum State: String, Sendable, Hashable, Codable, CaseIterable {
        /// A FLAC file that restores to its source.
        case archived
        /// A source that holds no audio that can be decoded, stored as it came.
        case quarantined
    }

    /// 32 hexadecimal digits that follow from identity, source and ordinal, so that a rebuilt catalog has the
    /// same ones.
    public let id: String

    /// 1, and more for further messages that agree in identity and source.
    public let ordinal: Int

    /// Where in the archive it is.
    public let state: State

    /// The path of the file, relative to the archive.
    public let path: String

    /// All else that is known.
    public let facts: RecordingFacts

    /// Makes a recording from a place and facts; the id follows.
    public init(ordinal: Int, state: State, path: String, facts: RecordingFacts) {
        id = facts.identity.recordingID(source: facts.source.sha256, ordinal: ordinal)
        self.ordinal = ordinal
        self.state = state
        self.path = path
        self.facts = facts
    }
}
