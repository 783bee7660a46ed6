public import DurableFiles
public import Foundation

extension RecordingArchive {
    /// Opens an archive; for writing, makes one where the folder is missing or empty.
    ///
    /// - Parameters:
    ///   - path: The archive's folder.
    ///   - access: What for.
    ///   - operations: The system calls on files.
    ///   - now: The time that a new archive is given as that of its making.
    ///   - newID: What a new archive is given as its id: 32 hexadecimal digits.
    /// - Returns: The archive; where it was opened for writing, without the leavings of killed runs.
    /// - Throws: `ArchiveError`.
    public static func open(
        at path: String, access: Access, operations: any FileOperations = FileSystem.posix,
        now: () -> Date = { Date() },
        newID: () -> String = { UUID().uuidString.filter { $0 != "-" }.lowercased() }
    ) throws(ArchiveError) -> RecordingArchive {
        let layout = ArchiveLayout(root: absolute(path))
        switch access {
        case .read:
            return try openForReading(layout, operations)
        case .write:
            return try openForWriting(layout, operations) {
                ArchiveDescription(
                    format: ArchiveDescription.format, version: ArchiveDescription.version, id: newID(),
                    created: now().formatted(.iso8601))
            }
        }
    }

    private static func openForReading(
        _ layout: ArchiveLayout, _ operations: any FileOperations
    ) throws(ArchiveError) -> RecordingArchive {
        guard let description = try describe(layout, operations) else { throw .missing(path: layout.root) }
        return RecordingArchive(
            layout: layout, id: description.id, catalog: try Catalog.openForReading(layout), lock: nil,
            operations: operations)
    }

    private static func openForWriting(
        _ layout: ArchiveLayout, _ operations: any FileOperations, new: () -> ArchiveDescription
    ) throws(ArchiveError) -> RecordingArchive {
        // A folder that is somebody else's, or a later version's, is refused before anything is put into it.
        _ = try describe(layout, operations)
        let lock = try takeLock(layout, operations)
        try files(layout) { () throws(FileError) in
            for folder in [layout.incoming] + Recording.State.allCases.map({ layout.folder(of: $0) }) {
                try Folder.makeDurably(folder, operations: operations)
            }
            try TemporaryName.removeStale(inFolder: layout.incoming, isLocked: true, operations: operations)
        }
        // Between the first look and the lock, another process may have made the archive.
        if let description = try describe(layout, operations) {
            let catalog = try Catalog.openForWriting(layout, isNew: false)
            return RecordingArchive(
                layout: layout, id: description.id, catalog: catalog, lock: lock, operations: operations)
        }
        let catalog = try Catalog.openForWriting(layout, isNew: true)
        // Last: with the description the folder is an archive, and a catalog that is missing then was lost.
        let description = new()
        try description.write(layout, operations)
        return RecordingArchive(
            layout: layout, id: description.id, catalog: catalog, lock: lock, operations: operations)
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
                throw .notAnArchive(path: layout.root)
            }
            for state in Recording.State.allCases where names.contains(ArchiveLayout.folderName(of: state)) {
                let content = try files(layout) { () throws(FileError) in
                    try operations.names(inFolder: layout.folder(of: state))
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

    static func files<Result>(
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
        var path = path.hasPrefix("/") ? path : Folder.path(FileManager.default.currentDirectoryPath, path)
        while path.utf8.count > 1, path.hasSuffix("/") { path.removeLast() }
        return path
    }
}
