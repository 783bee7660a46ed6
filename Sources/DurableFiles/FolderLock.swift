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

    /// Takes the lock, without waiting for it.
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
        let locked: Int32?
        do throws(FileError) {
            locked = try operations.openLocked(path)
        } catch {
            throw .file(error)
        }
        guard let locked else { throw .held(process: Self.holder(path, operations)) }
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
