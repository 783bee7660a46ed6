internal import TransparencyLog

/// A recording was read out of the archive.
struct RecordingRead: ArchiveEvent {
    static let name = "read"

    let record: String
    /// What for: `restore`, `prove` or `listen`.
    let how: String

    init(_ record: String, how: String) {
        self.record = record
        self.how = how
    }

    init(reading line: EventLine) throws(MalformedEvent) {
        record = try line.text("record")
        how = try line.text("how")
    }

    var details: [CanonicalJSON.Member] { [.text("how", how), .text("record", record)] }

    var entry: [CanonicalJSON.Member]? { nil }

    var sentence: AuditSentence { AuditSentence(.recording(record), .text(how)) }
}
