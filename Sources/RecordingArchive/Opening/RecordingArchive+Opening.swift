internal import AuditTrail
internal import Digests
internal import DurableFiles
internal import Foundation
internal import TransparencyLog

extension RecordingArchive {
    /// Makes an archive, and the key that signs its log, in a folder that is missing or empty, and opens it for writing.
    ///
    /// Only this makes one: where a disk is not mounted, its mount point is an empty folder, too. What a crash cut short can
    /// be made once more.
    ///
    /// - Parameters:
    ///   - path: The archive's folder.
    ///   - key: Says where the key goes.
    ///   - retention: How long recordings are kept for which nothing else is said.
    ///   - context: Clock, randomness, system calls and the actor.
    /// - Returns: The archive.
    /// - Throws: `ArchiveError`: `exists`, `notAnArchive`.
    public static func create(
        at path: String, key: @escaping LogKey.Finder, retention: RetentionPolicy,
        context: ArchiveContext = ArchiveContext()
    ) async throws(ArchiveError) -> RecordingArchive {
        let layout = ArchiveLayout(root: absolute(path))
        let archive = try make(layout, key, context)
        try await archive.recover { LogKey(path: key($0, $1).path, mayBeMade: true) }
        if retention != .undecided {
            try await archive.setDefaultRetention(retention, reason: "the archive is made")
        }
        await archive.fillReserve()
        return archive
    }

    private static func make(
        _ layout: ArchiveLayout, _ key: LogKey.Finder, _ context: ArchiveContext
    ) throws(ArchiveError) -> RecordingArchive {
        let operations = context.operations
        func isBegun() throws(ArchiveError) -> Bool {
            do throws(ArchiveError) {
                guard try describe(layout, operations) != nil else { return false }
            } catch {
                if case .catalogMissing = error { throw .exists(path: layout.root) }
                throw error
            }
            // Between the description and the keys nothing can have been added.
            guard try VerifierKeyList.read(layout.verifierKeys, operations).isEmpty else {
                throw .exists(path: layout.root)
            }
            return true
        }
        // A folder that is somebody else's is refused before anything is put into it.
        _ = try isBegun()
        let lock = try takeLock(layout, operations)
        try prepare(layout, operations)
        // Between the first look and the lock, another process may have made the archive.
        if try isBegun() {
            return RecordingArchive(
                layout: layout, description: try ArchiveDescription.read(layout, operations),
                catalog: try Catalog.openForWriting(layout, isNew: false), lock: lock, context: context)
        }
        guard let pseudonymKey = Digest(bytes: context.randomBytes(Digest.byteCount)) else {
            throw .damagedDescription(path: layout.root)
        }
        let description = ArchiveDescription(
            format: ArchiveDescription.format, version: ArchiveDescription.version, id: context.randomID(),
            created: context.now().formatted(.iso8601), pseudonymKey: pseudonymKey)
        // Before there is an archive whose key cannot be made; it is made when there is one, so that a second run can do what a
        // crash keeps this one from.
        let keyPath = key(description.id, 1).path
        guard try !files(layout, { () throws(FileError) in try operations.status(of: keyPath) != nil }) else {
            throw .signing(.exists(path: keyPath))
        }
        let catalog = try Catalog.openForWriting(layout, isNew: true)
        // Last: with the description the folder is an archive, and a catalog that is missing then was lost.
        try description.write(layout, operations)
        return RecordingArchive(
            layout: layout, description: description, catalog: catalog, lock: lock, context: context)
    }

    /// Makes the folders that an archive has from the beginning, and removes what dead processes have left.
    private static func prepare(
        _ layout: ArchiveLayout, _ operations: any FileOperations
    ) throws(ArchiveError) {
        try files(layout) { () throws(FileError) in
            let folders = Recording.State.allCases.map { layout.folder(of: $0) }
            try layout.refuseLinks(operations)
            for folder in [layout.incoming, layout.journal] + folders {
                try Folder.makeDurably(folder, operations: operations)
            }
            try TemporaryName.removeStale(inFolder: layout.incoming, isLocked: true, operations: operations)
        }
    }

    /// Opens an archive.
    ///
    /// Opened for writing, an archive is first brought to where the last run would have brought it: lines of the
    /// journal that the catalog lacks are taken in, what follows from them is done, ingests that were cut short are
    /// completed or dropped, and entries that the log lacks are added to it.
    ///
    /// - Parameters:
    ///   - path: The archive's folder.
    ///   - access: What for.
    ///   - key: Finds the key that signs journal and log; nobody writes without it.
    ///   - isDiskFull: Whether what is to be erased has to do with little room, and the archive's reserve was given up for it.
    ///   - context: Clock, randomness, system calls and the actor.
    /// - Returns: The archive.
    /// - Throws: `ArchiveError`: `missing` where there is none.
    public static func open(
        at path: String, access: Access, key: LogKey.Finder? = nil, isDiskFull: Bool = false,
        context: ArchiveContext = ArchiveContext()
    ) async throws(ArchiveError) -> RecordingArchive {
        let layout = ArchiveLayout(root: absolute(path))
        switch access {
        case .read:
            return try openForReading(layout, context)
        case .write:
            guard let key else {
                throw .refused("nobody writes to the archive at \(layout.root) without its key; name it")
            }
            let archive = try openForWriting(layout, context)
            if isDiskFull { try await archive.beSparing() }
            try await archive.recover(key: key)
            if !isDiskFull { await archive.fillReserve() }
            return archive
        }
    }

