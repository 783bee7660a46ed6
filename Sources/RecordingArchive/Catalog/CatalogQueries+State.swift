internal import AuditTrail
internal import Digests
internal import DurableFiles
internal import GRDB

extension CatalogQueries {
    /// The sidecar that a recording should have now; nil where there is no such recording.
    static func sidecar(_ database: Database, id: String) throws -> Sidecar? {
        guard
            let row = try RecordingRow.fetchOne(
                database, sql: "SELECT * FROM recording WHERE id = ?", arguments: [id])
        else { return nil }
        guard let salt = Digest(hexadecimal: row.salt) else {
            throw CatalogContentError(reason: "a salt is not 64 hexadecimal digits")
        }
        let recording = row.recording
        return Sidecar(
            id: id, state: recording.state, ordinal: recording.ordinal, path: recording.path, salt: salt,
            facts: recording.facts, retention: recording.retention,
            holds: recording.holds > 0 ? try Hold.marks(on: id, database) : [], answers: recording.answers)
    }

    /// SQL for how many messages of a key the archive has or had: recordings, erased ones, and listings that were adopted.
    ///
    /// A recording that replaces another is the same message once more.
    static func archivedCount(_ key: String) -> String {
        """
        ((SELECT COUNT(*) FROM recording
            WHERE messageKey = \(key) AND id NOT IN (SELECT better FROM replacement))
        + (SELECT COUNT(*) FROM tombstone
            WHERE messageKey = \(key) AND id NOT IN (SELECT better FROM replacement))
        + (SELECT COUNT(*) FROM adoption WHERE messageKey = \(key)))
        """
    }

    /// How many messages of a key the archive has or had, see `archivedCount(_:)`.
    static func count(_ database: Database, messageKey: String) throws -> Int {
        try Int.fetchOne(
            database, sql: "SELECT \(archivedCount("?1"))", arguments: [messageKey]) ?? 0
    }

    /// The originals that the archive has or had of a message key.
    static func sources(_ database: Database, messageKey: String) throws -> Set<Digest> {
        let originals = try String.fetchAll(
            database,
            sql: """
                SELECT sourceSHA256 FROM recording WHERE messageKey = ?1
                UNION SELECT original FROM tombstone WHERE messageKey = ?1
                UNION SELECT sourceSHA256 FROM recording
                    WHERE id IN (SELECT record FROM adoption WHERE messageKey = ?1)
                UNION SELECT original FROM tombstone
                    WHERE id IN (SELECT record FROM adoption WHERE messageKey = ?1)
                """,
            arguments: [messageKey])
        return Set(
            try originals.map {
                guard let digest = Digest(hexadecimal: $0) else {
                    throw CatalogContentError(reason: "the SHA-256 of an original is none")
                }
                return digest
            })
    }

    /// The recordings whose retention ended before a moment, in the order of their ingests.
    static func expired(
        _ database: Database, matching filter: RecordingFilter, before moment: Int64
    ) throws -> [RecordingArchive.Expiry.Item] {
        let ended = try ends(database, before: moment)
        guard filter != RecordingFilter() else { return ended.map(\.1) }
        let wanted = Set(try sequences(database, matching: filter))
        return ended.filter { wanted.contains($0.0) }.map(\.1)
    }

    private static func ends(
        _ database: Database, before moment: Int64
    ) throws -> [(Int64, RecordingArchive.Expiry.Item)] {
        try Row.fetchAll(
            database,
            sql: """
                SELECT sequence, id, retentionPolicy, retainUntil, holds FROM recording WHERE retainUntil < ?
                ORDER BY sequence
                """,
            arguments: [moment]
        ).map { row in
            (
                try row.decode(forColumn: "sequence"),
                RecordingArchive.Expiry.Item(
                    id: try row.decode(forColumn: "id"), policy: try row.decode(forColumn: "retentionPolicy"),
                    until: try row.decode(forColumn: "retainUntil"), holds: try row.decode(forColumn: "holds")
                )
            )
        }
    }

