internal import Digests
internal import GRDB

/// A recording that a replica lacks although its journal has come past it: a file was damaged in the archive then.
struct ReplicaGap {
    let record: String
    /// The SHA-256 of the report; nil where it has none.
    let report: Digest?

    private static func prefix(_ place: String) -> String { "gap \(place) " }

    static func add(_ record: String, _ report: Digest?, place: String, _ database: Database) throws {
        try Progress.set(Progress(name: prefix(place) + record), report?.hexadecimal ?? "", database)
    }

    static func forget(_ record: String, place: String, _ database: Database) throws {
        try database.execute(sql: "DELETE FROM progress WHERE name = ?", arguments: [prefix(place) + record])
    }

    static func all(place: String, _ database: Database) throws -> [ReplicaGap] {
        let prefix = prefix(place)
        return try Row.fetchAll(
            database, sql: "SELECT name, value FROM progress WHERE substr(name, 1, ?) = ? ORDER BY name",
            arguments: [prefix.unicodeScalars.count, prefix]
        ).map {
            ReplicaGap(
                record: String(($0["name"] as String).dropFirst(prefix.count)),
                report: Digest(hexadecimal: $0["value"] as String))
        }
    }
}
