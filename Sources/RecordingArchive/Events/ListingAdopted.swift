internal import TransparencyLog

/// A recording is what a PBX lists under another key, or once more under its own.
struct ListingAdopted: ArchiveEvent {
    static let name = "adopt"

    let record: String
    let messageKey: String
    let reason: String

    init(by record: String, messageKey: String, reason: String) {
        self.record = record
        self.messageKey = messageKey
        self.reason = reason
    }

    init(reading line: EventLine) throws(MalformedEvent) {
        record = try line.text("record")
        messageKey = try line.text("messageKey")
        reason = try line.text("reason")
    }

    var details: [CanonicalJSON.Member] {
        [.text("messageKey", messageKey), .text("reason", reason), .text("record", record)]
    }

    var entry: [CanonicalJSON.Member]? { nil }

    func apply(to ledger: inout some Ledger, at place: EventPlace) throws {
        try ledger.adopt(self, at: place)
    }

    var sentence: AuditSentence { AuditSentence(.recording(record), .text(reason)) }
}
