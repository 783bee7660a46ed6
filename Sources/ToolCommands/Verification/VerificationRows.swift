internal import RecordingArchive

/// A finding as a row of JSON.
struct ArchiveFindingRow: Encodable {
    let kind: String
    let item: String
    let replica: String?
    let record: String?
    let message: String
    let damage: Bool

    init(_ finding: ArchiveFinding) {
        kind = finding.kind.rawValue
        item = finding.item
        replica = finding.replica
        record = finding.record
        message = finding.message
        damage = finding.kind.isDamage
    }
}

/// What was brought back, or could not be, as a row of JSON.
struct RepairRow: Encodable {
    let repair: ArchiveRepair

    private enum Key: String, CodingKey {
        case repaired, kind, item, replica, record, source, message
    }

    func encode(to encoder: any Encoder) throws {
        var row = encoder.container(keyedBy: Key.self)
        try row.encode(repair.isDone, forKey: .repaired)
        try row.encode(repair.kind.rawValue, forKey: .kind)
        try row.encode(repair.item, forKey: .item)
        try row.encode(repair.replica, forKey: .replica)
        try row.encode(repair.record, forKey: .record)
        try row.encode(repair.source, forKey: .source)
        try row.encode(repair.message, forKey: .message)
    }
}

/// What a verification came to as a row of JSON.
struct VerificationRow: Encodable {
    let entries: UInt64
    let recordings: Int
    let copies: Int
    let erased: Int
    let findings: [String: Int]
    let damage: Int
    let unfinished: Int
    let cursor: UInt64?

    init(_ summary: VerificationSummary) {
        entries = summary.entries
        recordings = summary.recordings
        copies = summary.copies
        erased = summary.erased
        findings = Dictionary(uniqueKeysWithValues: summary.findings.map { ($0.key.rawValue, $0.value) })
        damage = summary.damage
        unfinished = summary.unfinished
        cursor = summary.cursor
    }
}
