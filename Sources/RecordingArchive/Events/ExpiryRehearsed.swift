internal import TransparencyLog

/// It was shown what is due under some policies, which is asked for before anything of a policy is erased.
struct ExpiryRehearsed: ArchiveEvent {
    static let name = "dry-run"

    let policies: [String]
    /// How many recordings were due.
    let count: Int64

    init(of policies: [String], count: Int) {
        self.policies = policies
        self.count = Int64(count)
    }

    init(reading line: EventLine) throws(MalformedEvent) {
        policies = try line.texts("policies")
        count = try line.integer("count")
    }

    var details: [CanonicalJSON.Member] { [.integer("count", count), .texts("policies", policies)] }

    var entry: [CanonicalJSON.Member]? { nil }

    func apply(to ledger: inout some Ledger, at place: EventPlace) throws {
        try ledger.rehearse(policies, at: place)
    }

    var sentence: AuditSentence {
        AuditSentence(.text("\(count) due"), .text(policies.joined(separator: " ")))
    }
}
