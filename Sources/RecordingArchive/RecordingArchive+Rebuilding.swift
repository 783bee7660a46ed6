public import DurableFiles
internal import GRDB

extension RecordingArchive {
    /// Makes the catalog of an archive anew, and puts it in the place of the old one in one step.
    ///
    /// The archive must not be open for writing. Until the last step the old catalog stays as it is; one that cannot
    /// be opened is kept beside the new one as `catalog.sqlite.damaged`.
    ///
    /// - Parameters:
    ///   - path: The archive's folder.
    ///   - recordings: What the catalog is to hold, as it was found in the files.
    ///   - operations: The system calls on files.
    /// - Returns: How many rows the new catalog has.
    /// - Throws: `ArchiveError`, and what the sequence throws.
    @discardableResult
    public static func rebuildCatalog(
        at path: String, from recordings: some AsyncSequence<Recording, any Error>,
        operations: any FileOperations = FileSystem.posix
    ) async throws -> Int {
        let layout = ArchiveLayout(root: absolute(path))
        guard try describe(layout, operations, needsCatalog: false) != nil else {
            throw ArchiveError.missing(path: layout.root)
        }
        let lock = try takeLock(layout, operations)
        let temporary = Folder.path(layout.incoming, TemporaryName.next())
        let count = try await fill(temporary, recordings, layout)
        let file = try PendingFile(takingOver: temporary, permissions: 0o644, operations: operations)
        // The old log must not be applied to the new catalog. A last writer that closes folds it into the old one.
        let isReadable = (try? Catalog.openForWriting(layout, isNew: false).close()) != nil
        if try !isReadable && operations.status(of: layout.catalog) != nil {
            try operations.rename(layout.catalog, to: layout.catalog + ".damaged")
        }
        for companion in layout.catalogCompanions where try operations.status(of: companion) != nil {
            try operations.remove(companion)
        }
        try file.publish(as: layout.catalog, replacing: true)
        withExtendedLifetime(lock) {}
        return count
    }

    private static func fill(
        _ path: String, _ recordings: some AsyncSequence<Recording, any Error>, _ layout: ArchiveLayout
    ) async throws -> Int {
        var configuration = Configuration()
        configuration.prepareDatabase { database in
            // A crash leaves the old catalog, so the new one needs no protection before it is complete.
            try database.execute(sql: "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")
        }
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        try CatalogSchema.migrator.migrate(queue)
        var count = 0
        var batch: [Recording] = []
        func flush() async throws {
            let rows = batch.map { RecordingRow($0, salt: randomDigits(64)) }
            try await queue.write { database in
                for row in rows { try row.insert(database) }
            }
            count += batch.count
            batch.removeAll(keepingCapacity: true)
        }
        for try await recording in recordings {
            batch.append(recording)
            if batch.count == 1000 { try await flush() }
        }
        try await flush()
        try queue.close()
        return count
    }
}
