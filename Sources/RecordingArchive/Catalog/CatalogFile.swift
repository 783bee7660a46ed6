internal import GRDB

/// A catalog by itself, without an archive around it, so that it can be measured and tested with a million rows.
package struct CatalogFile: Sendable {
    private let catalog: Catalog

    /// Below how many rows a list fetches the rows of a condition; a small number shows what many rows cost.
    package var fewRows = ListQuery.fewRows

    /// Makes a catalog in a folder, or opens the one that is there.
    package init(inFolder folder: String) throws(ArchiveError) {
        catalog = try Catalog.openForWriting(ArchiveLayout(root: folder), isNew: true)
    }

    /// Adds recordings in one transaction.
    package func insert(_ recordings: [Recording]) throws(ArchiveError) {
        let salt = String(repeating: "0", count: 64)
        try catalog.write { database in
            for recording in recordings { try CatalogQueries.insert(database, recording, salt: salt) }
        }
    }

    /// Sets how much of the file is kept in memory, in KiB; 2000 unless it is set.
    package func setCache(_ size: Int) throws(ArchiveError) {
        try catalog.write { try $0.execute(sql: "PRAGMA cache_size = -\(size)") }
    }

    /// Takes recordings out.
    package func erase(_ ids: [String]) throws(ArchiveError) {
        try catalog.write { database in
            for id in ids {
                try database.execute(sql: "DELETE FROM recording WHERE id = ?", arguments: [id])
            }
        }
    }

    /// Leaves no byte of what was taken out, unless another process reads it, and says whether that is done.
    @discardableResult
    package func forgetErased() throws(ArchiveError) -> Bool {
        try catalog.forgetErased()
    }

    /// Places a hold on the recordings of some sequences.
    package func hold(_ id: String, caseID: String, sequences: ClosedRange<Int64>) throws(ArchiveError) {
        try catalog.write { database in
            try database.execute(
                sql: "INSERT INTO hold VALUES (?, ?, NULL, 0, '', '', '', 0, NULL, NULL, NULL, NULL)",
                arguments: [id, caseID])
            try database.execute(
                sql: """
                    INSERT INTO holdMember
                    SELECT ?, position FROM recording WHERE sequence BETWEEN ? AND ?
                    """,
                arguments: [id, sequences.lowerBound, sequences.upperBound])
        }
    }

    /// Releases a hold.
    package func release(_ id: String) throws(ArchiveError) {
        try catalog.write { database in
            try database.execute(sql: "UPDATE hold SET releasedAt = 'now' WHERE id = ?", arguments: [id])
        }
    }

    /// The page of a list, see `RecordingArchive.recordings(matching:limit:after:)`.
    package func page(
        _ filter: RecordingFilter, limit: Int, after cursor: RecordingPage.Cursor? = nil
    ) throws(ArchiveError) -> RecordingPage {
        try catalog.readNow {
            try CatalogQueries.page($0, filter, limit: limit, after: cursor, fewRows: fewRows)
        }
    }

    /// How much the catalog holds.
    package func statistics() throws(ArchiveError) -> ArchiveStatistics {
        try catalog.readNow { try CatalogQueries.statistics($0) }
    }

    /// The statements that a page takes, with their values, but for those that fetch its rows by their key.
    package func statements(
        _ filter: RecordingFilter, limit: Int, after cursor: RecordingPage.Cursor? = nil
    ) throws(ArchiveError) -> [String] {
        try catalog.readNow { database in
            var statements: [String] = []
            database.trace { event in
                // The index of words has statements of its own, which SQLite traces as comments.
                let statement = event.expandedDescription
                if !statement.hasPrefix("--") { statements.append(statement) }
            }
            defer { database.trace(options: []) }
            let query = try ListQuery(database, filter, limit: limit + 1, after: cursor, fewRows: fewRows)
            _ = try query.positions(database)
            return statements
        }
    }

    /// All rows of all tables as text, after a check of the index of words; see `CatalogFingerprint`.
    package func fingerprint() throws(ArchiveError) -> String {
        try catalog.write { try CatalogFingerprint.text($0, checkingWords: true) }
    }

    /// Closes the catalog.
    package func close() throws(ArchiveError) {
        try catalog.close()
    }
}
