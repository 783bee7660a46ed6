internal import AuditTrail
internal import Digests
internal import DurableFiles
internal import GRDB
internal import TransparencyLog

/// What making a catalog anew came upon.
public struct RebuildSummary: Sendable, Hashable {
    /// Rows of recordings.
    public var recordings = 0
    /// Recordings of which the journal knows and neither a sidecar nor an erasure is to be found: their ids.
    public var lost: [String] = []
    /// Recordings that have lost the answer of a hook: their ids.
    public var answerless: [String] = []
    /// Files that should be sidecars and are none.
    public var damaged: [String] = []

    /// Makes a summary of nothing found but so many recordings.
    public init(recordings: Int = 0) {
        self.recordings = recordings
    }
}

extension RecordingArchive {
    /// Makes the catalog of an archive anew from journal and sidecars, and puts it in the place of the old one in one
    /// step.
    ///
    /// The archive must not be open for writing. Until the last step the old catalog stays as it is; one that cannot
    /// be opened is kept beside the new one as `catalog.sqlite.damaged`.
    ///
    /// - Parameters:
    ///   - path: The archive's folder.
    ///   - context: Clock, randomness and system calls.
    ///   - progress: Is told now and then how many lines of the journal were read.
    /// - Returns: What was found.
    /// - Throws: `ArchiveError`.
    public static func rebuildCatalog(
        at path: String, context: ArchiveContext = ArchiveContext(),
        progress: (_ lines: Int64) -> Void = { _ in }
    ) throws(ArchiveError) -> RebuildSummary {
        let operations = context.operations
        let layout = ArchiveLayout(root: absolute(path))
        guard let description = try describe(layout, operations, needsCatalog: false) else {
            throw .missing(path: layout.root)
        }
        try JournalGuard.check(layout, applied: .start, operations)
        let lock = try takeLock(layout, operations)
        let temporary = Folder.path(layout.incoming, TemporaryName.next())
        var summary = RebuildSummary()
        do {
            try files(layout) { () throws(FileError) in
                try Folder.makeDurably(layout.incoming, below: layout.root, operations: operations)
            }
            summary = try withoutActuallyEscaping(progress) {
                try fill(temporary, layout, description, operations, $0)
            }
            try checkLength(of: temporary, layout, operations)
            let file = try PendingFile(takingOver: temporary, permissions: 0o600, operations: operations)
            // The old log must not be applied to the new catalog. A last writer that closes folds it into the old one.
            if try operations.status(of: layout.catalog, followingLinks: false) != nil,
                (try? Catalog.openForWriting(layout, isNew: false).close()) == nil
            {
                try operations.rename(layout.catalog, to: layout.damagedCatalog)
            }
            for companion in layout.catalogCompanions + [layout.catalog + "-journal"]
            where try operations.status(of: companion, followingLinks: false) != nil {
                try operations.remove(companion)
            }
            try file.publish(as: layout.catalog, replacing: true)
        } catch let error as ArchiveError {
            throw error
        } catch let error as FileError {
            throw converted(error, layout)
        } catch {
            throw .catalog(path: layout.root, reason: "\(error)")
        }
        withExtendedLifetime(lock) {}
        return summary
    }

    /// Refuses to put a catalog from a journal that has lost entries in the place of one that may know of them.
    private static func checkLength(
        of path: String, _ layout: ArchiveLayout, _ operations: any FileOperations
    ) throws {
        guard (try? Catalog.openForReading(layout).close()) != nil,
            let keys = try? VerifierKeyList.read(layout.verifierKeys, operations), !keys.isEmpty,
            let log = try? LogReader(at: layout.log, keys: keys, operations: operations)
        else { return }
        let queue = try DatabaseQueue(path: path)
        let entries = try queue.read { try Progress.position(.applied, $0).entries }
        try queue.close()
        guard entries >= Int(log.size) else {
            try operations.remove(path)
            throw ArchiveError.journalRolledBack(path: layout.root, entries: entries, known: Int(log.size))
        }
    }

    private static func fill(
        _ path: String, _ layout: ArchiveLayout, _ description: ArchiveDescription,
        _ operations: any FileOperations, _ progress: @escaping (Int64) -> Void
    ) throws -> RebuildSummary {
        var configuration = Configuration()
        configuration.prepareDatabase { database in
            // A crash leaves the old catalog, so the new one needs no protection before it is complete.
            // A million rows need some of their indexes in memory.
            try database.execute(
                sql: """
                    PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -200000;
                    PRAGMA secure_delete = ON
                    """)
        }
        // SQLite would make it as the umask says.
        operations.close(try operations.createFile(path, permissions: 0o600))
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        try CatalogSchema.migrator.migrate(queue)
        var maker = CatalogMaker(
            journal: layout, places: [layout], pseudonymKey: description.pseudonymKey, operations: operations,
            progress: progress)
        try queue.writeWithoutTransaction { try maker.fill($0) }
        try queue.close()
        return maker.summary
    }
}
