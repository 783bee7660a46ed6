internal import GRDB

/// Files of an erased recording that are still there: in the archive itself, or in a replica.
struct Removal {
    let path: String
    let state: Recording.State

    /// What is left of a recording in a place: the path of a replica, or the empty text for the archive itself.
    static func of(_ record: String, place: String, _ database: Database) throws -> Removal? {
        try Row.fetchOne(
            database, sql: "SELECT path, state FROM removal WHERE id = ? AND place = ?",
            arguments: [record, place]
        ).map(Removal.init)
    }

    /// What is left of all erased recordings in a place.
    static func all(
        place: String, _ database: Database
    ) throws -> [(record: String, removal: Removal)] {
        try Row.fetchAll(
            database, sql: "SELECT id, path, state FROM removal WHERE place = ? ORDER BY id",
            arguments: [place]
        ).map { (try $0.decode(forColumn: "id"), try Removal(row: $0)) }
    }

    static func forget(_ record: String, place: String, _ database: Database) throws {
        try database.execute(
            sql: "DELETE FROM removal WHERE id = ? AND place = ?", arguments: [record, place])
    }

    /// How many erased recordings have files in a place still.
    static func count(_ database: Database, place: String) throws -> Int {
        try Int.fetchOne(database, sql: "SELECT COUNT(*) FROM removal WHERE place = ?", arguments: [place])
            ?? 0
    }

    /// Whether a path is one of those that go with a recording's file.
    static func covers(_ path: String, place: String, _ database: Database) throws -> Bool {
        let rows = try Row.fetchAll(
            database, sql: "SELECT path, state FROM removal WHERE place = ?", arguments: [place])
        return try rows.contains { row in
            let file: String = try row.decode(forColumn: "path")
            let state = Recording.State(rawValue: try row.decode(forColumn: "state")) ?? .archived
            let report = state == .quarantined ? RecordingArchive.reportPath(of: file) : nil
            return [file, Sidecar.path(of: file, state), report].contains(path)
        }
    }
}

extension Removal {
    fileprivate init(row: Row) throws {
        guard let state = Recording.State(rawValue: try row.decode(forColumn: "state")) else {
            throw CatalogContentError(reason: "an unknown state")
        }
        let path: String = try row.decode(forColumn: "path")
        guard FileNaming.isConfined(path, state) else { throw CatalogContentError.unconfinedPath }
        self.init(path: path, state: state)
    }
}
