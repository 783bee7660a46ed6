internal import TransparencyLog

/// Recordings got another policy of retention.
struct RetentionChanged: ArchiveEvent {
    static let name = "retention"

    let records: [String]
    let policy: RetentionPolicy
    let reason: String

    init(of records: [String], to policy: RetentionPolicy, reason: String) {
        self.records = records
        self.policy = policy
        self.reason = reason
    }

    init(reading line: EventLine) throws(MalformedEvent) {
        records = try line.texts("records")
        policy = try line.need(RetentionPolicy(try line.text("policy")))
        reason = try line.text("reason")
    }

    var details: [CanonicalJSON.Member] {
        [.text("policy", policy.description), .text("reason", reason), .texts("records", records)]
    }

    var entry: [CanonicalJSON.Member]? {
        RecordSet.entry(records) + [.text("policy", policy.description)]
    }

    func apply(to ledger: inout some Ledger, at place: EventPlace) throws {
        try ledger.setPolicy(policy, of: records)
    }

    var effects: [FileEffect] { [.sidecarsRewritten(records)] }

    var sentence: AuditSentence {
        AuditSentence(.recordings(records), .text(policy.description), .text(reason))
    }
}
