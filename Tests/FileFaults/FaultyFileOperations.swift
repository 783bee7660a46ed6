package import DurableFiles
import Glibc
import Synchronization

/// File operations of which the n-th goes wrong.
///
/// A test runs with n = 1, 2, 3 … until `hasStruck` stays false: then every step has gone wrong once. Opening a file for
/// reading is an operation of its own, and so is each read.
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
        /// The operation finds no such file; one on an open file, which cannot, reports EIO.
        case missing
        /// A read finds the end of the file, and a listing no names, though there are more; all else reports EIO.
        case shortRead

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
    private let largestRead: Int
    private let before: @Sendable (_ step: String, _ path: String) -> Void
    private let hasHardLinks: Bool
    private let failing: @Sendable (FileError.Operation, String) -> Int32?
    private let state = Mutex(State())

    /// Makes operations of which the one at `position`, counted from 1, goes wrong; none by default.
    ///
    /// `failing` may name an error number for an operation on a path, which is then not done. `before` is called before
    /// each operation with its line of the trace and the path.
    package init(
        _ fault: Fault = .failure, at position: Int = .max, largestWrite: Int = .max,
        largestRead: Int = .max, hasHardLinks: Bool = true,
        base: any FileOperations = FileSystem.posix,
        failing: @escaping @Sendable (FileError.Operation, String) -> Int32? = { _, _ in nil },
        before: @escaping @Sendable (_ step: String, _ path: String) -> Void = { _, _ in }
    ) {
        self.base = base
        self.position = position
        self.fault = fault
        self.largestWrite = largestWrite
        self.largestRead = largestRead
        self.before = before
        self.hasHardLinks = hasHardLinks
        self.failing = failing
    }

    /// Whether the operation that goes wrong was reached.
    package var hasStruck: Bool { state.withLock { $0.count >= position } }

    /// What was done, in order: the operation and the last part of the path.
    package var trace: [String] { state.withLock { $0.trace } }

    /// Does an operation unless it is the one that goes wrong; `undo` gives a descriptor back that nobody will get.
    ///
    /// Where the operation is on an open file, no path is looked up, so that nothing can be missing. `short` is what one
    /// that finds nothing returns.
    private func perform<Result>(
        _ operation: FileError.Operation, _ path: String, isOnOpenFile: Bool = false, short: Result? = nil,
        _ body: () throws(FileError) -> Result, undo: (Result) -> Void = { _ in }
    ) throws(FileError) -> Result {
        let step = "\(operation) \(path.split(separator: "/").last ?? "")"
        before(step, path)
        let count = state.withLock { state in
            state.count += 1
            state.trace.append(step)
            return state.count
        }
        if let code = failing(operation, path) {
            throw FileError(operation: operation, path: path, code: code)
        }
        guard count == position || (count > position && fault == .kill) else { return try body() }
        switch fault {
        case .failureAfterwards: undo(try body())
        case .missing where !isOnOpenFile: throw FileError(operation: operation, path: path, code: ENOENT)
        case .shortRead: if let short { return short }
        default: break
        }
        throw FileError(operation: operation, path: path, code: fault.code)
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
        try perform(.truncate, path, isOnOpenFile: true) { () throws(FileError) in
            try base.truncate(descriptor, to: size, of: path)
        }
    }

    package func write(_ bytes: RawSpan, to descriptor: Int32, of path: String) throws(FileError) -> Int {
        // A span cannot be captured, so the n-th write is told apart before it is made.
        try perform(.write, path, isOnOpenFile: true) { () throws(FileError) in }
        return try base.write(bytes.extracting(first: largestWrite), to: descriptor, of: path)
    }

    package func synchronize(_ descriptor: Int32, of path: String) throws(FileError) {
        try perform(.synchronize, path, isOnOpenFile: true) { () throws(FileError) in
            try base.synchronize(descriptor, of: path)
        }
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
        try perform(.list, path, short: []) { () throws(FileError) in try base.names(inFolder: path) }
    }

    package func status(of path: String, followingLinks: Bool) throws(FileError) -> FileStatus? {
        do throws(FileError) {
            return try perform(.examine, path) { () throws(FileError) in
                try base.status(of: path, followingLinks: followingLinks)
            }
        } catch {
            guard error.kind == .missing else { throw error }
            return nil
        }
    }

    package func openForReading(
        _ path: String, followingLinks: Bool
    ) throws(FileError) -> (descriptor: Int32, size: Int64) {
        try perform(.read, path) { () throws(FileError) in
            try base.openForReading(path, followingLinks: followingLinks)
        } undo: {
            base.close($0.descriptor)
        }
    }

    package func read(
        _ descriptor: Int32, at offset: Int64, count: Int, of path: String
    ) throws(FileError) -> [UInt8] {
        try perform(.read, path, isOnOpenFile: true, short: []) { () throws(FileError) in
            guard largestRead > 0 else { return [] }
            return try base.read(descriptor, at: offset, count: min(count, largestRead), of: path)
        }
    }

    package func size(of descriptor: Int32, path: String) throws(FileError) -> Int64 {
        try perform(.examine, path, isOnOpenFile: true) { () throws(FileError) in
            try base.size(of: descriptor, path: path)
        }
    }

    package func openLocked(_ path: String) throws(FileError) -> Int32? {
        try perform(.lock, path) { () throws(FileError) in
            try base.openLocked(path)
        } undo: {
            if let descriptor = $0 { base.close(descriptor) }
        }
    }

    package func isLocked(_ path: String) throws(FileError) -> Bool {
        try perform(.lock, path) { () throws(FileError) in try base.isLocked(path) }
    }

    package func replaceContents(of descriptor: Int32, with bytes: [UInt8], path: String) throws(FileError) {
        try perform(.write, path, isOnOpenFile: true) { () throws(FileError) in
            try base.replaceContents(of: descriptor, with: bytes, path: path)
        }
    }

    package func isRunning(process: Int32) -> Bool {
        base.isRunning(process: process)
    }
}
