internal import GRDB

extension CatalogQueries {
    /// The ids that begin with some hexadecimal digits, those of erased recordings included, in ascending order.
    static func ids(_ database: Database, prefix: String, limit: Int) throws -> [String] {
        // "g" is the character after the last digit.
        try String.fetchAll(
            database,
            sql: """
                SELECT id FROM recording WHERE id >= ?1 AND id < ?2
                UNION SELECT id FROM tombstone WHERE id >= ?1 AND id < ?2
                ORDER BY id LIMIT ?3
                """,
            arguments: [prefix, prefix + "g", limit])
    }
}

extension RecordingArchive {
    /// The ids that begin with some digits, so that a person need not type them whole.
    ///
    /// - Parameters:
    ///   - prefix: Lowercase hexadecimal digits.
    ///   - limit: The most ids wanted.
    /// - Returns: Ids of recordings and of erased ones, in ascending order.
    /// - Throws: `ArchiveError`.
    public nonisolated func ids(prefix: String, limit: Int = 10) async throws(ArchiveError) -> [String] {
        try await catalog.read { try CatalogQueries.ids($0, prefix: prefix, limit: limit) }
    }
}
