internal import GRDB
internal import Synchronization

/// Whether a database has the tables, indexes, views and triggers of a catalog, and no others.
///
/// SQLite reads a database that lacks an index, or a trigger, without a word: lists are slow then, or sums are wrong.
enum CatalogSchemaCheck {
    /// What there is by its kind and name, with the statement that made it.
    private typealias Schema = [String: String]

    private static let ofMigrator: Set = [
        "table grdb_migrations", "index sqlite_autoindex_grdb_migrations_1",
    ]

    private static let known = Mutex<[String: Schema]>([:])

    /// Looks for the first thing that is not as the migrations make it that a catalog has behind it.
    ///
    /// - Returns: What is wrong, worded to follow "the catalog is damaged"; nil where nothing is.
    static func problem(_ database: Database, _ migrator: DatabaseMigrator) throws -> String? {
        let found = try schema(database)
        let expected = try schema(after: try migrator.appliedMigrations(database).last, migrator)
        let names = Set(found.keys).union(expected.keys).sorted()
        guard let name = names.first(where: { found[$0] != expected[$0] }) else { return nil }
        if found[name] == nil { return "it lacks the \(name)" }
        return expected[name] == nil ? "it has a \(name) that is not ours" : "its \(name) is another one"
    }

    /// What the migrations make up to one of them.
    private static func schema(after last: String?, _ migrator: DatabaseMigrator) throws -> Schema {
        guard let last else { return [:] }
        if let schema = known.withLock({ $0[last] }) { return schema }
        let queue = try DatabaseQueue()
        try migrator.migrate(queue, upTo: last)
        let schema = try queue.read { try self.schema($0) }
        known.withLock { $0[last] = schema }
        return schema
    }

    private static func schema(_ database: Database) throws -> Schema {
        let rows = try Row.fetchAll(
            database,
            sql: "SELECT type || ' ' || name AS name, ifnull(sql, '') AS sql FROM sqlite_schema")
        var schema: Schema = [:]
        for row in rows {
            let name: String = try row.decode(forColumn: "name")
            // Statistics follow from the rows. GRDB's own table is all that there is where the making was cut short.
            if name.hasPrefix("table sqlite_stat") || Self.ofMigrator.contains(name) { continue }
            // What other versions of SQLite and GRDB make for themselves may be worded otherwise.
            let isTheirs = name.hasPrefix("table recordingText_")
            schema[name] = isTheirs ? "" : try row.decode(forColumn: "sql")
        }
        return schema
    }
}
