internal import RecordingArchive

/// A finding as a row of JSON.
struct ArchiveFindingRow: Encodable {
    let kind: String
    let item: String
    let replica: String?
    let record: String?
    let message: String
    let damage: Bool

    private enum Key: String, CodingKey {
        case kind, item, replica, record, message, damage
    }

    init(_ finding: ArchiveFinding) {
        kind = finding.kind.rawValue
        item = finding.item
        replica = finding.replica
        record = finding.record
        message = finding.message
        damage = finding.kind.isDamage
    }

    func encode(to encoder: any Encoder) throws {
        var row = encoder.container(keyedBy: Key.self)
        try row.encode(kind, forKey: .kind)
        try row.encode(item, forKey: .item)
        try row.encode(replica, forKey: .replica)
        try row.encode(record, forKey: .record)
        try row.encode(message, forKey: .message)
        try row.encode(damage, forKey: .damage)
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
    let unsettled: Int
    let cursor: UInt64?

    init(_ summary: VerificationSummary) {
        entries = summary.entries
        recordings = summary.recordings
        copies = summary.copies
        erased = summary.erased
        findings = Dictionary(uniqueKeysWithValues: summary.findings.map { ($0.key.rawValue, $0.value) })
        damage = summary.damage
        unfinished = summary.unfinished
        unsettled = summary.unsettled
        cursor = summary.cursor
    }

    private enum Key: String, CodingKey {
        case entries, recordings, copies, erased, findings, damage, unfinished, unsettled, cursor
    }

    func encode(to encoder: any Encoder) throws {
        var row = encoder.container(keyedBy: Key.self)
        try row.encode(entries, forKey: .entries)
        try row.encode(recordings, forKey: .recordings)
        try row.encode(copies, forKey: .copies)
        try row.encode(erased, forKey: .erased)
        try row.encode(findings, forKey: .findings)
        try row.encode(damage, forKey: .damage)
        try row.encode(unfinished, forKey: .unfinished)
        try row.encode(unsettled, forKey: .unsettled)
        try row.encode(cursor, forKey: .cursor)
    }
}
