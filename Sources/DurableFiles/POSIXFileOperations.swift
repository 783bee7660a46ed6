#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// Where file operations come from outside of tests.
public enum FileSystem {
    /// The operating system's own.
    public static let posix: any FileOperations = POSIXFileOperations()
}

struct POSIXFileOperations: FileOperations {
    func createFile(_ path: String, permissions: UInt16) throws(FileError) -> Int32 {
        try openFile(path, O_RDWR | O_CREAT | O_EXCL, permissions: permissions, as: .create)
    }

    func openFile(_ path: String, permissions: UInt16) throws(FileError) -> Int32 {
        let descriptor = try openRegularFile(path, O_RDWR | O_NOFOLLOW, as: .open).descriptor
        guard fchmod(descriptor, mode_t(permissions)) == 0 else {
            let code = errno
            close(descriptor)
            throw FileError(operation: .open, path: path, code: code)
        }
        return descriptor
    }

    func openForAppending(
        _ path: String, permissions: UInt16
    ) throws(FileError) -> (descriptor: Int32, size: Int64) {
        let flags = O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW
        return try openRegularFile(path, flags, permissions: permissions, as: .open)
    }

    func openForReading(
        _ path: String, followingLinks: Bool
    ) throws(FileError) -> (descriptor: Int32, size: Int64) {
        try openRegularFile(path, O_RDONLY | (followingLinks ? 0 : O_NOFOLLOW), as: .open)
    }

