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
                        CREATE TABLE progress (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
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
            var reader = try JournalReader(of: layout, operations: operations)
            while number < limit {
                var lines: [JournalLine] = []
                while number < limit, lines.count < 1000, let line = try reader.next() {
                    lines.append(line)
                    number = line.number + 1
                }
                guard !lines.isEmpty else { break }
                var entries = entries
                try database.write { database in
                    var ledger = Memory(database: database)
                    for line in lines {
                        let place = EventPlace(line, entriesBefore: entries)
                        if line.entry != nil { entries += 1 }
                        // What lacks something has done nothing; opening the archive for writing tells of it.
                        try (try? line.archiveEvent())?.apply(to: &ledger, at: place)
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

    /// What is set, as `CatalogCheck` compares it.
    func settings() throws(ArchiveError) -> [String] {
        try read { try Progress.settings($0) }
    }

    /// The folders of the replicas, in the order of their paths.
    func replicas() throws(ArchiveError) -> [String] {
        try read { try CatalogQueries.replicas($0) }
    }

    /// The anchors that so many lines tell of.
    func anchors(before line: Int) throws(ArchiveError) -> [AnchorFiles] {
        try read { database in
            try Row.fetchAll(
                database, sql: "SELECT name, checkpoint, token FROM anchor WHERE line < ? ORDER BY line",
                arguments: [line]
            ).compactMap { row in
                guard let checkpoint = Digest(hexadecimal: row["checkpoint"] as String),
                    let token = Digest(hexadecimal: row["token"] as String)
                else { return nil }
                return AnchorFiles(row["name"], checkpoint: checkpoint, token: token)
            }
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

/// The ledger of a verification: what the files of an archive and its catalog are held against.
private struct Memory: CompletenessLedger {
    let database: Database

    func ingest(_ ingest: RecordingIngested, at place: EventPlace) throws {
        try execute(
            "INSERT OR REPLACE INTO ingest VALUES (?, ?, ?, ?)",
            [ingest.record, place.entry, ingest.stored.sha256.hexadecimal, ingest.report?.hexadecimal])
    }

    func erase(_ erasure: RecordingErased, at place: EventPlace) throws {
        try execute("INSERT OR REPLACE INTO erasure VALUES (?, ?)", [erasure.record, place.entry])
    }

    func answer(_ answer: RecordingAnswered) throws {
        try execute(
            "INSERT OR REPLACE INTO answer VALUES (?, ?, ?)",
            [answer.record, answer.hook, answer.commitment.hexadecimal])
    }

    func place(_ hold: HoldPlaced, at place: EventPlace) throws {
        let filter = try hold.filter.map { String(decoding: try $0.encoded(), as: UTF8.self) }
        try execute(
            "INSERT OR REPLACE INTO hold VALUES (?, ?, ?, ?)",
            [hold.hold, hold.caseID, hold.takesInComing ? filter : nil, place.line])
        for record in hold.records { try addMember(record, to: hold.hold) }
    }

    private func addMember(_ record: String, to hold: String) throws {
        try execute("INSERT OR IGNORE INTO member VALUES (?, ?)", [record, hold])
    }

    // Of a hold, only what it keeps is in files.
    func requestRelease(of hold: String, at place: EventPlace) {}

    func release(_ hold: String, at place: EventPlace) throws {
        try execute("DELETE FROM hold WHERE id = ?", [hold])
        try execute("DELETE FROM member WHERE hold = ?", [hold])
    }

    func setPolicy(_ policy: RetentionPolicy, of records: [String]) throws {
        try set("policy", policy.description, of: records)
    }

    func setEventDate(_ date: CalendarDate, of records: [String]) throws {
        try set("event", date.description, of: records)
    }

    private func set(_ column: String, _ value: String, of records: [String]) throws {
        for record in records {
            try execute(
                """
                INSERT INTO retention (record, \(column)) VALUES (?, ?)
                ON CONFLICT (record) DO UPDATE SET \(column) = excluded.\(column)
                """,
                [record, value])
        }
    }

    func list(_ listing: MessagesListed, at place: EventPlace) throws {
        try noteBox(of: listing)
        for message in listing.new {
            try execute(
                """
                INSERT INTO listed VALUES (?, ?, ?, ?)
                ON CONFLICT (pbx, key) DO UPDATE SET count = max(count, excluded.count)
                """,
                [listing.pbx, message.key, message.count, place.at.text])
        }
    }

    func adopt(_ adoption: ListingAdopted, at place: EventPlace) throws {
        try noteAdoption(adoption, at: place)
    }

    func replace(_ replacement: RecordingReplaced) throws {
        try noteReplacement(replacement)
        for hold in replacement.holds {
            for record in [replacement.better, replacement.worse] { try addMember(record, to: hold) }
        }
    }

    func addReplica(_ path: String, at place: EventPlace) throws {
        try execute("INSERT OR IGNORE INTO replica VALUES (?)", [path])
    }

    func keep(_ anchor: AnchorFiles, at place: EventPlace) throws {
        try execute(
            "INSERT INTO anchor VALUES (?, ?, ?, ?)",
            [anchor.name, anchor.checkpoint.hexadecimal, anchor.token.hexadecimal, place.line])
    }

    // Neither a file nor anything that counts follows from these.
    func rehearse(_ policies: [String], at place: EventPlace) {}
    func note(_ verification: ArchiveVerified, at place: EventPlace) {}
}
