internal import Digests
internal import TransparencyLog

/// A recording was erased; a tombstone stays.
struct RecordingErased: ArchiveEvent {
    static let name = "erase"

    let record: String
    /// `expired`, or `request`.
    let kind: String
    /// Why it was lawful.
    let ground: String
    /// The log's entry of its ingest.
    let ingestEntry: Int64
    let messageKey: String
    let state: Recording.State
    let original: Digest
    let stored: Digest

    init(_ recording: Recording, kind: String, ground: String) {
        record = recording.id
        self.kind = kind
        self.ground = ground
        ingestEntry = recording.ingestEntry
        messageKey = recording.messageKey
        state = recording.state
        original = recording.facts.source.sha256
        stored = recording.facts.stored.sha256
    }

    init(reading line: EventLine) throws(MalformedEvent) {
        record = try line.text("record")
        kind = try line.text("kind")
        ground = try line.text("ground")
        ingestEntry = try line.integer("ingest")
        messageKey = try line.text("messageKey")
        state = try line.need(Recording.State(rawValue: try line.text("state")))
        original = try line.digest("original")
        stored = try line.digest("stored")
    }

    private var shared: [CanonicalJSON.Member] {
        [
            .text("record", record), .text("kind", kind), .digest("original", original),
            .digest("stored", stored),
        ]
    }

    var details: [CanonicalJSON.Member] {
        shared + [
            .text("ground", ground), .integer("ingest", ingestEntry), .text("messageKey", messageKey),
            .text("state", state.rawValue),
        ]
    }

    var entry: [CanonicalJSON.Member]? { shared }

    func apply(to ledger: inout some Ledger, at place: EventPlace) throws {
        try ledger.erase(self, at: place)
    }

    var effects: [FileEffect] { [.recordingRemoved(record)] }

    var sentence: AuditSentence { AuditSentence(.recording(record), .text(kind), .text(ground)) }
}
