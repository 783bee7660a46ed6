internal import TransparencyLog

/// The archive was verified.
struct ArchiveVerified: ArchiveEvent {
    static let name = "verify"

    let checked: Int64
    let copies: Int64
    let damage: Int64
    let isDeep: Bool
    /// How many entries the log had.
    let entries: Int64
    /// The entry that it began at.
    let start: Int64
    /// The codes of findings, each with its number.
    let findings: CanonicalJSON

    init(_ summary: VerificationSummary, from start: UInt64, isDeep: Bool) {
        checked = Int64(summary.recordings)
        copies = Int64(summary.copies)
        damage = Int64(summary.damage)
        self.isDeep = isDeep
        entries = Int64(summary.entries)
        self.start = Int64(start)
        findings = .object(summary.findings.map { .integer($0.key.rawValue, $0.value) })
    }

    init(reading line: EventLine) throws(MalformedEvent) {
        checked = try line.integer("checked")
        copies = try line.integer("copies")
        damage = try line.integer("damage")
        isDeep = try line.boolean("deep")
        entries = try line.integer("entries")
        start = try line.integer("from")
        findings = try line.need(line.value("findings"))
    }

    var details: [CanonicalJSON.Member] { (entry ?? []) + [.init("findings", findings)] }

    var entry: [CanonicalJSON.Member]? {
        [
            .integer("checked", checked), .integer("copies", copies), .integer("damage", damage),
            .init("deep", .bool(isDeep)), .integer("entries", entries), .integer("from", start),
        ]
    }

    func apply(to ledger: inout some Ledger, at place: EventPlace) throws {
        try ledger.note(self, at: place)
    }

    var sentence: AuditSentence {
        AuditSentence(.text("\(checked) checked"), .text("\(damage) damaged"))
    }
}
