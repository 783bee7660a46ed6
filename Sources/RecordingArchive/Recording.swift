/// A message that the archive holds.
public struct Recording: Sendable, Hashable, Codable, Identifiable {
    /// Where in the archive a recording is.
    public enum State: String, Sendable, Hashable, Codable, CaseIterable {
        /// A FLAC file that restores to its source.
        case archived
        /// A source that holds no audio that can be decoded, stored as it came.
        case quarantined
    }

    /// 32 hexadecimal digits, drawn at random: whoever knows an id, and no more, learns nothing of the message.
    public let id: String

    /// The number of the journal's line that tells of its ingest.
    public let sequence: Int64

    /// 1, and more for further messages that agree in identity and source.
    public let ordinal: Int

    /// Where in the archive it is.
    public let state: State

    /// The path of the file, relative to the archive.
    public let path: String

    /// 32 hexadecimal digits that stand for the identity, also after an erasure; without the archive's key they tell nothing.
    public let messageKey: String

    /// The index of the entry of its ingest in the transparency log.
    public let ingestEntry: Int64

    /// How long it is kept.
    public let retention: Retention

    /// How many holds keep it from being erased.
    public let holds: Int

    /// All else that is known.
    public let facts: RecordingFacts

    /// What people's own programs have answered about it, ordered by the programs' names.
    public let answers: [HookAnswer]

    /// Makes a recording from its parts.
    package init(
        id: String, sequence: Int64, ordinal: Int, state: State, path: String, messageKey: String,
        ingestEntry: Int64, retention: Retention, holds: Int = 0, facts: RecordingFacts,
        answers: [HookAnswer] = []
    ) {
        self.id = id
        self.sequence = sequence
        self.ordinal = ordinal
        self.state = state
        self.path = path
        self.messageKey = messageKey
        self.ingestEntry = ingestEntry
        self.retention = retention
        self.holds = holds
        self.facts = facts
        self.answers = answers
    }

    /// What is said in it: the transcript of the newest answer that has one; nil where there is none.
    public var transcript: String? {
        answers.filter { $0.transcript != nil }.max { ($0.at, $0.hook) < ($1.at, $1.hook) }?.transcript
    }
}
