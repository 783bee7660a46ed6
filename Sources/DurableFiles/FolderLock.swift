#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// A lock that keeps a folder to one writer at a time, and that a crash cannot leave behind.
///
/// It is flock(2) on a file, which the system lets go when the process ends in whatever way; the file stays. The
/// file holds the number of the process that last had the lock, so that a refusal can name it.
public struct FolderLock: ~Copyable, Sendable {
    /// Why a lock was not taken.
    public enum Failure: Error, Sendable, Hashable {
        /// Somebody else has it: the process of this number, where the file tells.
        case held(process: Int32?)
        /// The file could not be made or locked.
        case file(FileError)
    }

    private let descriptor: Int32
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
        self.operations = operations
    }

    deinit {
        operations.close(descriptor)
    }

    private static func holder(_ path: String, _ operations: any FileOperations) -> Int32? {
        guard let bytes = try? operations.contents(of: path, limit: 32) else { return nil }
        return Int32(String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self))
    }
}
