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
        let lock = try takeLock(layout, operations)
        let temporary = Folder.path(layout.incoming, TemporaryName.next())
        var summary = RebuildSummary()
        do {
            try files(layout) { () throws(FileError) in
                try Folder.makeDurably(layout.incoming, operations: operations)
            }
            summary = try fill(temporary, layout, description, operations, progress)
            try checkLength(of: temporary, layout, operations)
            let file = try PendingFile(takingOver: temporary, permissions: 0o644, operations: operations)
            // The old log must not be applied to the new catalog. A last writer that closes folds it into the old one.
            if try operations.status(of: layout.catalog) != nil,
                (try? Catalog.openForWriting(layout, isNew: false).close()) == nil
            {
                try operations.rename(layout.catalog, to: layout.catalog + ".damaged")
            }
            for companion in layout.catalogCompanions where try operations.status(of: companion) != nil {
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
        _ operations: any FileOperations, _ progress: (Int64) -> Void
    ) throws -> RebuildSummary {
        var configuration = Configuration()
        configuration.prepareDatabase { database in
            // A crash leaves the old catalog, so the new one needs no protection before it is complete.
            // A million rows need some of their indexes in memory.
            try database.execute(
                sql: "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -200000")
        }
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        try CatalogSchema.migrator.migrate(queue)
        var summary = RebuildSummary()
        try queue.writeWithoutTransaction { database in
            try database.execute(
                sql: "CREATE TEMP TABLE found (id TEXT PRIMARY KEY, path TEXT NOT NULL) STRICT")
            try scan(layout, operations, database, &summary)
            try fold(layout, operations, database, &summary, progress)
            // The ingest of what was erased since has no sidecar to tell which PBX listed it.
            try database.execute(
                sql: """
                    UPDATE listed SET archived =
                        (SELECT COUNT(*) FROM recording WHERE recording.messageKey = listed.messageKey)
                        + (SELECT COUNT(*) FROM tombstone WHERE tombstone.messageKey = listed.messageKey)
                    """)
            summary.recordings = try CatalogQueries.rowCount(database)
            // What was erased and has a sidecar yet is what an erasure did not come to, also where it was damaged.
            try database.execute(
                sql: """
                    INSERT OR IGNORE INTO removal (id, place, path, state)
                    SELECT found.id, '', found.path, tombstone.state
                    FROM found JOIN tombstone ON tombstone.id = found.id
                    """)
            summary.answerless = try summary.answerless.filter {
                try CatalogQueries.recording(database, id: $0) != nil
            }
            summary.lost = try String.fetchAll(
                database, sql: "SELECT id FROM lost WHERE id NOT IN (SELECT id FROM tombstone) ORDER BY id")
            try database.execute(sql: "DROP TABLE temp.found; DROP TABLE temp.lost")
            try Listing.describe(database, layout, operations)
        }
        try queue.close()
        return summary
    }

    /// Notes where each recording's sidecar is.
    private static func scan(
        _ layout: ArchiveLayout, _ operations: any FileOperations, _ database: Database,
        _ summary: inout RebuildSummary
    ) throws {
        try database.execute(sql: "CREATE TEMP TABLE lost (id TEXT PRIMARY KEY) STRICT")
        for state in Recording.State.allCases {
            let suffix = state == .archived ? ".json" : ".record.json"
            try FolderWalk.files(below: ArchiveLayout.folderName(of: state), in: layout, operations) { path in
                guard path.hasSuffix(suffix) else { return }
                let absolute = layout.absolute(path)
                guard let sidecar = try readable(absolute, operations),
                    Sidecar.path(of: sidecar.path, state) == path
                else {
                    summary.damaged.append(absolute)
                    return
                }
                try database.execute(
                    sql: "INSERT INTO found (id, path) VALUES (?, ?) ON CONFLICT DO NOTHING",
                    arguments: [sidecar.id, sidecar.path])
            }
        }
    }

    /// Reads a sidecar; nil where it is none as it was written.
    ///
    /// - Throws: `ArchiveError` where it cannot be read: a catalog without what a disk does not give for the moment,
    ///   or what another user may not see, must not replace one that has it.
    private static func readable(
        _ path: String, _ operations: any FileOperations
    ) throws(ArchiveError) -> Sidecar? {
        do throws(ArchiveError) {
            return try Sidecar.read(path, operations)
        } catch {
            guard case .sidecarDamaged = error else { throw error }
            return nil
        }
    }

    private static func fold(
        _ layout: ArchiveLayout, _ operations: any FileOperations, _ database: Database,
        _ summary: inout RebuildSummary, _ progress: (Int64) -> Void
    ) throws {
        var damaged: [String] = []
        var lostAnswers: [String: String] = [:]
        var fold = CatalogFold(database: database, entries: 0) { record, commitment in
            let found = try String.fetchOne(
                database, sql: "SELECT path FROM found WHERE id = ?", arguments: [record])
            let state = found.map { $0.hasSuffix(".flac") ? Recording.State.archived : .quarantined }
            // An ingest that was cut short after its line has its sidecar as the intent, too.
            let path =
                if let found, let state {
                    layout.absolute(Sidecar.path(of: found, state))
                } else {
                    layout.intent(of: record)
                }
            // The log knows the facts as they were; others must not come into the catalog.
            if try operations.status(of: path) != nil {
                if let sidecar = try readable(path, operations),
                    try sidecar.commitment().hexadecimal == commitment
                {
                    return sidecar
                }
                damaged.append(path)
            }
            try database.execute(
                sql: "INSERT INTO lost (id) VALUES (?) ON CONFLICT DO NOTHING", arguments: [record])
            return nil
        } answer: { recording, hook, commitment in
            let answer = try answer(to: recording, of: hook, commitment, layout, operations)
            lostAnswers["\(recording.id) \(hook)"] = answer == nil ? recording.id : nil
            return answer
        }
        defer {
            summary.damaged += damaged
            summary.answerless = Set(lostAnswers.values).sorted()
        }
        var reader = try JournalReader(at: layout.journal, operations: operations)
        while true {
            var lines: [JournalLine] = []
            while lines.count < 1000, let line = try reader.next() { lines.append(line) }
            guard !lines.isEmpty else { break }
            let position = reader.position
            try database.inTransaction {
                for line in lines { try fold.apply(line) }
                try Progress.set(.applied, position, database)
                return .commit
            }
            progress(Int64(position.lines))
        }
    }
}
