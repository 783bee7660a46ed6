internal import TransparencyLog

/// Something was asked for and not done.
struct RequestRefused: ArchiveEvent {
    static let name = "refused"
    static let isWork = false

    let what: String
    let item: String
    let why: String

    init(_ what: String, about item: String, why: String) {
        self.what = what
        self.item = item
        self.why = why
    }

    init(reading line: EventLine) throws(MalformedEvent) {
        what = try line.text("what")
        item = try line.text("about")
        why = try line.text("why")
    }

    var details: [CanonicalJSON.Member] { [.text("about", item), .text("what", what), .text("why", why)] }

    var entry: [CanonicalJSON.Member]? { nil }

    var sentence: AuditSentence { AuditSentence(.text(what), .text(why)) }
}
