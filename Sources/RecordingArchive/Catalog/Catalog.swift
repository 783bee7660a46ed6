internal import DurableFiles
internal import GRDB

/// The SQLite database that lists what an archive holds.
struct Catalog: Sendable {
    private let queue: DatabaseQueue

    /// Looks after a file that is read without locks; nil where SQLite's own locks do.
    private var quiet: QuietCatalog?

    /// The archive's folder, for errors.
    private let root: String

    /// How long a lock is waited for that another process holds, in seconds; it holds it for milliseconds.
    private static let busyTimeout = 10.0

    /// Opens the catalog of an archive for writing; one without tables is given some only where the archive is new.
    static func openForWriting(_ layout: ArchiveLayout, isNew: Bool) throws(ArchiveError) -> Catalog {
        try convertingErrors(layout.root) {
            try checkKind(layout)
            var configuration = Configuration()
            configuration.journalMode = .wal
            configuration.busyMode = .timeout(busyTimeout)
            // SQLite would make it as the umask says, and gives its companions the mode that it has.
            if isNew { try makeFile(layout.catalog) }
            let queue = try DatabaseQueue(path: layout.catalog, configuration: configuration)
            let migrator = CatalogSchema.migrator
            try queue.read { try checkSchema($0, migrator, layout, isNew: isNew) }
            // GRDB sets NORMAL for WAL after it has run the configuration's own set-up; then a power cut takes
            // commits that were acknowledged. FULL syncs the log at each commit. What is erased is overwritten.
            try queue.writeWithoutTransaction { database in
                try database.execute(
                    sql: "PRAGMA synchronous = FULL; PRAGMA fullfsync = TRUE; PRAGMA secure_delete = ON")
            }
            try migrator.migrate(queue)
            try queue.read { try checkTables($0, migrator, layout) }
            return Catalog(queue: queue, root: layout.root)
        }
    }

    /// Opens the catalog of an archive that is not to be changed, also on a read-only file system.
    static func openForReading(_ layout: ArchiveLayout) throws(ArchiveError) -> Catalog {
        try convertingErrors(layout.root) {
            try checkKind(layout)
            var configuration = Configuration()
            configuration.readonly = true
            configuration.busyMode = .timeout(busyTimeout)
            configuration.prepareDatabase { try CatalogSchema.standIn($0) }
            let readOnly = configuration
            @Sendable func open(_ path: String) throws -> DatabaseQueue {
                let queue = try DatabaseQueue(path: path, configuration: readOnly)
                try queue.read { database in
                    let migrator = CatalogSchema.migrator
                    try checkSchema(database, migrator, layout, isNew: false)
                    guard try CatalogSchema.isReadable(database) else {
                        throw ArchiveError.catalogDamaged(
                            path: layout.root, reason: "it is one of an earlier version")
                    }
                }
                return queue
            }
            // A WAL database wants to make its companion files. Where there are none, there is no writer either (it
            // would have made them), the file alone is the whole catalog, and reading it needs to leave no trace.
            guard let quiet = QuietCatalog(layout, open: { try open(layout.catalog) }) else {
                do {
                    return Catalog(queue: try open(layout.catalog), root: layout.root)
                } catch let error as DatabaseError
                    where unreachable.contains(error.resultCode) && QuietCatalog.hasEmptyLog(layout)
                {
                    // On a full or a read-only disk the companion files cannot be used. A log without content adds
                    // nothing to the file.
                    let queue = try open(immutableAddress(of: layout.catalog))
                    return Catalog(queue: queue, root: layout.root)
                }
            }
            do {
                let queue = try open(immutableAddress(of: layout.catalog))
                return Catalog(queue: queue, quiet: quiet, root: layout.root)
            } catch  where !quiet.isQuiet {
                // A writer came meanwhile, and what was read was of no one state.
                return Catalog(queue: try open(layout.catalog), root: layout.root)
            }
        }
    }

    /// Makes a catalog that only this value knows of, in a file that goes with it.
    static func makeTemporary(
        for layout: ArchiveLayout, filledBy fill: (Database) throws -> Void
    ) throws(ArchiveError) -> Catalog {
        try convertingErrors(layout.root) {
            // An empty path is SQLite's word for a temporary file.
            let queue = try DatabaseQueue(path: "")
            try CatalogSchema.migrator.migrate(queue)
            try queue.writeWithoutTransaction(fill)
            return Catalog(queue: queue, root: layout.root)
        }
    }

