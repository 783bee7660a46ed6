/// A folder that is being filled under a temporary name, and that gets its final name only when it is whole.
///
/// What has the final name is complete and on the disk, whenever the power fails. A folder that is not published is
/// removed with the value that stands for it; where the process is killed first, the next one for the same place
/// removes what is left. One that is to be gone on with is left on purpose, under a name that its final name leads to.
public struct PendingFolder: ~Copyable, Sendable {
    private static let prefix = ".voxkeep-folder-"
    private static let unfinishedPrefix = ".voxkeep-unfinished-"

    /// The empty file in a folder that is gone on with, which says that it was left by us: such a folder may be emptied.
    public static let markName = ".voxkeep-unfinished"

    /// Where the folder is for now.
    public let path: String

    private let finalPath: String
    private let operations: any FileOperations
    private var folders: [PathKey: String] = [:]
    private let isMarked: Bool
    private var hasTemporaryName = true

    /// Where a folder that is gone on with is until it has its final name.
    public static func unfinishedPath(of finalPath: String) -> String {
        Folder.path(Folder.parent(of: finalPath), unfinishedPrefix + Folder.name(of: finalPath))
    }

    /// Begins a folder, or goes on with what an earlier run has left of it; the caller keeps others away.
    ///
    /// What is there already is gone on with only where it is a folder of this user that nobody else can write into, and
    /// that has our mark: whoever goes on with it removes from it.
    ///
    /// - Parameters:
    ///   - finalPath: The name that the folder is to have: free, or that of an empty folder on the same file system.
    ///   - operations: The system calls.
    /// - Throws: `FileError`, of kind `exists` where the name is taken; of kind `isALink`, `notAFolder`, `notOwn` or
    ///   `unmarked` where what is in the place of the unfinished folder was not left by us.
    public init(
        goingOnFor finalPath: String, operations: any FileOperations = FileSystem.posix
    ) throws(FileError) {
        try Self.checkFree(finalPath, operations: operations)
        try Folder.makeDurably(Folder.parent(of: finalPath), operations: operations)
        let path = Self.unfinishedPath(of: finalPath)
        do throws(FileError) {
            try operations.makeFolder(path)
        } catch {
            guard error.kind == .exists else { throw error }
            try Self.checkOwn(path, operations)
        }
        do throws(FileError) {
            operations.close(
                try operations.createFile(Folder.path(path, Self.markName), permissions: 0o600))
        } catch {
            guard error.kind == .exists else { throw error }
        }
        self.path = path
        self.finalPath = finalPath
        self.operations = operations
        isMarked = true
    }

    /// Makes sure that a folder that is there was left by us.
    private static func checkOwn(_ path: String, _ operations: any FileOperations) throws(FileError) {
        let status = try operations.status(of: path, followingLinks: false)
        guard status?.kind != .link else {
            throw FileError(operation: .open, path: path, code: FileError.isALinkCode)
        }
        guard let status, status.kind == .folder else {
            throw FileError(operation: .open, path: path, code: FileError.notAFolderCode)
        }
        guard status.isOwn, !status.isWritableByOthers else { throw FileError.notOwn(.open, path) }
        // One that was made a moment ago, here or in a run that was killed then, has no mark yet.
        guard try !operations.names(inFolder: path).isEmpty else { return }
        let mark = try operations.status(of: Folder.path(path, markName), followingLinks: false)
        guard let mark, mark.kind == .file, mark.isOwn else { throw FileError.unmarked(path) }
    }

    /// Begins an empty folder beside its final name, and removes what others left there whose process is gone.
    ///
    /// - Parameters:
    ///   - finalPath: The name that the folder is to have: free, or that of an empty folder on the same file system.
    ///   - operations: The system calls.
    /// - Throws: `FileError`, of kind `exists` where the name is taken.
    public init(
        for finalPath: String, operations: any FileOperations = FileSystem.posix
    ) throws(FileError) {
        try Self.checkFree(finalPath, operations: operations)
        let parent = Folder.parent(of: finalPath)
        try Folder.makeDurably(parent, operations: operations)
        try Self.removeStale(inFolder: parent, operations)
        while true {
            // ".voxkeep-<process>-<number>.tmp" is the name of a file, which others may remove as one.
            let name = Self.prefix + TemporaryName.next().dropFirst(".voxkeep-".count)
            let path = Folder.path(parent, name)
            do throws(FileError) {
                try operations.makeFolder(path)
                self.path = path
                break
            } catch {
                guard error.kind == .exists else { throw error }
            }
        }
        self.finalPath = finalPath
        self.operations = operations
        isMarked = false
    }

    /// Makes sure that a folder can have a name, before there is any work.
    ///
    /// - Parameters:
    ///   - finalPath: The name: free, or that of an empty folder.
    ///   - operations: The system calls.
    /// - Throws: `FileError`, of kind `exists` where the name is taken.
    public static func checkFree(
        _ finalPath: String, operations: any FileOperations = FileSystem.posix
    ) throws(FileError) {
        guard let status = try operations.status(of: finalPath) else { return }
        let isEmpty = status.kind == .folder ? try operations.names(inFolder: finalPath).isEmpty : false
        guard isEmpty else { throw FileError.taken(finalPath) }
    }

