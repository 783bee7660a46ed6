/// The system calls that publishing a file is made of, one method each.
///
/// They are a protocol so that a test can let any of them fail: a power cut, a full disk and a kill signal are
/// then ordinary cases that run on every machine. A method is done when it returns; where it throws, it may be
/// done or not, as with the calls themselves.
public protocol FileOperations: Sendable {
    /// Makes a file that was not there before, and opens it for reading and writing.
    ///
    /// - Throws: `FileError`, of kind `exists` where the name is taken.
    func createFile(_ path: String, permissions: UInt16) throws(FileError) -> Int32

    /// Opens a file that is there for reading and writing, and changes its mode.
    ///
    /// - Throws: `FileError`, also for what is no regular file; a symbolic link is not followed.
    func openFile(_ path: String, permissions: UInt16) throws(FileError) -> Int32

    /// Opens a file, made where it is missing, whose every write goes to its end, and says how many bytes it has.
    ///
    /// - Throws: `FileError`, also for what is no regular file; a symbolic link is not followed.
    func openForAppending(
        _ path: String, permissions: UInt16
    ) throws(FileError) -> (descriptor: Int32, size: Int64)

    /// Opens a file that is there for reading, and says how many bytes it has.
    ///
    /// A FIFO, whose opening can take for ever, and a device, whose reading can, are refused like a folder.
    ///
    /// - Throws: `FileError`, also for what is no regular file, and for a symbolic link unless it is followed.
    func openForReading(
        _ path: String, followingLinks: Bool
    ) throws(FileError) -> (descriptor: Int32, size: Int64)

    /// Reads from an offset, and returns the bytes; fewer than asked for is no error, and none is the end.
    func read(
        _ descriptor: Int32, at offset: Int64, count: Int, of path: String
    ) throws(FileError) -> [UInt8]

    /// How many bytes an open file has now.
    func size(of descriptor: Int32, path: String) throws(FileError) -> Int64

    /// Writes at the descriptor's position, and says how many bytes went out; fewer than given is no error.
    func write(_ bytes: RawSpan, to descriptor: Int32, of path: String) throws(FileError) -> Int

    /// Cuts an open file to a size that it has reached.
    func truncate(_ descriptor: Int32, to size: Int64, of path: String) throws(FileError)

    /// Waits until the disk holds the content and the size of an open file.
    func synchronize(_ descriptor: Int32, of path: String) throws(FileError)

    /// Waits until the disk holds the content and the size of all of several open files.
    ///
    /// - Returns: For each file nil, or the error for which the disk may not hold it.
    func synchronize(_ files: [OpenFile]) -> [FileError?]

    /// Gives a descriptor back.
    func close(_ descriptor: Int32)

    /// Gives a file a second name; never replaces what has that name.
    func link(_ path: String, as other: String) throws(FileError)

    /// Gives a file another name in one step, replacing what has that name.
    func rename(_ path: String, to other: String) throws(FileError)

    /// Takes a name away from a file, or removes an empty folder.
    func remove(_ path: String) throws(FileError)

    /// Makes one folder that only this user can enter, and whose parent must be there.
    ///
    /// - Throws: `FileError`, of kind `exists` where the name is taken.
    func makeFolder(_ path: String) throws(FileError)

    /// Waits until the disk holds the names in a folder.
    func synchronizeFolder(_ path: String) throws(FileError)

    /// The names in a folder, in the order of their bytes, without `.` and `..`.
    func names(inFolder path: String) throws(FileError) -> [String]

    /// What a path leads to, or what it is itself; nil where there is nothing. A link that leads in a circle is itself.
    func status(of path: String, followingLinks: Bool) throws(FileError) -> FileStatus?

    /// Opens a file, made where it is missing, and locks it against everyone else; nil where it is locked already.
    ///
    /// The lock lasts until the descriptor is closed, which the system does for a process that dies. Only the owner can
    /// open the file: who can read it could lock everyone else out.
    ///
    /// - Throws: `FileError`, also for what is no regular file; a symbolic link is not followed. Of kind `notOwn` for
    ///   another user's file (but not the superuser's, nor that of the folder's owner), and for one with a second name.
    func openLocked(_ path: String) throws(FileError) -> Int32?

