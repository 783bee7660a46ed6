internal import TransparencyLog

/// A message was fetched again, and what came was no better.
struct MessageRefetched: ArchiveEvent {
    static let name = "refetch"

    let messageKey: String

    init(_ messageKey: String) { self.messageKey = messageKey }

    init(reading line: EventLine) throws(MalformedEvent) { messageKey = try line.text("messageKey") }

    var details: [CanonicalJSON.Member] { [.text("messageKey", messageKey)] }

    var entry: [CanonicalJSON.Member]? { nil }

    func apply(to ledger: inout some Ledger, at place: EventPlace) throws {
        try ledger.countRefetch(of: messageKey, at: place)
    }

    var sentence: AuditSentence { AuditSentence(.text("no better audio came")) }
}
