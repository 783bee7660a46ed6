internal import GRDB

/// What a catalog holds as text, to tell whether one that was made anew equals the one that was lost.
enum CatalogFingerprint {
    /// All rows of all tables, each table and its rows in the order of their keys: a line with the table's name and
    /// columns, then a line for each row.
    ///
    /// The index of words has other content after another history of the same rows; it is checked instead, where the
    /// catalog is open for writing.
    static func text(_ database: Database, checkingWords: Bool) throws -> String {
        if checkingWords {
            try database.execute(
                sql: "INSERT INTO recordingText (recordingText, rank) VALUES ('integrity-check', 1)")
        }
        let tables = try String.fetchAll(
            database,
            sql: """
                SELECT name FROM sqlite_schema
                WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'grdb%'
                    AND name NOT LIKE 'recordingText%'
                ORDER BY name
                """)
        var lines: [String] = []
        for table in tables {
            let columns = try database.columns(in: table).map(\.name)
            lines.append("\(table): \(columns.joined(separator: ", "))")
            let values = columns.map { "quote(\"\($0)\")" }.joined(separator: " || ', ' || ")
            let key = try database.primaryKey(table).columns.map { "\"\($0)\"" }.joined(separator: ", ")
            lines += try String.fetchAll(
                database, sql: "SELECT \(values) FROM \"\(table)\" ORDER BY \(key)")
        }
        return lines.map { $0 + "\n" }.joined()
    }
}
