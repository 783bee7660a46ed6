internal import GRDB

/// What stays of a recording that was erased.
public struct Tombstone: Sendable, Hashable, Identifiable {
    /// The id of the recording.
    public let id: String
    /// When it was erased, ISO 8601.
    public let erasedAt: String
    /// `expired`, or `request`.
    public let kind: String
    /// Why it was lawful.
    public let ground: String
    /// Who erased it.
    public let actor: String
    /// Where in the archive it was.
    public let state: String
    /// The log's entry of its ingest.
    public let ingestEntry: Int64
    /// The log's entry of its erasure.
    public let eraseEntry: Int64
    /// The SHA-256 of the stored file, hexadecimal.
    public let stored: String
    /// The SHA-256 of the original, hexadecimal.
    public let original: String

    init(row: Row) throws {
        id = try row.decode(forColumn: "id")
        erasedAt = try row.decode(forColumn: "erasedAt")
        kind = try row.decode(forColumn: "kind")
        ground = try row.decode(forColumn: "ground")
        actor = try row.decode(forColumn: "actor")
        state = try row.decode(forColumn: "state")
        ingestEntry = try row.decode(forColumn: "ingestEntry")
        eraseEntry = try row.decode(forColumn: "eraseEntry")
        stored = try row.decode(forColumn: "stored")
        original = try row.decode(forColumn: "original")
    }

    /// Whether there is any of a stored file of these bytes.
    static func isAny(_ database: Database, digest: String) throws -> Bool {
        try Bool.fetchOne(
            database, sql: "SELECT EXISTS (SELECT 1 FROM tombstone WHERE stored = ?)", arguments: [digest])
            ?? false
    }

    static func with(id: String, _ database: Database) throws -> Tombstone? {
        try Row.fetchOne(database, sql: "SELECT * FROM tombstone WHERE id = ?", arguments: [id])
            .map(Tombstone.init)
    }
}
