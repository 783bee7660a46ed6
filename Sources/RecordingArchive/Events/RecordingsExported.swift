internal import TransparencyLog

/// Recordings were exported.
struct RecordingsExported: ArchiveEvent {
    static let name = "export"

    let records: [String]
    let format: String
    /// The filter that chose them; nil where they were named.
    let filter: CanonicalJSON?

    init(_ records: [String], format: String, filter: RecordingFilter?) throws(ArchiveError) {
        self.records = records
        self.format = format
        self.filter = try filter?.canonicalJSON()
    }

    init(reading line: EventLine) throws(MalformedEvent) {
        records = try line.texts("records")
        format = try line.text("format")
        filter = line.value("filter")
    }

    var details: [CanonicalJSON.Member] {
        [.text("format", format), .texts("records", records)] + (filter.map { [.init("filter", $0)] } ?? [])
    }

    var entry: [CanonicalJSON.Member]? { RecordSet.entry(records) + [.text("format", format)] }

    var sentence: AuditSentence { AuditSentence(.recordings(records), .text(format)) }
}
