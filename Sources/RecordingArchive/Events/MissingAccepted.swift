internal import TransparencyLog

/// Somebody knows that messages of a PBX are missing.
struct MissingAccepted: ArchiveEvent {
    static let name = "accept"

    let pbx: String
    /// Up to how many of each message key may be missing.
    let messages: [KeyCount]
    let reason: String

    init(of pbx: String, _ messages: [KeyCount], reason: String) {
        self.pbx = pbx
        self.messages = messages
        self.reason = reason
    }

    init(reading line: EventLine) throws(MalformedEvent) {
        pbx = try line.text("pbx")
        messages = try line.counts("messages")
        reason = try line.text("reason")
    }

    var details: [CanonicalJSON.Member] {
        [.counts("messages", messages), .text("pbx", pbx), .text("reason", reason)]
    }

    var entry: [CanonicalJSON.Member]? { RecordSet.entry(messages.map(\.key)) }

    func apply(to ledger: inout some Ledger, at place: EventPlace) throws {
        try ledger.accept(self, at: place)
    }

    var sentence: AuditSentence {
        AuditSentence(.text(pbx), .text("\(messages.count) missing"), .text(reason))
    }
}
