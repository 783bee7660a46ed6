internal import AuditTrail
internal import Digests
internal import DurableFiles
internal import GRDB
internal import TransparencyLog

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// What the journal says of each recording, gathered from its lines up to where the catalog has come.
///
/// It is kept in a temporary database, which SQLite removes, so that memory stays flat.
struct JournalState {
    /// The holds that recordings are under, and the retention that they have.
    struct Expectation {
        /// Holds that must be in force, ordered by id.
        var holds: [Sidecar.Hold] = []
        /// Holds on what comes whose filter tells no more whether the recording passed.
        var possibleHolds: [Sidecar.Hold] = []
        /// The policy that it was given last; nil for that of its ingest.
        var policy: RetentionPolicy?
        /// The date of the event; nil where it is not set.
        var event: CalendarDate?
        /// The commitments to the answers that it has, by the names of the hooks.
        var answers: [String: String] = [:]

        /// Whether holds are those that must be, and none that cannot be.
        func allows(_ holds: [Sidecar.Hold]) -> Bool {
            let found = Set(holds)
            return found.isSuperset(of: self.holds)
                && found.subtracting(self.holds).isSubset(of: possibleHolds)
        }
    }

    private let database: DatabaseQueue
    private let path: String

    /// Whether every line could be read.
    private(set) var isWhole: Bool

    /// Lines that were read.
    private(set) var lines = 0

    private var entries = 0

    /// Reads so many lines of the journal, which may be all that there were, or not.
    init(
        _ layout: ArchiveLayout, limit: Int, isAll: Bool, operations: any FileOperations
    ) throws(ArchiveError) {
        isWhole = isAll
        path = layout.root
        do {
            // An empty path is SQLite's word for a temporary file.
            database = try DatabaseQueue(path: "")
            try database.writeWithoutTransaction { database in
                try database.execute(
                    sql: """
                        CREATE TABLE ingest (record TEXT PRIMARY KEY, entry INTEGER, stored TEXT, report TEXT)
                            WITHOUT ROWID;
                        CREATE TABLE erasure (record TEXT PRIMARY KEY, entry INTEGER) WITHOUT ROWID;
                        CREATE TABLE hold (id TEXT PRIMARY KEY, caseID TEXT, filter TEXT, line INTEGER) WITHOUT ROWID;
                        CREATE TABLE member (record TEXT, hold TEXT, PRIMARY KEY (record, hold)) WITHOUT ROWID;
                        CREATE TABLE retention (record TEXT PRIMARY KEY, policy TEXT, event TEXT) WITHOUT ROWID;
                        CREATE TABLE answer (record TEXT, hook TEXT, answer TEXT, PRIMARY KEY (record, hook))
                            WITHOUT ROWID;
                        CREATE TABLE listed (pbx TEXT, key TEXT, count INTEGER, at TEXT, PRIMARY KEY (pbx, key))
                            WITHOUT ROWID;
                        CREATE TABLE anchor (name TEXT, checkpoint TEXT, token TEXT, line INTEGER PRIMARY KEY);
                        CREATE TABLE replica (path TEXT PRIMARY KEY) WITHOUT ROWID;
                        """ + CatalogSchema.completeness)
            }
        } catch {
            throw .catalog(path: layout.root, reason: "\(error)")
        }
        try read(layout, limit, operations)
    }

    private mutating func read(
        _ layout: ArchiveLayout, _ limit: Int, _ operations: any FileOperations
    ) throws(ArchiveError) {
        var number = 0
        do {
            var reader = try JournalReader(at: layout.journal, operations: operations)
            while number < limit {
                var lines: [JournalLine] = []
                while number < limit, lines.count < 1000, let line = try reader.next() {
                    lines.append(line)
                    number = line.number + 1
                }
                guard !lines.isEmpty else { break }
                var entries = entries
                try database.write { database in
                    for line in lines {
                        try Self.note(line, entry: entries, database)
                        if line.entry != nil { entries += 1 }
                    }
                }
                self.entries = entries
            }
        } catch let error as DatabaseError {
            throw .catalog(path: path, reason: "\(error)")
        } catch {
            // What is wrong with the line, the verification of the journal itself tells.
            isWhole = false
        }
        lines = number
        if number < limit { isWhole = false }
    }