    func read(
        _ descriptor: Int32, at offset: Int64, count: Int, of path: String
    ) throws(FileError) -> [UInt8] {
        var code: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            let got = retrying { pread(descriptor, buffer.baseAddress, count, off_t(offset)) }
            if got < 0 { code = errno }
            initialized = max(0, got)
        }
        guard code == 0 else { throw FileError(operation: .read, path: path, code: code) }
        return bytes
    }

    func size(of descriptor: Int32, path: String) throws(FileError) -> Int64 {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw FileError(operation: .examine, path: path, code: errno)
        }
        return Int64(status.st_size)
    }

    func write(_ bytes: RawSpan, to descriptor: Int32, of path: String) throws(FileError) -> Int {
        let count = retrying {
            bytes.withUnsafeBytes { posixWrite(descriptor, $0.baseAddress, $0.count) }
        }
        guard count >= 0 else { throw FileError(operation: .write, path: path, code: errno) }
        return count
    }

    func truncate(_ descriptor: Int32, to size: Int64, of path: String) throws(FileError) {
        try check(retrying { ftruncate(descriptor, off_t(size)) }, .truncate, path)
    }

    func synchronize(_ descriptor: Int32, of path: String) throws(FileError) {
        guard retrying({ flush(descriptor) }) == 0 else {
            throw FileError(operation: .synchronize, path: path, code: errno)
        }
    }

    func close(_ descriptor: Int32) {
        // What close(2) could report was reported by fsync(2) already, where it matters. It is not repeated after
        // EINTR: Linux has freed the number by then, and another thread may have it.
        _ = posixClose(descriptor)
    }

    func link(_ path: String, as other: String) throws(FileError) {
        try check(posixLink(path, other), .link, other)
    }

    func rename(_ path: String, to other: String) throws(FileError) {
        try check(posixRename(path, other), .rename, other)
    }

    func remove(_ path: String) throws(FileError) {
        try check(posixRemove(path), .remove, path)
    }

    func makeFolder(_ path: String) throws(FileError) {
        // Recordings are private: what a person wants to share is opened by hand, whatever the umask is.
        try check(mkdir(path, 0o700), .makeFolder, path)
    }

    func synchronizeFolder(_ path: String) throws(FileError) {
        let descriptor = try openFile(path, O_RDONLY | O_DIRECTORY, as: .synchronize)
        defer { close(descriptor) }
        guard retrying({ fsync(descriptor) }) != 0, errno != EINVAL, errno != ENOTSUP else { return }
        // EINVAL and ENOTSUP come from file systems that cannot sync a folder (CIFS and some FUSE ones): there
        // the server decides, and refusing to archive at all would be no safer.
        throw FileError(operation: .synchronize, path: path, code: errno)
    }

    func names(inFolder path: String) throws(FileError) -> [String] {
        guard let folder = opendir(path) else { throw FileError(operation: .list, path: path, code: errno) }
        defer { closedir(folder) }
        var names: [String] = []
        errno = 0
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: $0.pointee)) {
                    String(cString: $0)
                }
            }
            if name != ".", name != ".." { names.append(name) }
            errno = 0
        }
        guard errno == 0 else { throw FileError(operation: .list, path: path, code: errno) }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    func status(of path: String, followingLinks: Bool) throws(FileError) -> FileStatus? {
        var status = stat()
        guard (followingLinks ? stat(path, &status) : lstat(path, &status)) == 0 else {
            switch errno {
            // A link that leads to itself leads nowhere, and is a link.
            case ELOOP where followingLinks: return try self.status(of: path, followingLinks: false)
            // Below what is no folder there is nothing either.
            case ENOENT, ENOTDIR, ELOOP: return nil
            default: throw FileError(operation: .examine, path: path, code: errno)
            }
        }
        let kind: FileStatus.Kind =
            switch status.st_mode & S_IFMT {
            case S_IFREG: .file
            case S_IFDIR: .folder
            case S_IFLNK: .link
            default: .other
            }
        let identity = FileIdentity(
            device: UInt64(truncatingIfNeeded: status.st_dev),
            inode: UInt64(truncatingIfNeeded: status.st_ino))
        return FileStatus(
            kind: kind, size: Int64(status.st_size), identity: identity, isOwn: status.st_uid == geteuid(),
            permissions: UInt16(truncatingIfNeeded: status.st_mode & 0o777))
    }

    func openLocked(_ path: String) throws(FileError) -> Int32? {
        let flags = O_RDWR | O_CREAT | O_NOFOLLOW
        let descriptor = try openRegularFile(path, flags, permissions: 0o600, as: .lock).descriptor
        do throws(FileError) {
            try checkLock(descriptor, path)
        } catch {
            close(descriptor)
            throw error
        }
        if retrying({ flock(descriptor, LOCK_EX | LOCK_NB) }) == 0 { return descriptor }
        let code = errno
        close(descriptor)
        if code == EWOULDBLOCK { return nil }
        throw FileError(operation: .lock, path: path, code: code)
    }

    /// Makes sure that a lock file is nobody else's, whose content would be lost, and that who may not write to it cannot
    /// open it: reading is enough for a lock that keeps others out.
    private func checkLock(_ descriptor: Int32, _ path: String) throws(FileError) {
        var file = stat()
        var folder = stat()
        guard fstat(descriptor, &file) == 0, stat(Folder.parent(of: path), &folder) == 0 else {
            throw FileError(operation: .lock, path: path, code: errno)
        }
        // The superuser works in another's archive, and a share can give all files to one user: whoever owns the folder
        // could put any lock there.
        let owners = [geteuid(), 0, folder.st_uid]
        guard owners.contains(file.st_uid), file.st_nlink <= 1 else { throw FileError.notOwn(.lock, path) }
        // A file system without modes (exFAT, CIFS) refuses; there the mount decides.
        if file.st_uid == geteuid(), file.st_mode & 0o077 != 0 { _ = fchmod(descriptor, 0o600) }
    }

    func isLocked(_ path: String) throws(FileError) -> Bool {
        let descriptor: Int32
        do throws(FileError) {
            descriptor = try openRegularFile(path, O_RDONLY | O_NOFOLLOW, as: .lock).descriptor
        } catch {
            guard error.kind == .missing else { throw error }
            return false
        }
        // A shared lock, which goes with the descriptor; whoever wants the other kind at this moment asks again.
        defer { close(descriptor) }
        if retrying({ flock(descriptor, LOCK_SH | LOCK_NB) }) == 0 { return false }
        guard errno == EWOULDBLOCK else { throw FileError(operation: .lock, path: path, code: errno) }
        return true
    }

    func replaceContents(of descriptor: Int32, with bytes: [UInt8], path: String) throws(FileError) {
        // In this order no room is given back first that somebody else may take on a full disk.
        guard retrying({ pwrite(descriptor, bytes, bytes.count, 0) }) == bytes.count,
            retrying({ ftruncate(descriptor, off_t(bytes.count)) }) == 0
        else { throw FileError(operation: .write, path: path, code: errno) }
    }

    func isRunning(process: Int32) -> Bool {
        // EPERM means that it is there and another user's. Numbers below 1 would address groups of processes.
        process > 0 && (kill(process, 0) == 0 || errno == EPERM)
    }

    /// Opens a file, and refuses all else before it can block or run on for ever.
    private func openRegularFile(
        _ path: String, _ flags: Int32, permissions: UInt16 = 0, as operation: FileError.Operation
    ) throws(FileError) -> (descriptor: Int32, size: Int64) {
        // Without O_NONBLOCK the opening of a FIFO would wait for somebody at its other end.
        let descriptor = try openFile(path, flags | O_NONBLOCK, permissions: permissions, as: operation)
        var status = stat()
        var code: Int32 = 0
        if fstat(descriptor, &status) != 0 {
            code = errno
        } else {
            switch status.st_mode & S_IFMT {
            case S_IFREG: return (descriptor, Int64(status.st_size))
            case S_IFDIR: code = EISDIR
            default: code = FileError.notAFileCode
            }
        }
        close(descriptor)
        throw FileError(operation: operation, path: path, code: code)
    }

    private func openFile(
        _ path: String, _ flags: Int32, permissions: UInt16 = 0, as operation: FileError.Operation
    ) throws(FileError) -> Int32 {
        let descriptor = retrying { open(path, flags | O_CLOEXEC, mode_t(permissions)) }
        guard descriptor >= 0 else { throw FileError(operation: operation, path: path, code: errno) }
        return descriptor
    }

    private func check(_ result: Int32, _ operation: FileError.Operation, _ path: String) throws(FileError) {
        guard result == 0 else { throw FileError(operation: operation, path: path, code: errno) }
    }
}

/// Calls again for as long as a signal cuts the call short.
func retrying<Result: SignedInteger>(_ call: () -> Result) -> Result {
    while true {
        let result = call()
        if result != -1 || errno != EINTR { return result }
    }
}

#if canImport(Glibc)
    private let posixWrite = Glibc.write
    private let posixClose = Glibc.close
    private let posixLink = Glibc.link
    private let posixRename = Glibc.rename
    private let posixRemove = Glibc.remove

    private func flush(_ descriptor: Int32) -> Int32 {
        fsync(descriptor)
    }
#else
    private let posixWrite = Darwin.write
    private let posixClose = Darwin.close
    private let posixLink = Darwin.link
    private let posixRename = Darwin.rename
    private let posixRemove = Darwin.remove

    private func flush(_ descriptor: Int32) -> Int32 {
        // fsync(2) on this system leaves the bytes in the drive's own cache.
        fcntl(descriptor, F_FULLFSYNC)
    }
#endif
