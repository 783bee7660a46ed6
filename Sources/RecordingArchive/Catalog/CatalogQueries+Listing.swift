internal import GRDB

extension CatalogQueries {
    /// A page of a list, newest recordings first.
    static func page(
        _ database: Database, _ filter: RecordingFilter, limit: Int, after cursor: RecordingPage.Cursor?,
        fewRows: Int = ListQuery.fewRows
    ) throws -> RecordingPage {
        let limit = min(max(1, limit), 100_000)
        // One more than is asked for tells whether there is a next page.
        let query = try ListQuery(database, filter, limit: limit + 1, after: cursor, fewRows: fewRows)
        let positions = try query.positions(database)
        let page = positions.prefix(limit)
        var recordings: [Recording] = []
        recordings.reserveCapacity(page.count)
        let statement = try database.cachedStatement(sql: "SELECT * FROM recording WHERE position = ?")
        for position in page {
            guard let row = try RecordingRow.fetchOne(statement, arguments: [position]) else {
                throw CatalogContentError(reason: "an index names a row that is not there")
            }
            recordings.append(row.recording)
        }
        let next = positions.count > limit ? page.last.map { ListPosition(number: $0) } : nil
        return RecordingPage(recordings: recordings, next: next.map(RecordingPage.Cursor.init))
    }
}
