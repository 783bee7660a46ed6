internal import GRDB

extension CatalogQueries {
    /// How much the archive holds, from the sums that the catalog keeps.
    static func statistics(_ database: Database) throws -> ArchiveStatistics {
        var statistics = ArchiveStatistics()
        var milliseconds: Int64 = 0
        for row in try Row.fetchAll(database, sql: "SELECT * FROM tally") {
            let count: Int = try row.decode(forColumn: "count")
            switch Recording.State(rawValue: try row.decode(forColumn: "state")) {
            case .archived: statistics.archived += count
            case .quarantined: statistics.quarantined += count
            case nil: throw CatalogContentError(reason: "an unknown state")
            }
            statistics.verdicts[try row.decode(forColumn: "verdict"), default: 0] += count
            statistics.sourceSize += try row.decode(Int64.self, forColumn: "sourceSize")
            statistics.storedSize += try row.decode(Int64.self, forColumn: "storedSize")
            milliseconds += try row.decode(Int64.self, forColumn: "milliseconds")
        }
        statistics.duration = Double(milliseconds) / 1000
        return statistics
    }
}
