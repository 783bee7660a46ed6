internal import TransparencyLog

/// The lines without an entry since the last such line are bound by this one, which the journal writes by itself.
struct AccessBound: ArchiveEvent {
    static let name = "access"
    static let isWork = false

    /// The number of the first line that may be bound.
    let from: Int64
    /// The number of the line behind the last one.
    let to: Int64

    init(reading line: EventLine) throws(MalformedEvent) {
        from = try line.integer("from")
        to = try line.integer("to")
    }

    var details: [CanonicalJSON.Member] { [.integer("from", from), .integer("to", to)] }

    var entry: [CanonicalJSON.Member]? { nil }

    var sentence: AuditSentence { AuditSentence(.text("binds lines \(from) to \(to - 1)")) }
}