    private static func openForReading(
        _ layout: ArchiveLayout, _ context: ArchiveContext
    ) throws(ArchiveError) -> RecordingArchive {
        guard let description = try describe(layout, context.operations) else {
            throw .missing(path: layout.root)
        }
        // Read before the catalog, which is ahead of the log at every moment.
        let logged = JournalGuard.loggedEntries(layout, context.operations)
        let catalog = try Catalog.openForReading(layout)
        let applied = try catalog.readNow { try Progress.position(.applied, $0) }
        try JournalGuard.check(layout, applied: applied, context.operations)
        if let logged, logged > applied.entries, isOlder(catalog, layout, context.operations) {
            throw .catalogDamaged(path: layout.root, reason: olderCopy)
        }
        return RecordingArchive(
            layout: layout, description: description, catalog: catalog, lock: nil, context: context)
    }

    static let olderCopy = "it is an older copy, which lacks recordings that the journal has"

    /// Whether a catalog is an older copy: the journal tells of a recording that it lacks, whose ingest is over.
    static func isOlder(
        _ catalog: Catalog, _ layout: ArchiveLayout, _ operations: any FileOperations
    ) -> Bool {
        while true {
            guard let applied = try? catalog.readNow({ try Progress.position(.applied, $0) }),
                lacksIngest(behind: applied, layout, operations)
            else { return false }
            // A writer takes the intent away when the catalog has the ingest.
            if (try? catalog.readNow { try Progress.position(.applied, $0) }) == applied { return true }
        }
    }

    private static func lacksIngest(
        behind applied: JournalPosition, _ layout: ArchiveLayout, _ operations: any FileOperations
    ) -> Bool {
        // What is wrong with the journal itself is for a verification to tell.
        guard var reader = try? JournalReader(of: layout, from: applied, operations: operations)
        else { return false }
        while let line = try? reader.next() {
            guard let record = line.telling(RecordingIngested.self)?.record else { continue }
            // An error is no answer: `try?` makes nil of both.
            if let names = try? operations.names(inFolder: layout.incoming),
                !names.contains(record + ".json")
            {
                return true
            }
        }
        return false
    }

    static func openForWriting(
        _ layout: ArchiveLayout, _ context: ArchiveContext
    ) throws(ArchiveError) -> RecordingArchive {
        let operations = context.operations
        guard try describe(layout, operations) != nil else { throw .missing(path: layout.root) }
        try JournalGuard.check(layout, applied: .start, operations)
        let lock = try takeLock(layout, operations)
        try prepare(layout, operations)
        guard let description = try describe(layout, operations) else { throw .missing(path: layout.root) }
        let catalog = try Catalog.openForWriting(layout, isNew: false)
        return RecordingArchive(
            layout: layout, description: description, catalog: catalog, lock: lock, context: context)
    }

    /// Reads an archive's description, and makes sure that the catalog is there.
    ///
    /// - Returns: nil where an archive can be made: in a missing or empty folder, and in one where the making was
    ///   cut short.
    static func describe(
        _ layout: ArchiveLayout, _ operations: any FileOperations, needsCatalog: Bool = true
    ) throws(ArchiveError) -> ArchiveDescription? {
        let found: [String]? = try files(layout) { () throws(FileError) in
            guard let status = try operations.status(of: layout.root) else { return [] }
            return status.kind == .folder ? try operations.names(inFolder: layout.root) : nil
        }
        guard let names = found else { throw .notAnArchive(path: layout.root) }
        guard names.contains("archive.json") else {
            guard ArchiveLayout.namesWhileMaking.isSuperset(of: names) else {
                // Who has journal and recordings was an archive.
                guard Set(names).isSuperset(of: ["journal", "recordings"]) else {
                    throw .notAnArchive(path: layout.root)
                }
                throw .damagedDescription(path: layout.root)
            }
            for name in ArchiveLayout.namesThatFill where names.contains(name) {
                let content = try files(layout) { () throws(FileError) in
                    try operations.names(inFolder: layout.absolute(name))
                }
                // Recordings without a description: it was there, and is lost.
                guard content.isEmpty else { throw .damagedDescription(path: layout.root) }
            }
            return nil
        }
        let description = try ArchiveDescription.read(layout, operations)
        guard !needsCatalog || names.contains("catalog.sqlite") else {
            throw .catalogMissing(path: layout.root)
        }
        return description
    }

    static func takeLock(
        _ layout: ArchiveLayout, _ operations: any FileOperations
    ) throws(ArchiveError) -> FolderLock {
        try files(layout) { () throws(FileError) in
            try Folder.makeDurably(layout.root, operations: operations)
        }
        do throws(FolderLock.Failure) {
            return try FolderLock(path: layout.lock, operations: operations)
        } catch {
            switch error {
            case .held(let process): throw .inUse(path: layout.root, process: process)
            case .file(let error): throw converted(error, layout)
            }
        }
    }

    static func files<Result: ~Copyable>(
        _ layout: ArchiveLayout, _ body: () throws(FileError) -> Result
    ) throws(ArchiveError) -> Result {
        do throws(FileError) {
            return try body()
        } catch {
            throw converted(error, layout)
        }
    }

    static func converted(_ error: FileError, _ layout: ArchiveLayout) -> ArchiveError {
        error.kind == .readOnly ? .readOnly(path: layout.root) : .file(error)
    }

    /// The path from the root, so that it stays the same when the current folder changes.
    static func absolute(_ path: String) -> String {
        var path =
            Folder.isAbsolute(path) ? path : Folder.path(FileManager.default.currentDirectoryPath, path)
        while path.utf8.count > 1, path.hasSuffix("/") { path.removeLast() }
        return path
    }
}
