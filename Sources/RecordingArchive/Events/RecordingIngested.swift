internal import Digests
internal import TransparencyLog

/// A message became a recording: its file and its sidecar are on the disk.
struct RecordingIngested: ArchiveEvent {
    static let name = "ingest"

    let record: String
    /// What tells the message again after an erasure.
    let messageKey: String
    /// The SHA-256 of the inspection's report; nil unless the recording is in quarantine.
    let report: Digest?
    /// The commitment to the facts.
    let commitment: Digest
    let state: Recording.State
    let policy: RetentionPolicy
    let original: RecordingFacts.StoredFile
    let stored: RecordingFacts.StoredFile

    init(_ sidecar: Sidecar, messageKey: String, report: Digest?) throws(ArchiveError) {
        record = sidecar.id
        self.messageKey = messageKey
        self.report = report
        commitment = try sidecar.commitment()
        state = sidecar.state
        policy = sidecar.retention.policy
        let facts = sidecar.facts
        original = RecordingFacts.StoredFile(size: facts.source.size, sha256: facts.source.sha256)
        stored = facts.stored
    }

    init(reading line: EventLine) throws(MalformedEvent) {
        record = try line.text("record")
        messageKey = try line.text("messageKey")
        report = line.value("report") == nil ? nil : try line.digest("report")
        commitment = try line.entryDigest("metadata")
        state = try line.need(Recording.State(rawValue: try line.entryText("state")))
        policy = try line.need(RetentionPolicy(try line.entryText("retention")))
        original = RecordingFacts.StoredFile(
            size: try line.entryInteger("originalSize"), sha256: try line.entryDigest("original"))
        stored = RecordingFacts.StoredFile(
            size: try line.entryInteger("storedSize"), sha256: try line.entryDigest("stored"))
    }

    var details: [CanonicalJSON.Member] {
        [.text("messageKey", messageKey), .text("record", record)]
            + (report.map { [.digest("report", $0)] } ?? [])
    }

    var entry: [CanonicalJSON.Member]? {
        [
            .digest("metadata", commitment), .digest("original", original.sha256),
            .integer("originalSize", original.size), .text("record", record),
            .text("retention", policy.description), .text("state", state.rawValue),
            .digest("stored", stored.sha256), .integer("storedSize", stored.size),
        ]
    }

    func apply(to ledger: inout some Ledger, at place: EventPlace) throws {
        try ledger.ingest(self, at: place)
    }

    var effects: [FileEffect] { [.recordingKept(record, report: report)] }

    var sentence: AuditSentence { AuditSentence(.recording(record)) }
}
