internal import Digests
internal import GRDB

/// The questions that are put to the catalog.
enum CatalogQueries {
    static func count(_ database: Database, _ identity: MessageIdentity) throws -> Int {
        let (condition, arguments) = condition(identity)
        return try Int.fetchOne(
            database, sql: "SELECT COUNT(*) FROM recording WHERE \(condition)", arguments: arguments) ?? 0
    }

    static func sources(_ database: Database, _ identity: MessageIdentity) throws -> [Digest: Int] {
        let (condition, arguments) = condition(identity)
        let rows = try Row.fetchAll(
            database,
            sql:
                "SELECT sourceSHA256, COUNT(*) AS count FROM recording WHERE \(condition) GROUP BY sourceSHA256",
            arguments: arguments)
        var counts: [Digest: Int] = [:]
        for row in rows {
            guard let digest = Digest(hexadecimal: try row.decode(String.self, forColumn: "sourceSHA256"))
            else {
                throw CatalogContentError(reason: "sourceSHA256 is no SHA-256")
            }
            counts[digest] = try row.decode(forColumn: "count")
        }
        return counts
    }

    /// Adds a row; its message must not be there with the same source and ordinal.
    static func insert(_ database: Database, _ recording: Recording, salt: String) throws {
        try RecordingRow(recording, salt: salt).insert(database)
    }

    /// One more than the highest sequence, from 0.
    static func nextSequence(_ database: Database) throws -> Int64 {
        try Int64.fetchOne(database, sql: "SELECT ifnull(MAX(sequence) + 1, 0) FROM recording") ?? 0
    }

    /// The ordinal that the next recording of an identity and source gets, from 1.
    static func nextOrdinal(_ database: Database, _ facts: RecordingFacts) throws -> Int {
        let (condition, arguments) = condition(facts.identity)
        let highest = try Int.fetchOne(
            database, sql: "SELECT MAX(ordinal) FROM recording WHERE \(condition) AND sourceSHA256 = ?",
            arguments: arguments + [facts.source.sha256.hexadecimal])
        return (highest ?? 0) + 1
    }

    static func recording(_ database: Database, id: String) throws -> Recording? {
        try RecordingRow.fetchOne(database, sql: "SELECT * FROM recording WHERE id = ?", arguments: [id])?
            .recording
    }

    static func recording(_ database: Database, path: String) throws -> Recording? {
        try RecordingRow.fetchOne(
            database, sql: "SELECT * FROM recording WHERE path = ?", arguments: [path])?.recording
    }

    static func hasPath(_ database: Database, _ path: String) throws -> Bool {
        try Int.fetchOne(database, sql: "SELECT 1 FROM recording WHERE path = ?", arguments: [path]) != nil
    }

    /// What is hashed with a recording's metadata: 64 hexadecimal digits; nil where there is no such recording.
    static func salt(_ database: Database, id: String) throws -> String? {
        try String.fetchOne(database, sql: "SELECT salt FROM recording WHERE id = ?", arguments: [id])
    }

    static func setting(_ database: Database, _ pragma: String) throws -> String? {
        try String.fetchOne(database, sql: "PRAGMA \(pragma)")
    }

    private static func condition(_ identity: MessageIdentity) -> (String, StatementArguments) {
        let texts = [
            identity.extension, identity.listedDate, identity.caller, identity.listedLength, identity.pbx,
        ]
        return (
            "extension = ? AND listedDate = ? AND caller = ? AND listedLength = ? AND pbx = ?",
            StatementArguments(texts.map(NULFreeText.encode))
        )
    }
}
