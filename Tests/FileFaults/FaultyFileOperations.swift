package import DurableFiles
import Glibc
import Synchronization

/// File operations of which the n-th goes wrong.
///
/// A test runs with n = 1, 2, 3 … until `hasStruck` stays false: then every step has gone wrong once.
package final class FaultyFileOperations: FileOperations {
    package enum Fault: Sendable, Hashable, CaseIterable {
        /// The operation is not done, and reports EIO; all others work.
        case failure
        /// The operation is not done, and reports ENOSPC; all others work.
        case full
        /// The operation is done, and reports EIO all the same.
        case failureAfterwards
        /// The process dies before the operation: nothing is done from there on.
        case kill

        var code: Int32 { self == .full ? ENOSPC : EIO }
    }

    private struct State {
        var count = 0
        var trace: [String] = []
    }

    private let base: any FileOperations
    private let position: Int
    private let fault: Fault
    private let largestWrite: Int
    private let hasHardLinks: Bool
    private let failing: @Sendable (FileError.Operation, String) -> Int32?
    private let state = Mutex(State())

    /// Makes operations of which the one at `position`, counted from 1, goes wrong; none by default.
    ///
    /// `failing` may name an error number for an operation on a path, which is then not done.
    package init(
        _ fault: Fault = .failure, at position: Int = .max, largestWrite: Int = .max,
        hasHardLinks: Bool = true,
        base: any FileOperations = FileSystem.posix,
        failing: @escaping @Sendable (FileError.Operation, String) -> Int32? = { _, _ in nil }
    ) {
        self.base = base
        self.position = position
        self.fault = fault
        self.largestWrite = largestWrite
        self.hasHardLinks = hasHardLinks
        self.failing = failing
    }

    /// Whether the operation that goes wrong was reached.
    package var hasStruck: Bool { state.withLock { $0.count >= position } }

    /// What was done, in order: the operation and the last part of the path.
    package var trace: [String] { state.withLock { $0.trace } }

    /// Does an operation unless it is the one that goes wrong; `undo` gives a descriptor back that nobody will get.
    private func perform<Result>(
        _ operation: FileError.Operation, _ path: String, _ body: () throws(FileError) -> Result,
        undo: (Result) -> Void = { _ in }
    ) throws(FileError) -> Result {
        let count = state.withLock { state in
            state.count += 1
            state.trace.append("\(operation) \(path.split(separator: "/").last ?? "")")
            return state.count
        }
        if let code = failing(operation, path) {
            throw FileError(operation: operation, path: path, code: code)
        }
        if count == position || (count > position && fault == .kill) {
            if count == position, fault == .failureAfterwards { undo(try body()) }
            throw FileError(operation: operation, path: path, code: fault.code)
        }
        return try body()
    }

    package func createFile(_ path: String, permissions: UInt16) throws(FileError) -> Int32 {
        try perform(.create, path) { () throws(FileError) in
            try base.createFile(path, permissions: permissions)
        } undo: {
            base.close($0)
        }
    }

    package func openFile(_ path: String, permissions: UInt16) throws(FileError) -> Int32 {
        try perform(.open, path) { () throws(FileError) in
            try base.openFile(path, permissions: permissions)
        } undo: {
            base.close($0)
        }
    }

    package func openForAppending(
        _ path: String, permissions: UInt16
    ) throws(FileError) -> (descriptor: Int32, size: Int64) {
        try perform(.open, path) { () throws(FileError) in
            try base.openForAppending(path, permissions: permissions)
        } undo: {
            base.close($0.descriptor)
        }
    }

    package func truncate(_ descriptor: Int32, to size: Int64, of path: String) throws(FileError) {
        try perform(.truncate, path) { () throws(FileError) in
            try base.truncate(descriptor, to: size, of: path)
        }
    }

    package func write(_ bytes: RawSpan, to descriptor: Int32, of path: String) throws(FileError) -> Int {
        // A span cannot be captured, so the n-th write is told apart before it is made.
        try perform(.write, path) { () throws(FileError) in }
        return try base.write(bytes.extracting(first: largestWrite), to: descriptor, of: path)
    }

    package func synchronize(_ descriptor: Int32, of path: String) throws(FileError) {
        try perform(.synchronize, path) { () throws(FileError) in try base.synchronize(descriptor, of: path) }
    }

    /// Never counted, and done by the system itself for a process that dies.
    package func close(_ descriptor: Int32) {
        base.close(descriptor)
    }

    package func link(_ path: String, as other: String) throws(FileError) {
        try perform(.link, other) { () throws(FileError) in
            guard hasHardLinks else { throw FileError(operation: .link, path: other, code: EPERM) }
            try base.link(path, as: other)
        }
    }

    package func rename(_ path: String, to other: String) throws(FileError) {
        try perform(.rename, other) { () throws(FileError) in try base.rename(path, to: other) }
    }

    package func remove(_ path: String) throws(FileError) {
        try perform(.remove, path) { () throws(FileError) in try base.remove(path) }
    }

    package func makeFolder(_ path: String) throws(FileError) {
        try perform(.makeFolder, path) { () throws(FileError) in try base.makeFolder(path) }
    }

    package func synchronizeFolder(_ path: String) throws(FileError) {
        try perform(.synchronize, path) { () throws(FileError) in try base.synchronizeFolder(path) }
    }

    package func names(inFolder path: String) throws(FileError) -> [String] {
        try perform(.list, path) { () throws(FileError) in try base.names(inFolder: path) }
    }

    package func status(of path: String) throws(FileError) -> FileStatus? {
        try perform(.examine, path) { () throws(FileError) in try base.status(of: path) }
    }

    package func contents(of path: String, limit: Int) throws(FileError) -> [UInt8] {
        try perform(.read, path) { () throws(FileError) in try base.contents(of: path, limit: limit) }
    }

    package func contents(of path: String, at offset: Int64, count: Int) throws(FileError) -> [UInt8] {
        try perform(.read, path) { () throws(FileError) in
            try base.contents(of: path, at: offset, count: count)
        }
    }

    package func openLocked(_ path: String) throws(FileError) -> Int32? {
        try perform(.lock, path) { () throws(FileError) in
            try base.openLocked(path)
        } undo: {
            if let descriptor = $0 { base.close(descriptor) }
        }
    }

    package func replaceContents(of descriptor: Int32, with bytes: [UInt8], path: String) throws(FileError) {
        try perform(.write, path) { () throws(FileError) in
            try base.replaceContents(of: descriptor, with: bytes, path: path)
        }
    }

    package func isRunning(process: Int32) -> Bool {
        base.isRunning(process: process)
    }
}
