internal import AuditTrail
internal import DurableFiles
internal import Foundation
internal import GRDB
internal import TransparencyLog

/// What the journal alone says of retention, holds, erasures, listings and replicas, to hold the catalog against.
///
/// It is kept in a temporary database, which SQLite puts on the disk where it grows: memory stays flat however many
/// recordings a line is about.
struct JournalState {
    private let queue: DatabaseQueue

    /// How many lines were read.
    let lines: Int

    /// Whether any line changes a retention or places a hold, so that recordings have to be looked up.
    private let hasChanges: Bool

    /// Reads the first lines of the journal; nil where they are damaged, which the log's verification tells.
    init?(_ layout: ArchiveLayout, lines: Int, operations: any FileOperations) throws(ArchiveError) {
        do {
            queue = try DatabaseQueue(path: "")
            self.lines = lines
            hasChanges = try queue.writeWithoutTransaction { database in
                try database.execute(sql: Self.schema)
                var reader = try JournalReader(at: layout.journal, operations: operations)
                while reader.position.lines < lines {
                    var isAtEnd = false
                    try database.inTransaction {
                        for _ in 0..<1000 where !isAtEnd && reader.position.lines < lines {
                            let entry = reader.position.entries
                            guard let line = try reader.next() else {
                                isAtEnd = true
                                break
                            }
                            try Self.add(line, entry: entry, database)
                        }
                        return .commit
                    }
                    if isAtEnd { throw JournalError.changed(path: layout.journal, known: lines) }
                }
                return try Bool.fetchOne(
                    database, sql: "SELECT EXISTS (SELECT 1 FROM change) OR EXISTS (SELECT 1 FROM hold)") ?? false
            }
        } catch is JournalError {
            return nil
        } catch {
            throw .catalog(path: layout.root, reason: "a temporary database: \(error)")
        }
    }

    private static let schema = """
        PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
        CREATE TABLE change (id TEXT PRIMARY KEY, policy TEXT, event TEXT) WITHOUT ROWID;
        CREATE TABLE hold (id TEXT PRIMARY KEY, caseID TEXT, filter TEXT, future INTEGER, line INTEGER, released INTEGER);
        CREATE TABLE member (record TEXT, hold TEXT, PRIMARY KEY (record, hold)) WITHOUT ROWID;
        CREATE TABLE erased (id TEXT PRIMARY KEY, entry INTEGER) WITHOUT ROWID;
        CREATE TABLE listed (pbx TEXT, key TEXT, count INTEGER, PRIMARY KEY (pbx, key)) WITHOUT ROWID;
        CREATE TABLE replica (path TEXT PRIMARY KEY);
        """

    private static func add(_ line: JournalLine, entry: Int, _ database: Database) throws {
        func run(_ sql: String, _ arguments: StatementArguments) throws {
            try database.cachedStatement(sql: sql).execute(arguments: arguments)
        }
        switch line.event {
        case "retention", "event":
            let isPolicy = line.event == "retention"
            let column = isPolicy ? "policy" : "event"
            for record in line.texts("records") {
                try run(
                    """
                    INSERT INTO change (id, \(column)) VALUES (?, ?)
                    ON CONFLICT (id) DO UPDATE SET \(column) = excluded.\(column)
                    """, [record, line.text(isPolicy ? "policy" : "date")])
            }
        case "hold":
            let filter = try line.details["filter"].map { String(decoding: try $0.encoded(), as: UTF8.self) }
            try run(
                "INSERT INTO hold VALUES (?, ?, ?, ?, ?, 0) ON CONFLICT DO NOTHING",
                [
                    line.text("hold"), line.text("case"), filter, line.details["future"]?.boolValue ?? false,
                    line.number,
                ])
            for record in line.texts("records") {
                try run("INSERT INTO member VALUES (?, ?) ON CONFLICT DO NOTHING", [record, line.text("hold")])
            }
        case "release": try run("UPDATE hold SET released = 1 WHERE id = ?", [line.text("hold")])
        case "erase":
            try run("INSERT INTO erased VALUES (?, ?) ON CONFLICT DO NOTHING", [line.text("record"), entry])
        case "listing":
            for pair in line.details["new"]?.arrayValue ?? [] {
                guard let values = pair.arrayValue, values.count == 2 else { continue }
                try run(
                    """
                    INSERT INTO listed VALUES (?, ?, ?)
                    ON CONFLICT (pbx, key) DO UPDATE SET count = max(count, excluded.count)
                    """,
                    [
                        NULFreeText.encode(line.text("pbx") ?? ""), values[0].stringValue, values[1].integerValue,
                    ])
            }
        case "replica": try run("INSERT INTO replica VALUES (?) ON CONFLICT DO NOTHING", [line.text("path")])
        default: break
        }
    }

