#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// A lock that keeps a folder to one writer at a time, and that a crash cannot leave behind.
///
/// It is flock(2) on a file, which the system lets go when the process ends in whatever way; the file stays. The
/// file holds the number of the process that last had the lock, so that a refusal can name it, and may hold a note of what
/// that process is at.
public struct FolderLock: ~Copyable, Sendable {
    /// Why a lock was not taken.
    public enum Failure: Error, Sendable, Hashable {
        /// Somebody else has it: the process of this number, where the file tells.
        case held(process: Int32?)
        /// The file could not be made or locked.
        case file(FileError)
    }

    /// What is known of a lock that somebody has.
    public struct Holder: Sendable, Hashable {
        /// The number of the process; nil where the file does not tell.
        public let process: Int32?
        /// What it has noted; empty where it has not noted anything.
        public let note: String

        /// Puts it together.
        public init(process: Int32?, note: String) {
            self.process = process
            self.note = note
        }
    }

    private let descriptor: Int32
    private let path: String
    private let process: Int32
    private let operations: any FileOperations

    /// How often a lock that somebody has is asked for again, and after how many microseconds.
    ///
    /// A process that starts another leaves it a copy of its descriptors, and with them of its locks, for the moment
    /// between fork and exec. A lock let go in that moment stays held for as long.
    private static let (tries, pause): (Int, UInt32) = (50, 10_000)

    /// Takes the lock; one that somebody has is waited for during half a second.
    ///
    /// - Parameters:
    ///   - path: The lock file; made where it is missing.
    ///   - process: The number to write into it: this process's.
    ///   - operations: The system calls.
    /// - Throws: `Failure`.
    public init(
        path: String, process: Int32 = TemporaryName.currentProcess,
        operations: any FileOperations = FileSystem.posix
    ) throws(Failure) {
        var attempt: Int32?
        for number in 1...Self.tries where attempt == nil {
            if number > 1 { usleep(Self.pause) }
            do throws(FileError) {
                attempt = try operations.openLocked(path)
            } catch {
                throw .file(error)
            }
        }
        guard let locked = attempt else { throw .held(process: Self.holder(path, operations)) }
        do throws(FileError) {
            try operations.replaceContents(of: locked, with: Array("\(process)\n".utf8), path: path)
        } catch {
            operations.close(locked)
            throw .file(error)
        }
        self.descriptor = locked
        self.path = path
        self.process = process
        self.operations = operations
    }

    deinit {
        operations.close(descriptor)
    }

    /// Notes what the holder of the lock is at, in the place of what was noted before.
    ///
    /// - Parameter note: Any text of less than a megabyte.
    /// - Throws: `FileError`; then whoever looks may find a part of it.
    public func note(_ note: String) throws(FileError) {
        try operations.replaceContents(of: descriptor, with: Array("\(process)\n\(note)".utf8), path: path)
    }

    /// Looks who has a lock, without taking it.
    ///
    /// - Parameters:
    ///   - path: The lock file.
    ///   - operations: The system calls.
    /// - Returns: nil where nobody has it.
    /// - Throws: `FileError`.
    public static func holder(
        of path: String, operations: any FileOperations = FileSystem.posix
    ) throws(FileError) -> Holder? {
        guard try operations.isLocked(path) else { return nil }
        let text = String(decoding: try operations.contents(of: path, limit: 1 << 20), as: UTF8.self)
        let parts = text.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
        return Holder(
            process: parts.first.flatMap { Int32($0) }, note: parts.count > 1 ? String(parts[1]) : "")
    }

    private static func holder(_ path: String, _ operations: any FileOperations) -> Int32? {
        guard let bytes = try? operations.contents(of: path, limit: 32) else { return nil }
        return Int32(String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self))
    }
}