    private static func note(_ line: JournalLine, entry: Int, _ database: Database) throws {
        func execute(_ sql: String, _ arguments: StatementArguments) throws {
            try database.cachedStatement(sql: sql).execute(arguments: arguments)
        }
        // What lacks something has done nothing; opening the archive for writing tells of it.
        _ = try CompletenessFold.apply(line, database)
        switch line.event {
        case "ingest":
            try execute(
                "INSERT OR REPLACE INTO ingest VALUES (?, ?, ?, ?)",
                [
                    line.text("record"), entry, line.entry?["stored"]?.stringValue, line.text("report"),
                ])
        case "erase":
            try execute("INSERT OR REPLACE INTO erasure VALUES (?, ?)", [line.text("record"), entry])
        case "hold":
            let filter = try line.details["filter"].map { String(decoding: try $0.encoded(), as: UTF8.self) }
            let isFuture = line.details["future"]?.boolValue == true
            try execute(
                "INSERT OR REPLACE INTO hold VALUES (?, ?, ?, ?)",
                [line.text("hold"), line.text("case"), isFuture ? filter : nil, line.number])
            for record in line.texts("records") {
                try execute("INSERT OR IGNORE INTO member VALUES (?, ?)", [record, line.text("hold")])
            }
        case "release":
            try execute("DELETE FROM hold WHERE id = ?", [line.text("hold")])
            try execute("DELETE FROM member WHERE hold = ?", [line.text("hold")])
        case "retention", "event":
            let (column, value) =
                line.event == "event" ? ("event", line.text("date")) : ("policy", line.text("policy"))
            for record in line.texts("records") {
                try execute(
                    """
                    INSERT INTO retention (record, \(column)) VALUES (?, ?)
                    ON CONFLICT (record) DO UPDATE SET \(column) = excluded.\(column)
                    """,
                    [record, value])
            }
        case "answer":
            try execute(
                "INSERT OR REPLACE INTO answer VALUES (?, ?, ?)",
                [line.text("record"), line.text("hook"), line.text("answer")])
        case "listing":
            for (key, count) in line.pairs("new") ?? [] {
                try execute(
                    """
                    INSERT INTO listed VALUES (?, ?, ?, ?)
                    ON CONFLICT (pbx, key) DO UPDATE SET count = max(count, excluded.count)
                    """,
                    [line.text("pbx"), key, count, line.at.text])
            }
        case "replace":
            for hold in line.texts("holds") {
                for record in [line.text("record"), line.text("replaces")] {
                    try execute("INSERT OR IGNORE INTO member VALUES (?, ?)", [record, hold])
                }
            }
        case "anchor":
            try execute(
                "INSERT INTO anchor VALUES (?, ?, ?, ?)",
                [line.text("anchor"), line.text("checkpoint"), line.text("token"), line.number])
        case "replica": try execute("INSERT OR IGNORE INTO replica VALUES (?)", [line.text("path")])
        default: break
        }
    }

    private func read<Result>(_ body: (Database) throws -> Result) throws(ArchiveError) -> Result {
        do {
            return try database.read(body)
        } catch {
            throw .catalog(path: path, reason: "\(error)")
        }
    }

    /// How many messages were listed, and how often all of them together.
    func listed() throws(ArchiveError) -> [Int] {
        try read { try CatalogCheck.listed($0) }
    }

    /// How often a message was listed, and since when; nil where it was not.
    func listed(_ key: String, by pbx: String) throws(ArchiveError) -> (count: Int, since: String)? {
        try read { database in
            try Row.fetchOne(
                database, sql: "SELECT count, at FROM listed WHERE pbx = ? AND key = ?",
                arguments: [pbx, key]
            ).map { ($0["count"], $0["at"]) }
        }
    }

    /// What became of listed messages, as `CatalogCheck` compares it.
    func completeness() throws(ArchiveError) -> [String] {
        try read { try CatalogCheck.completeness($0) }
    }

