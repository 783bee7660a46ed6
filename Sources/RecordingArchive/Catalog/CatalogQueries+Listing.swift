internal import GRDB

extension CatalogQueries {
    static func page(
        _ database: Database, _ filter: RecordingFilter, limit: Int, after cursor: RecordingPage.Cursor?
    ) throws -> RecordingPage {
        var conditions: [String] = []
        var arguments = StatementArguments()
        func add(_ column: String, _ value: String?) {
            guard let value else { return }
            conditions.append("\(column) = ?")
            arguments += [value]
        }
        add("caller", filter.caller.map(NULFreeText.encode))
        add("extension", filter.extension.map(NULFreeText.encode))
        add("state", filter.state?.rawValue)
        add("verdict", filter.verdict)
        add("pbx", filter.pbx.map(NULFreeText.encode))
        if let since = filter.since {
            conditions.append("time >= ?")
            arguments += [since]
        }
        if let before = filter.before {
            conditions.append("time < ?")
            arguments += [before]
        }
        if let cursor {
            conditions.append("position < ?")
            arguments += [cursor.position.number]
        }
        let limit = min(max(1, limit), 100_000)
        // One more than is asked for tells whether there is a next page.
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT * FROM recording \(conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND "))
                ORDER BY position DESC LIMIT \(limit + 1)
                """,
            arguments: arguments)
        let page = rows.prefix(limit)
        var next: RecordingPage.Cursor?
        if rows.count > limit, let last = page.last {
            next = RecordingPage.Cursor(
                position: ListPosition(number: try last.decode(forColumn: "position")))
        }
        return RecordingPage(recordings: try page.map { try RecordingRow(row: $0).recording }, next: next)
    }
}
