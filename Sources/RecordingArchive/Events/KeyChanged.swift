internal import TransparencyLog

/// The log has a key that signs from now on: its first one, or another.
struct KeyChanged: ArchiveEvent {
    static let name = "key"

    /// The new key, as a verifier key is written.
    let new: String
    /// The key that it follows; nil for the first.
    let old: String?
    let reason: String

    init(to new: VerifierKey, from old: VerifierKey?, reason: String) {
        self.new = new.text
        self.old = old?.text
        self.reason = reason
    }

    init(reading line: EventLine) throws(MalformedEvent) {
        new = try line.entryText("new")
        old = line.entryValue("old")?.stringValue
        reason = try line.text("reason")
    }

    var details: [CanonicalJSON.Member] { [.text("reason", reason)] }

    var entry: [CanonicalJSON.Member]? {
        [.text("new", new), .init("old", old.map { .string($0) } ?? .null)]
    }

    var sentence: AuditSentence { AuditSentence(particularsOf: details) }
}