    /// Makes the ends of retention right in rows of dates that are too early, which an older program counted from.
    static func renewEarlyRetentions(_ database: Database) throws {
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT id, date, archivedAt, retentionPolicy, retentionEvent, retainUntil FROM recording
                WHERE position >= ? AND position < ? AND retainUntil IS NOT NULL
                """,
            arguments: [
                ListPosition.first(at: 0).number, ListPosition.end(before: MessageDate.earliest).number,
            ])
        for row in rows {
            guard let policy = RetentionPolicy(try row.decode(forColumn: "retentionPolicy")) else { continue }
            let event = try row.decode(String?.self, forColumn: "retentionEvent").flatMap(CalendarDate.init)
            let start = RecordingFacts.retentionStart(
                date: try row.decode(forColumn: "date"), archivedAt: try row.decode(forColumn: "archivedAt"))
            let until = policy.until(created: start, event: event)
            guard try until != row.decode(Int64?.self, forColumn: "retainUntil") else { continue }
            try database.execute(
                sql: "UPDATE recording SET retainUntil = ? WHERE id = ?",
                arguments: [until, try row.decode(String.self, forColumn: "id")])
        }
    }

    static func policiesOfDryRuns(_ database: Database) throws -> Set<String> {
        Set(try String.fetchAll(database, sql: "SELECT policy FROM dryRun"))
    }

    static func replicas(_ database: Database) throws -> [String] {
        try String.fetchAll(database, sql: "SELECT path FROM replica ORDER BY path")
    }

    static func rowCount(_ database: Database) throws -> Int {
        try Int.fetchOne(database, sql: "SELECT COUNT(*) FROM recording") ?? 0
    }

    /// Whether a catalog has taken in a line of the journal that it says it has not come to.
    static func contradictsItself(_ database: Database, over line: JournalLine) throws -> Bool {
        // A writer may have taken it in meanwhile.
        guard try line.number >= Progress.position(.applied, database).lines else { return false }
        switch try? line.archiveEvent() {
        case let ingest as RecordingIngested: return try recording(database, id: ingest.record) != nil
        case let erasure as RecordingErased: return try Tombstone.with(id: erasure.record, database) != nil
        case let placed as HoldPlaced: return try Hold.with(id: placed.hold, database) != nil
        // Of others, a second time does no harm.
        default: return false
        }
    }

    /// How many recordings were ingested by lines of the journal from one on, before another.
    static func rowCount(_ database: Database, from line: Int, before end: Int) throws -> Int {
        try Int.fetchOne(
            database, sql: "SELECT COUNT(*) FROM recording WHERE sequence >= ? AND sequence < ?",
            arguments: [line, end]) ?? 0
    }

    /// Whether a recording's row has just the columns that it is written with, also those that follow from others.
    static func hasAllColumns(_ database: Database, of recording: Recording) throws -> Bool {
        let columns = try RecordingRow(recording, salt: "").databaseDictionary.filter { $0.key != "salt" }
            .sorted { $0.key < $1.key }
        return try Int.fetchOne(
            database,
            sql: "SELECT 1 FROM recording WHERE "
                + columns.map { "\"\($0.key)\" IS ?" }.joined(separator: " AND "),
            arguments: StatementArguments(columns.map(\.value))) != nil
    }

    /// Ids of rows with the line of the journal that tells of their ingest, in the order of these.
    static func idsWithSequences(
        _ database: Database, after sequence: Int64, limit: Int
    ) throws -> [(id: String, sequence: Int64)] {
        try Row.fetchAll(
            database, sql: "SELECT id, sequence FROM recording WHERE sequence > ? ORDER BY sequence LIMIT ?",
            arguments: [sequence, limit]
        ).map { (try $0.decode(forColumn: "id"), try $0.decode(forColumn: "sequence")) }
    }

    /// The files that recordings have in a folder, itself and no folder below it, with their SHA-256.
    ///
    /// Only recordings count whose ingest is among the first so many lines of the journal; with nil, all do.
    static func files(
        _ database: Database, inFolder folder: String, before lines: Int? = nil
    ) throws -> [(id: String, name: String, digest: String)] {
        let prefix = folder + "/"
        // "0" is the character after "/".
        return try Row.fetchAll(
            database,
            sql: "SELECT id, path, storedSHA256 FROM recording WHERE path > ? AND path < ? AND sequence < ?",
            arguments: [prefix, folder + "0", lines ?? .max]
        ).compactMap { row in
            let path: String = try row.decode(forColumn: "path")
            guard let name = Folder.relativePath(of: path, in: folder),
                !name.utf8.contains(UInt8(ascii: "/"))
            else { return nil }
            return (try row.decode(forColumn: "id"), name, try row.decode(forColumn: "storedSHA256"))
        }
    }

    /// Whether a path is that of a recording's file, sidecar or report.
    static func covers(_ database: Database, _ path: String) throws -> Bool {
        let stem = path.split(separator: ".", omittingEmptySubsequences: false).first.map(String.init) ?? path
        let candidates = try String.fetchAll(
            database, sql: "SELECT path FROM recording WHERE path >= ? AND path < ?",
            arguments: [stem, stem + "/"])
        return candidates.contains { file in
            Recording.State.allCases.contains { state in
                file.hasSuffix("." + ArchiveLayout.pathExtension(of: state))
                    && [file, Sidecar.path(of: file, state), RecordingArchive.reportPath(of: file)].contains(
                        path)
            }
        }
    }

    /// Whether a recording passes a filter.
    static func matches(_ database: Database, _ filter: RecordingFilter, sequence: Int64) throws -> Bool {
        let number = try Int64.fetchOne(
            database, sql: "SELECT position FROM recording WHERE sequence = ?", arguments: [sequence])
        guard let position = number.map(ListPosition.init(number:)) else { return false }
        return try !ListQuery(database, filter, limit: 1, at: position).positions(database).isEmpty
    }

    /// The sequences of all recordings that pass a filter, in ascending order.
    static func sequences(_ database: Database, matching filter: RecordingFilter) throws -> [Int64] {
        let statement = try database.cachedStatement(sql: "SELECT sequence FROM recording WHERE position = ?")
        return try ListQuery(database, filter, limit: .max).positions(database).compactMap {
            try Int64.fetchOne(statement, arguments: [$0])
        }.sorted()
    }

    /// The ids of all recordings that pass a filter, in the order of their ingests.
    static func ids(_ database: Database, matching filter: RecordingFilter) throws -> [String] {
        let statement = try database.cachedStatement(sql: "SELECT id FROM recording WHERE sequence = ?")
        return try sequences(database, matching: filter).compactMap {
            try String.fetchOne(statement, arguments: [$0])
        }
    }
}