    deinit {
        // Nobody is left to tell of a failure here; the next folder for the same place sweeps it away.
        if hasTemporaryName { try? Folder.removeTree(path, operations: operations) }
    }

    /// Begins a file, with the folders on the way to it.
    ///
    /// - Parameters:
    ///   - name: A relative path that is free, without `..`.
    ///   - permissions: The mode of the file, less the umask.
    /// - Returns: The file, to be written and finished.
    /// - Throws: `FileError`.
    public mutating func makeFile(_ name: String, permissions: UInt16 = 0o600) throws(FileError) -> FolderFile
    {
        let path = Folder.path(path, name)
        try makeFolder(Folder.parent(of: path))
        return FolderFile(
            path: path, descriptor: try operations.createFile(path, permissions: permissions),
            operations: operations)
    }

    private mutating func makeFolder(_ folder: String) throws(FileError) {
        guard folder != path, folders[PathKey(folder)] == nil else { return }
        try makeFolder(Folder.parent(of: folder))
        try operations.makeFolder(folder)
        folders[PathKey(folder)] = folder
    }

    /// Leaves the folder as it is, to be gone on with.
    public consuming func leave() {
        hasTemporaryName = false
    }

    /// Gives the folder its final name, and returns when a power cut can take nothing of it.
    ///
    /// - Throws: `FileError`; the folder is discarded then.
    public consuming func publish() throws(FileError) {
        for folder in folders.values.sorted() { try operations.synchronizeFolder(folder) }
        try operations.synchronizeFolder(path)
        try operations.rename(path, to: finalPath)
        do throws(FileError) {
            if isMarked {
                // Last: a folder that is killed without its mark and without its name would be taken for another's.
                try operations.remove(Folder.path(finalPath, Self.markName))
                try operations.synchronizeFolder(finalPath)
            }
            try operations.synchronizeFolder(Folder.parent(of: finalPath))
        } catch {
            // What was not acknowledged should not be there.
            try? operations.rename(finalPath, to: path)
            throw error
        }
        hasTemporaryName = false
    }

    private static func removeStale(
        inFolder folder: String, _ operations: any FileOperations
    ) throws(FileError) {
        for name in try operations.names(inFolder: folder) where name.hasPrefix(prefix) {
            guard let process = TemporaryName.process(of: ".voxkeep-" + name.dropFirst(prefix.count)),
                !operations.isRunning(process: process)
            else { continue }
            do throws(FileError) {
                let path = Folder.path(folder, name)
                let status = try operations.status(of: path, followingLinks: false)
                guard let status, status.kind == .folder, status.isOwn else { continue }
                try Folder.removeTree(path, operations: operations)
            } catch {
                // Another user's, or another process is sweeping it away.
                guard error.kind == .notPermitted || error.kind == .missing else { throw error }
            }
        }
    }
}

/// A file in a folder that is not published yet.
public struct FolderFile: ~Copyable, Sendable {
    /// Where the file is for now.
    public let path: String

    /// The open file, for libraries that write by themselves; never close it.
    public let descriptor: Int32

    private let operations: any FileOperations

    init(path: String, descriptor: Int32, operations: any FileOperations) {
        self.path = path
        self.descriptor = descriptor
        self.operations = operations
    }

    deinit {
        operations.close(descriptor)
    }

    /// Appends bytes.
    ///
    /// - Parameter bytes: Any number of bytes.
    /// - Throws: `FileError`.
    public func write(_ bytes: [UInt8]) throws(FileError) {
        let span = bytes.span.bytes
        var written = 0
        while written < span.byteCount {
            written += try operations.write(
                span.extracting(droppingFirst: written), to: descriptor, of: path)
        }
    }

    /// Closes the file, and returns when the disk holds its content.
    ///
    /// - Returns: The path of the file.
    /// - Throws: `FileError`; the content is lost then.
    @discardableResult
    public consuming func finish() throws(FileError) -> String {
        try operations.synchronize(descriptor, of: path)
        return path
    }

    /// Removes the file.
    ///
    /// - Returns: The path, which is free again.
    /// - Throws: `FileError`.
    @discardableResult
    public consuming func discard() throws(FileError) -> String {
        try operations.remove(path)
        return path
    }
}

extension Folder {
    /// Removes a folder with all that is in it; symbolic links are removed and not followed.
    ///
    /// - Parameters:
    ///   - path: The folder.
    ///   - operations: The system calls.
    /// - Throws: `FileError`; some of it may be gone then.
    public static func removeTree(
        _ path: String, operations: any FileOperations = FileSystem.posix
    ) throws(FileError) {
        do throws(FileError) {
            try operations.remove(path)
        } catch {
            guard error.isFolderFilled else { throw error }
            for name in try operations.names(inFolder: path) {
                try removeTree(Folder.path(path, name), operations: operations)
            }
            try operations.remove(path)
        }
    }
}