    /// What is wrong with the structures of the database, its indexes included; nil where nothing is.
    func structuralProblem() throws(ArchiveError) -> String? {
        try readNow { database in
            try String.fetchAll(database, sql: "PRAGMA integrity_check (1)").first { $0 != "ok" }
        }
    }

    /// The replicas that a catalog names which may be damaged; none where it cannot be read at all.
    static func rememberedReplicas(_ layout: ArchiveLayout) -> [String] {
        if let catalog = try? openForReading(layout),
            let paths = try? catalog.readNow({ try CatalogQueries.replicas($0) })
        {
            return paths
        }
        guard (try? checkKind(layout)) != nil else { return [] }
        var configuration = Configuration()
        configuration.readonly = true
        let queue = try? DatabaseQueue(
            path: immutableAddress(of: layout.catalog), configuration: configuration)
        return (try? queue?.read { try CatalogQueries.replicas($0) }) ?? []
    }

    /// Keeps the log of changes as short as what one transaction changes.
    func beSparing() throws(ArchiveError) {
        try Self.convertingErrors(root) {
            try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA wal_autocheckpoint = 1") }
        }
    }

    /// What SQLite answers where it cannot make, lock or write its companion files.
    private static let unreachable: [ResultCode] = [
        .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_IOERR, .SQLITE_FULL,
    ]

    func close() throws(ArchiveError) {
        try Self.convertingErrors(root) {
            try queue.close()
            try quiet?.close()
        }
    }

    /// Reads at once, on the caller's thread.
    func readNow<Result>(_ body: (Database) throws -> Result) throws(ArchiveError) -> Result {
        try Self.convertingErrors(root) {
            guard let quiet else { return try queue.read(body) }
            return try quiet.read(queue, body)
        }
    }

    /// Writes in one transaction, and returns when the disk holds it.
    func write<Result>(_ body: (Database) throws -> Result) throws(ArchiveError) -> Result {
        try Self.convertingErrors(root) { try queue.write(body) }
    }