    private func read<Result>(_ body: (Database) throws -> Result) throws(ArchiveError) -> Result {
        do {
            return try queue.read(body)
        } catch {
            throw .catalog(path: "a temporary database", reason: "\(error)")
        }
    }

    /// The entry of a recording's erasure; nil where it was not erased.
    func erasure(of record: String) throws(ArchiveError) -> Int64? {
        try read { try Int64.fetchOne($0, sql: "SELECT entry FROM erased WHERE id = ?", arguments: [record]) }
    }

    /// The retention that a recording has now.
    func retention(
        of record: String, ingested policy: RetentionPolicy, created: Int64
    ) throws(ArchiveError) -> Retention {
        guard hasChanges else { return Retention(policy: policy, created: created) }
        let (changed, event) = try read { database -> (String?, String?) in
            let row = try Row.fetchOne(
                database, sql: "SELECT policy, event FROM change WHERE id = ?", arguments: [record])
            return (row?["policy"], row?["event"])
        }
        return Retention(
            policy: changed.flatMap { RetentionPolicy($0) } ?? policy, event: event.flatMap { CalendarDate($0) },
            created: created)
    }

    /// The holds in force on a recording, ordered by id; nil where a hold's filter asks for what may have changed since.
    ///
    /// - Parameters:
    ///   - record: The recording.
    ///   - line: The line of its ingest.
    ///   - matches: Whether the recording passes a filter.
    func holds(
        on record: String, line: Int, matches: (RecordingFilter) throws(ArchiveError) -> Bool
    ) throws(ArchiveError) -> [Sidecar.Hold]? {
        guard hasChanges else { return [] }
        let (members, future) = try read { database in
            (
                try Row.fetchAll(
                    database,
                    sql: """
                        SELECT hold.id, hold.caseID FROM member JOIN hold ON hold.id = member.hold
                        WHERE member.record = ? AND NOT released
                        """, arguments: [record]),
                try Row.fetchAll(
                    database,
                    sql: "SELECT id, caseID, filter FROM hold WHERE future AND NOT released AND line < ?",
                    arguments: [line])
            )
        }
        var holds = Set(members.map { Sidecar.Hold(hold: $0["id"], case: $0["caseID"]) })
        for row in future {
            let text: String? = row["filter"]
            guard let text, let filter = try? JSONDecoder().decode(RecordingFilter.self, from: Data(text.utf8)) else {
                continue
            }
            if filter.hold != nil || filter.retention != nil { return nil }
            if try matches(filter) { holds.insert(Sidecar.Hold(hold: row["id"], case: row["caseID"])) }
        }
        return holds.sorted { $0.hold < $1.hold }
    }

    /// The messages that were listed, with how often each was.
    func listed() throws(ArchiveError) -> (messages: Int, count: Int) {
        try read { database in
            let row = try Row.fetchOne(database, sql: "SELECT COUNT(*) AS n, ifnull(SUM(count), 0) AS c FROM listed")
            return (row?["n"] ?? 0, row?["c"] ?? 0)
        }
    }

    /// The folders of the replicas, in the order of their paths.
    func replicas() throws(ArchiveError) -> [String] {
        try read { try String.fetchAll($0, sql: "SELECT path FROM replica ORDER BY path") }
    }
}
