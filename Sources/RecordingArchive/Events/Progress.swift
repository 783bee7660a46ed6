internal import AuditTrail
internal import GRDB

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// What the catalog remembers beside its rows: how far along the journal each part has come, and newest facts.
struct Progress: Hashable {
    let name: String

    /// How far the catalog has come.
    static let applied = Progress(name: "applied")
    /// Up to where the effects of lines on other files are done.
    static let settled = Progress(name: "settled")
    /// Up to where the log has the entries.
    static let logged = Progress(name: "logged")
    /// The latest time that any line bears.
    static let newestTime = Progress(name: "newestTime")
    /// What the last recorded verification found: a line's details.
    static let verification = Progress(name: "verification")

    /// When something was erased that the catalog's pages may still have; none where they have nothing of it.
    static let erasedOnPages = Progress(name: "erasedOnPages")

    /// How far a replica has come.
    static func replica(_ path: String) -> Progress { Progress(name: "replica " + path) }

    /// Up to where a replica has got the log once.
    static func replicaLog(_ path: String) -> Progress { Progress(name: "replica-log " + path) }

    /// What is set, as canonical JSON.
    static func setting(_ setting: ArchiveSetting) -> Progress {
        Progress(name: "setting \(setting.kind.rawValue) \(setting.subject)")
    }

    /// All that is set, by name.
    static func settings(_ database: Database) throws -> [String] {
        try String.fetchAll(
            database,
            sql: "SELECT name || ' ' || value FROM progress WHERE substr(name, 1, 8) = 'setting ' ORDER BY 1")
    }

    static func set(_ progress: Progress, _ value: String, _ database: Database) throws {
        try database.execute(
            sql: """
                INSERT INTO progress (name, value) VALUES (?, ?)
                ON CONFLICT (name) DO UPDATE SET value = excluded.value
                """,
            arguments: [progress.name, value])
    }

    static func set(_ progress: Progress, _ position: JournalPosition, _ database: Database) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        try set(progress, String(decoding: try encoder.encode(position), as: UTF8.self), database)
    }

    static func forget(_ progress: Progress, _ database: Database) throws {
        try database.execute(sql: "DELETE FROM progress WHERE name = ?", arguments: [progress.name])
    }

    static func text(_ progress: Progress, _ database: Database) throws -> String? {
        try String.fetchOne(
            database, sql: "SELECT value FROM progress WHERE name = ?", arguments: [progress.name])
    }

    static func position(_ progress: Progress, _ database: Database) throws -> JournalPosition {
        guard let text = try text(progress, database) else { return .start }
        return try JSONDecoder().decode(JournalPosition.self, from: Data(text.utf8))
    }
}