    /// Leaves no byte of the rows that were erased in the catalog's files.
    ///
    /// The index of words forgets a row's words only when its parts are made one, and the log keeps old pages until it is
    /// cut off, which has to wait while another process reads any of them.
    ///
    /// - Parameter patience: How long to wait for such a process, in milliseconds.
    /// - Returns: Whether it is done; false where another process reads on.
    /// - Throws: `ArchiveError`, such as for a full disk.
    func forgetErased(patience: Int = 2000) throws(ArchiveError) -> Bool {
        try Self.convertingErrors(root) {
            try queue.writeWithoutTransaction { database in
                try database.execute(sql: "INSERT INTO recordingText (recordingText) VALUES ('optimize')")
                try database.execute(sql: "PRAGMA busy_timeout = \(patience)")
                defer { try? database.execute(sql: "PRAGMA busy_timeout = \(Int(Self.busyTimeout * 1000))") }
                do {
                    _ = try database.checkpoint(.truncate)
                    return true
                } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
                    return false
                }
            }
        }
    }

    /// Reads without holding a thread of the caller's.
    ///
    /// A read takes milliseconds and ends also in a task that is cancelled; broken off, it would fail with an error
    /// that is none of the catalog's.
    func read<Result: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Result
    ) async throws(ArchiveError) -> Result {
        do {
            return try await Task {
                guard let quiet else { return try await queue.read(body) }
                return try quiet.read(queue, body)
            }.value
        } catch {
            throw Self.converted(error, root)
        }
    }

    /// Refuses what SQLite would take for a failing disk, wait at for ever, or follow to a place where nobody looks for
    /// its companion files.
    ///
    /// A folder keeps it from sharing memory with others, as a full disk does, and from nothing else.
    /// Makes an empty file that only this user can open, where there is none.
    private static func makeFile(_ path: String) throws(FileError) {
        do throws(FileError) {
            FileSystem.posix.close(try FileSystem.posix.createFile(path, permissions: 0o600))
        } catch {
            guard error.kind == .exists else { throw error }
        }
    }

    private static func checkKind(_ layout: ArchiveLayout) throws {
        for path in [layout.catalog, layout.catalog + "-journal"] + layout.catalogCompanions {
            guard let problem = FileForm.problem(at: path, FileSystem.posix),
                try FileSystem.posix.status(of: path, followingLinks: false)?.kind != .folder
                    || !path.hasSuffix("-shm")
            else { continue }
            throw ArchiveError.catalogDamaged(
                path: layout.root, reason: "\(Folder.name(of: path)) \(problem)")
        }
    }

    private static func checkSchema(
        _ database: Database, _ migrator: DatabaseMigrator, _ layout: ArchiveLayout, isNew: Bool
    ) throws {
        let applied = try migrator.appliedIdentifiers(database)
        guard isNew || !applied.isEmpty else {
            throw ArchiveError.catalogDamaged(path: layout.root, reason: "it holds no tables")
        }
        guard try !migrator.hasBeenSuperseded(database) else {
            throw ArchiveError.newerFormat(
                path: layout.root, version: ArchiveDescription.version + 1,
                supported: ArchiveDescription.version)
        }
        // An older one is looked at when it was brought up to date, or where it is read as it is.
        if try CatalogSchema.isReadable(database) { try checkTables(database, migrator, layout) }
    }

    private static func checkTables(
        _ database: Database, _ migrator: DatabaseMigrator, _ layout: ArchiveLayout
    ) throws {
        if let problem = try CatalogSchemaCheck.problem(database, migrator) {
            throw ArchiveError.catalogDamaged(path: layout.root, reason: problem)
        }
    }

    /// The path as a URI that tells SQLite that nobody changes the file.
    private static func immutableAddress(of path: String) -> String {
        let escaped = path.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "%"): "%25"
            case UInt8(ascii: "?"): "%3f"
            case UInt8(ascii: "#"): "%23"
            default: nil as String?
            }
        }
        var bytes: [UInt8] = []
        for (byte, escape) in zip(path.utf8, escaped) { bytes += escape.map { Array($0.utf8) } ?? [byte] }
        return "file:" + String(decoding: bytes, as: UTF8.self) + "?immutable=1"
    }

    private static func convertingErrors<Result>(
        _ root: String, _ body: () throws -> Result
    ) throws(ArchiveError) -> Result {
        do {
            return try body()
        } catch {
            throw converted(error, root)
        }
    }

    private static func fullDisk(_ root: String) -> ArchiveError {
        .file(.fullDisk(.write, path: ArchiveLayout(root: root).catalog))
    }

    private static func converted(_ error: any Error, _ root: String) -> ArchiveError {
        switch error {
        case let error as ArchiveError:
            return error
        case let error as DatabaseError:
            let reason = error.message ?? "\(error.resultCode)"
            switch error.resultCode {
            case .SQLITE_CORRUPT, .SQLITE_NOTADB: return .catalogDamaged(path: root, reason: reason)
            case .SQLITE_CANTOPEN:
                // The database does not tell why.
                do throws(FileError) {
                    _ = try FileSystem.posix.contents(of: ArchiveLayout(root: root).catalog, at: 0, count: 1)
                } catch {
                    if error.kind == .notPermitted { return .file(error) }
                }
                return .catalog(path: root, reason: reason)
            // Nothing that the journal tells contradicts a catalog that has taken in what came before.
            case .SQLITE_CONSTRAINT where error.extendedResultCode != .SQLITE_CONSTRAINT_TRIGGER:
                return .catalogDamaged(path: root, reason: "it contradicts the journal: \(reason)")
            case .SQLITE_FULL: return fullDisk(root)
            case .SQLITE_IOERR where error.extendedResultCode == .SQLITE_IOERR_SHMSIZE: return fullDisk(root)
            case .SQLITE_READONLY: return .readOnly(path: root)
            default: return .catalog(path: root, reason: reason)
            }
        case let error as CatalogContentError:
            return .catalogDamaged(path: root, reason: error.reason)
        case is RowDecodingError, is DecodingError:
            return .catalogDamaged(path: root, reason: "a row cannot be read")
        default:
            return .catalog(path: root, reason: "\(error)")
        }
    }
}
