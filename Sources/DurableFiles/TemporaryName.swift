internal import Synchronization

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// The names of files that are still being written: `.voxkeep-<process>-<number>.tmp`.
///
/// The name says whose it is, so that a later run can tell the leavings of a dead process from the work of a live one.
public enum TemporaryName {
    /// The number of this process.
    public static var currentProcess: Int32 { getpid() }

    private static let counter = Atomic<UInt64>(0)

    /// A name that this process has not used before.
    public static func next() -> String {
        ".voxkeep-\(currentProcess)-\(counter.wrappingAdd(1, ordering: .relaxed).newValue).tmp"
    }

    /// The process that a temporary file belongs to; nil for a file of any other name.
    public static func process(of name: String) -> Int32? {
        let prefix = ".voxkeep-"
        let suffix = ".tmp"
        guard name.hasPrefix(prefix), name.hasSuffix(suffix) else { return nil }
        let numbers = name.dropFirst(prefix.count).dropLast(suffix.count).split(
            separator: "-", omittingEmptySubsequences: false)
        guard numbers.count == 2, UInt64(numbers[1]) != nil, let process = Int32(numbers[0]), process > 0
        else { return nil }
        return process
    }

    /// Removes the temporary files in a folder that nobody is writing any more.
    ///
    /// - Parameters:
    ///   - folder: The folder; those below it are not looked into.
    ///   - isLocked: Whether the caller has the folder to itself and has begun nothing in it yet; then every
    ///     temporary file is stale, also where its process number has been given out anew.
    ///   - operations: The system calls.
    /// - Returns: The names of the files that were removed.
    /// - Throws: `FileError` when the folder cannot be listed or a file in it not be removed.
    @discardableResult
    public static func removeStale(
        inFolder folder: String, isLocked: Bool = false,
        operations: any FileOperations = FileSystem.posix
    ) throws(FileError) -> [String] {
        var removed: [String] = []
        for name in try operations.names(inFolder: folder) {
            guard let process = process(of: name), isLocked || !operations.isRunning(process: process) else {
                continue
            }
            do throws(FileError) {
                try operations.remove(Folder.path(folder, name))
                removed.append(name)
            } catch {
                // Another process may be sweeping the same folder; and what is a folder, no process of ours has left.
                guard error.kind == .missing || error.isFolderFilled else { throw error }
            }
        }
        return removed
    }
}