    /// The folders of the replicas, in the order of their paths.
    func replicas() throws(ArchiveError) -> [String] {
        try read { try CatalogQueries.replicas($0) }
    }

    /// The anchors that so many lines tell of.
    func anchors(before line: Int) throws(ArchiveError) -> [AnchorLine] {
        try read { database in
            try Row.fetchAll(
                database, sql: "SELECT name, checkpoint, token FROM anchor WHERE line < ? ORDER BY line",
                arguments: [line]
            ).compactMap { AnchorLine($0["name"], checkpoint: $0["checkpoint"], token: $0["token"]) }
        }
    }

    /// The index of the entry of a recording's ingest; nil where there is none.
    func ingest(of record: String) throws(ArchiveError) -> Int64? {
        try read {
            try Int64.fetchOne($0, sql: "SELECT entry FROM ingest WHERE record = ?", arguments: [record])
        }
    }

    /// The SHA-256 of the report on a recording in quarantine; nil where there is none.
    func report(on record: String) throws(ArchiveError) -> Digest? {
        try read {
            try String.fetchOne($0, sql: "SELECT report FROM ingest WHERE record = ?", arguments: [record])
                .flatMap { Digest(hexadecimal: $0) }
        }
    }

    /// The index of the entry of a recording's erasure; nil where there is none.
    func erasure(of record: String) throws(ArchiveError) -> Int64? {
        try read {
            try Int64.fetchOne($0, sql: "SELECT entry FROM erasure WHERE record = ?", arguments: [record])
        }
    }

    /// The recordings that were stored with these bytes, and not erased.
    func recordings(storedAs digest: Digest) throws(ArchiveError) -> [String] {
        try read { database in
            try String.fetchAll(
                database,
                sql: """
                    SELECT record FROM ingest
                    WHERE stored = ? AND record NOT IN (SELECT record FROM erasure) ORDER BY record
                    """, arguments: [digest.hexadecimal])
        }
    }

    /// What the catalog must say of the recording of a row; filters of holds are tried in it.
    func expectation(of row: Recording, _ catalog: Catalog) throws(ArchiveError) -> Expectation {
        var (expectation, future) = try read { database in
            var expectation = Expectation()
            let retention = try Row.fetchOne(
                database, sql: "SELECT policy, event FROM retention WHERE record = ?", arguments: [row.id])
            if let retention {
                expectation.policy = (retention["policy"] as String?).flatMap { RetentionPolicy($0) }
                expectation.event = (retention["event"] as String?).flatMap { CalendarDate($0) }
            }
            let held = try Row.fetchAll(
                database,
                sql:
                    "SELECT id, caseID FROM hold JOIN member ON member.hold = hold.id WHERE member.record = ?",
                arguments: [row.id])
            let answers = try Row.fetchAll(
                database, sql: "SELECT hook, answer FROM answer WHERE record = ?", arguments: [row.id])
            for answer in answers { expectation.answers[answer["hook"]] = answer["answer"] }
            expectation.holds = held.map { Sidecar.Hold(hold: $0["id"], case: $0["caseID"]) }
            let future = try Row.fetchAll(
                database, sql: "SELECT id, caseID, filter FROM hold WHERE filter IS NOT NULL AND line < ?",
                arguments: [row.sequence])
            return (
                expectation,
                future.map { (Sidecar.Hold(hold: $0["id"], case: $0["caseID"]), $0["filter"] as String) }
            )
        }
        for (hold, text) in future where !expectation.holds.contains(hold) {
            guard let filter = try? JSONDecoder().decode(RecordingFilter.self, from: Data(text.utf8)) else {
                continue
            }
            // Words may be those of an answer that came later.
            if filter.hold != nil || filter.retention != nil || filter.text != nil && !row.answers.isEmpty {
                expectation.possibleHolds.append(hold)
                continue
            }
            let isTakenIn = try catalog.readNow {
                try CatalogQueries.matches($0, filter, sequence: row.sequence)
            }
            if isTakenIn { expectation.holds.append(hold) }
        }
        expectation.holds.sort { $0.hold < $1.hold }
        return expectation
    }
}
