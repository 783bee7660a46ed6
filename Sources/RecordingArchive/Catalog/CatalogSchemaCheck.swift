internal import GRDB
internal import Synchronization

/// Whether a database has the tables, indexes, views and triggers of a catalog, and no others.
///
/// SQLite reads a database that lacks an index, or a trigger, without a word: lists are slow then, or sums are wrong.
enum CatalogSchemaCheck {
    /// What there is by its kind and name, with the statement that made it.
    private typealias Schema = [String: String]

    /// What the migrations make up to each, once it was found out.
    private static let expected = Mutex<[String: Schema]>([:])

    /// Looks for the first thing that is not as the migrations make it.
    ///
    /// - Returns: What is wrong, worded to follow "the catalog is damaged"; nil where nothing is.
    static func problem(_ database: Database, _ migrator: DatabaseMigrator) throws -> String? {
        let found = try schema(database)
        // One that nobody writes to any more may be of an earlier version.
        guard let last = try migrator.appliedMigrations(database).last else { return "it holds no tables" }
        let expected = try expectedSchema(migrator, upTo: last)
        let names = Set(found.keys).union(expected.keys).sorted()
        guard let name = names.first(where: { found[$0] != expected[$0] }) else { return nil }
        if found[name] == nil { return "it lacks the \(name)" }
        return expected[name] == nil ? "it has a \(name) that is not ours" : "its \(name) is another one"
    }

    private static func expectedSchema(
        _ migrator: DatabaseMigrator, upTo migration: String
    ) throws -> Schema {
        if let schema = expected.withLock({ $0[migration] }) { return schema }
        let queue = try DatabaseQueue()
        try migrator.migrate(queue, upTo: migration)
        let schema = try queue.read { try self.schema($0) }
        expected.withLock { $0[migration] = schema }
        return schema
    }

    private static func schema(_ database: Database) throws -> Schema {
        let rows = try Row.fetchAll(
            database,
            sql: "SELECT type || ' ' || name AS name, ifnull(sql, '') AS sql FROM sqlite_schema")
        var schema: Schema = [:]
        for row in rows {
            let name: String = try row.decode(forColumn: "name")
            // Statistics follow from the rows.
            if name.hasPrefix("table sqlite_stat") { continue }
            // What other versions of SQLite and GRDB make for themselves may be worded otherwise.
            let isTheirs = name.hasPrefix("table recordingText_") || name == "table grdb_migrations"
            schema[name] = isTheirs ? "" : try row.decode(forColumn: "sql")
        }
        return schema
    }
}
