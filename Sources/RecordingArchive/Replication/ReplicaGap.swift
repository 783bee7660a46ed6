internal import Digests
internal import GRDB

/// A recording that a replica lacks although its journal has come past it: a file of the archive was damaged then, or could not
/// be read.
struct ReplicaGap {
    let record: String
    /// The SHA-256 of the report; nil where it has none.
    let report: Digest?

    /// Records have no spaces, which paths may have: what is behind the path of one replica is never taken for a record where
    /// it is the rest of another's path.
    private static func prefix(_ place: String) -> String { "gap \(place) " }

    static func add(_ record: String, _ report: Digest?, place: String, _ database: Database) throws {
        try Progress.set(Progress(name: prefix(place) + record), report?.hexadecimal ?? "", database)
    }

    static func forget(_ record: String, place: String, _ database: Database) throws {
        try database.execute(sql: "DELETE FROM progress WHERE name = ?", arguments: [prefix(place) + record])
    }

    static func isThere(_ record: String, place: String, _ database: Database) throws -> Bool {
        try Progress.text(Progress(name: prefix(place) + record), database) != nil
    }

    static func all(place: String, _ database: Database) throws -> [ReplicaGap] {
        let prefix = prefix(place)
        return try Row.fetchAll(
            database,
            sql: """
                SELECT substr(name, length(?1) + 1) AS record, value FROM progress
                WHERE substr(name, 1, length(?1)) = ?1 AND instr(substr(name, length(?1) + 1), ' ') = 0
                ORDER BY name
                """,
            arguments: [prefix]
        ).map {
            ReplicaGap(
                record: try $0.decode(String.self, forColumn: "record"),
                report: Digest(hexadecimal: try $0.decode(String.self, forColumn: "value")))
        }
    }
}
