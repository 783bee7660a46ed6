internal import TransparencyLog

/// Better audio of a message came.
struct RecordingReplaced: ArchiveEvent {
    static let name = "replace"

    let worse: String
    let better: String
    let messageKey: String
    /// The holds that kept one of the two, and keep both from now on.
    let holds: [String]

    init(_ worse: String, by better: String, messageKey: String, holds: [String]) {
        self.worse = worse
        self.better = better
        self.messageKey = messageKey
        self.holds = holds
    }

    init(reading line: EventLine) throws(MalformedEvent) {
        worse = try line.text("replaces")
        better = try line.text("record")
        messageKey = try line.text("messageKey")
        holds = try line.texts("holds")
    }

    var details: [CanonicalJSON.Member] {
        (entry ?? []) + [.texts("holds", holds), .text("messageKey", messageKey)]
    }

    var entry: [CanonicalJSON.Member]? { [.text("record", better), .text("replaces", worse)] }

    func apply(to ledger: inout some Ledger, at place: EventPlace) throws { try ledger.replace(self) }

    var effects: [FileEffect] { [.sidecarsRewritten([better, worse])] }

    var sentence: AuditSentence {
        AuditSentence(.recording(better), .recording(worse, after: "in place of "))
    }
}