    /// Whether somebody has the lock of a file, found out without taking it; not where there is no such file.
    ///
    /// - Throws: `FileError`, also for what is no regular file; a symbolic link is not followed.
    func isLocked(_ path: String) throws(FileError) -> Bool

    /// Replaces the content of an open file.
    func replaceContents(of descriptor: Int32, with bytes: [UInt8], path: String) throws(FileError)

    /// Whether a process of this number is there.
    func isRunning(process: Int32) -> Bool
}

/// What is known of a path without opening it.
public struct FileStatus: Sendable, Hashable {
    /// What a path can lead to; to a symbolic link only where links are not followed.
    public enum Kind: Sendable { case file, folder, link, other }

    /// What the path leads to.
    public let kind: Kind

    /// The size of a file in bytes.
    public let size: Int64

    /// What tells two paths to one thing from paths to two; nil where it is not known.
    public let identity: FileIdentity?

    /// Whether it is the user's of this process.
    public let isOwn: Bool

    /// The permissions: the lowest nine bits of the mode.
    public let permissions: UInt16

    /// Whether the group or everybody may write to it.
    public var isWritableByOthers: Bool { permissions & 0o022 != 0 }

    /// Makes a status from its parts.
    public init(
        kind: Kind, size: Int64, identity: FileIdentity? = nil, isOwn: Bool = true,
        permissions: UInt16 = 0o600
    ) {
        self.kind = kind
        self.size = size
        self.identity = identity
        self.isOwn = isOwn
        self.permissions = permissions
    }
}

/// The device that a file or a folder lies on, and its number there.
public struct FileIdentity: Sendable, Hashable {
    let device: UInt64
    let inode: UInt64

    /// Whether both lie on one device, so that one can be renamed to be beside the other.
    public func isOnDevice(of other: FileIdentity) -> Bool { device == other.device }
}

extension FileOperations {
    /// What a path leads to, symbolic links followed; nil where there is nothing.
    public func status(of path: String) throws(FileError) -> FileStatus? {
        try status(of: path, followingLinks: true)
    }

    /// What is at a path, a symbolic link not followed; nil where there is nothing, as a look at the path and one at its
    /// folder agree.
    ///
    /// Whoever removes or replaces something because another thing is missing asks this: the answer that there is no such
    /// file can be a network's or a disk's mistake.
    public func confirmedStatus(of path: String) throws(FileError) -> FileStatus? {
        try confirmingMissing(path) { () throws(FileError) in try status(of: path, followingLinks: false) }
    }

    /// Looks for something, and where there is none, also in the folder; beside a writer it can come between the two.
    func confirmingMissing<Found: ~Copyable>(
        _ path: String, _ look: () throws(FileError) -> Found?
    ) throws(FileError) -> Found? {
        for _ in 1...3 {
            if let found = try look() { return found }
            guard try isListed(path) else { return nil }
        }
        throw FileError(operation: .open, path: path, code: FileError.missingCode)
    }

    /// Whether a path is among the names in its folder; not where the folder itself is missing.
    private func isListed(_ path: String) throws(FileError) -> Bool {
        guard let name = path.utf8.split(separator: UInt8(ascii: "/")).last else { return true }
        do throws(FileError) {
            return try names(inFolder: Folder.parent(of: path)).contains { $0.utf8.elementsEqual(name) }
        } catch {
            guard error.kind == .missing else { throw error }
            return false
        }
    }

    /// Waits for one file after the other.
    public func synchronize(_ files: [OpenFile]) -> [FileError?] {
        files.map(error(synchronizing:))
    }

    /// Waits for one file, and returns the error for which the disk may not hold it.
    func error(synchronizing file: OpenFile) -> FileError? {
        do throws(FileError) {
            try synchronize(file.descriptor, of: file.path)
            return nil
        } catch {
            return error
        }
    }
}

/// A file that is open, and the path by which it is known.
public struct OpenFile: Sendable {
    /// The open file's number.
    public let descriptor: Int32

    /// What errors name.
    public let path: String

    /// Pairs the two.
    public init(descriptor: Int32, path: String) {
        self.descriptor = descriptor
        self.path = path
    }
}
