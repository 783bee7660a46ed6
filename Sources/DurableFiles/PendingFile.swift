/// A file that is being written under a temporary name, and that gets its final name only when it is whole.
///
/// What has a final name is complete and on the disk, whenever the power fails. A file that is not published is
/// removed with the value that stands for it; where the process is killed first, the name tells a later run
/// (`TemporaryName.removeStale`).
public struct PendingFile: ~Copyable, Sendable {
    /// Where the file is for now; it can be opened and read there.
    public let path: String

    /// The open file, for reading and writing, and for libraries that write by themselves; never close it.
    public let descriptor: Int32

    private let operations: any FileOperations
    private var hasTemporaryName = true

    /// Begins an empty file.
    ///
    /// - Parameters:
    ///   - folder: Where the temporary name goes: a folder on the file system where the final name will be.
    ///   - permissions: The mode of the file, less the umask. It applies to later openings, so a file can be
    ///     read-only (the default) while it is being written through `descriptor`.
    ///   - operations: The system calls.
    /// - Throws: `FileError`.
    public init(
        inFolder folder: String, permissions: UInt16 = 0o400,
        operations: any FileOperations = FileSystem.posix
    ) throws(FileError) {
        // A name can be taken by the leavings of an earlier process of the same number: each is stepped over.
        while true {
            let path = Folder.path(folder, TemporaryName.next())
            do throws(FileError) {
                descriptor = try operations.createFile(path, permissions: permissions)
                self.path = path
                self.operations = operations
                return
            } catch {
                guard error.kind == .exists else { throw error }
            }
        }
    }

    /// Takes over a file that is complete under a temporary name: a download, or what `relinquish()` left.
    ///
    /// - Parameters:
    ///   - path: The file, on the file system where the final name will be.
    ///   - permissions: The mode that the file gets.
    ///   - operations: The system calls.
    /// - Throws: `FileError`; the file then stays as it is.
    public init(
        takingOver path: String, permissions: UInt16 = 0o400,
        operations: any FileOperations = FileSystem.posix
    ) throws(FileError) {
        descriptor = try operations.openFile(path, permissions: permissions)
        self.path = path
        self.operations = operations
    }

    deinit {
        operations.close(descriptor)
        // Nobody is left to tell of a failure here; the next start sweeps the file away.
        if hasTemporaryName { try? operations.remove(path) }
    }

    /// Appends bytes.
    ///
    /// - Parameter bytes: Any number of bytes.
    /// - Throws: `FileError`; the file is then of no more use.
    public func write(_ bytes: RawSpan) throws(FileError) {
        var written = 0
        while written < bytes.byteCount {
            // write(2) may take fewer bytes than it is given, on a disk that is nearly full for one.
            let rest = bytes.extracting(droppingFirst: written)
            written += try operations.write(rest, to: descriptor, of: path)
        }
    }

    /// Appends bytes.
    ///
    /// - Parameter bytes: Any number of bytes.
    /// - Throws: `FileError`; the file is then of no more use.
    public func write(_ bytes: [UInt8]) throws(FileError) {
        try write(bytes.span.bytes)
    }

    /// Waits until the disk holds what was written so far.
    ///
    /// - Throws: `FileError`. After that the content is lost, even where a second try succeeds: the system may
    ///   have dropped the pages that it could not write. Discard the file and write it anew from its source.
    public func synchronize() throws(FileError) {
        try operations.synchronize(descriptor, of: path)
    }

    /// Gives the file its final name, and returns when a power cut can take neither the file nor the name.
    ///
    /// When this throws, the final name has not been given, or has been taken back as far as the disk allows.
    ///
    /// - Parameters:
    ///   - finalPath: The name, in a folder that was made by `Folder.makeDurably(_:operations:)`.
    ///   - replacing: Whether a file of that name is replaced, in one step; else the name must be free.
    /// - Throws: `FileError`, of kind `exists` where the name is taken; the file is discarded.
    public consuming func publish(as finalPath: String, replacing: Bool = false) throws(FileError) {
        // The content first: a name that reaches the disk before the content is an empty recording after a power
        // cut, as was seen on ext4 and XFS.
        try synchronize()
        try takeName(finalPath, replacing: replacing)
        do throws(FileError) {
            // The name is an entry in the folder, which has pages of its own.
            try operations.synchronizeFolder(Folder.parent(of: finalPath))
        } catch {
            if !replacing { try? operations.remove(finalPath) }
            throw error
        }
    }

    /// Removes the file.
    public consuming func discard() {}

    /// Syncs and closes the file, and leaves it under its temporary name for whoever takes it over.
    ///
    /// - Returns: The path of the file.
    /// - Throws: `FileError`; the file is discarded.
    public consuming func relinquish() throws(FileError) -> String {
        try synchronize()
        hasTemporaryName = false
        return path
    }

    /// Gives a file that has been synced its final name, which a power cut can take until its folder is synced.
    consuming func name(_ finalPath: String, replacing: Bool) throws(FileError) {
        try takeName(finalPath, replacing: replacing)
    }

    private mutating func takeName(_ finalPath: String, replacing: Bool) throws(FileError) {
        if replacing {
            try operations.rename(path, to: finalPath)
            hasTemporaryName = false
            return
        }
        do throws(FileError) {
            // Unlike rename(2), link(2) never replaces a file, so no check before it can be overtaken.
            try operations.link(path, as: finalPath)
            // The temporary name goes with `deinit`.
            return
        } catch {
            guard error.isUnsupported else { throw error }
        }
        // A file system without hard links (exFAT, CIFS): an empty file claims the name, and is then replaced. A
        // crash between the two leaves the empty file.
        operations.close(try operations.createFile(finalPath, permissions: 0o600))
        do throws(FileError) {
            try operations.rename(path, to: finalPath)
            hasTemporaryName = false
        } catch {
            try? operations.remove(finalPath)
            throw error
        }
    }
}

extension PendingFile {
    /// Writes a small file whole: after a crash there is the old content or the new, never a part.
    ///
    /// - Parameters:
    ///   - bytes: The content.
    ///   - finalPath: The name.
    ///   - replacing: Whether a file of that name is replaced.
    ///   - folder: Where the temporary name goes; by default the folder of the final name.
    ///   - permissions: The mode of the file, less the umask.
    ///   - operations: The system calls.
    /// - Throws: `FileError`.
    public static func writeFile(
        _ bytes: [UInt8], to finalPath: String, replacing: Bool, temporaryFolder folder: String? = nil,
        permissions: UInt16 = 0o600, operations: any FileOperations = FileSystem.posix
    ) throws(FileError) {
        let file = try PendingFile(
            inFolder: folder ?? Folder.parent(of: finalPath), permissions: permissions, operations: operations
        )
        try file.write(bytes)
        try file.publish(as: finalPath, replacing: replacing)
    }
}
