internal import Digests
internal import GRDB

/// The questions that are put to the catalog.
enum CatalogQueries {
    /// Adds a row; its message must not be there with the same source and ordinal.
    static func insert(_ database: Database, _ recording: Recording, salt: String) throws {
        try RecordingRow(recording, salt: salt).insert(database)
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
