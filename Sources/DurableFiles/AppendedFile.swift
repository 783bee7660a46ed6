/// A file of lines that only grows, and that a crash can leave with a torn tail at most.
///
/// The torn-tail rule: a line counts when its line feed, and all before it, is on the disk. Whoever appends writes whole
/// lines, and tells nobody of them before `synchronize()` has returned. What a file has behind its last line feed was
/// never acknowledged to anybody: the next one to append cuts it off first, and readers pass over it. Appending, cutting
/// included, is for one at a time; the caller holds a lock.
public struct AppendedFile: ~Copyable, Sendable {
    /// The file.
    public let path: String

    /// How many bytes the file has.
    public private(set) var size: Int64

    private let descriptor: Int32
    private let operations: any FileOperations

    /// Opens a file at its end; makes it where it is missing.
    ///
    /// The name of a new file is on the disk only when its folder has been synced.
    ///
    /// - Parameters:
    ///   - path: The file, in a folder that is there.
    ///   - permissions: The mode of a new file, less the umask.
    ///   - operations: The system calls.
    /// - Throws: `FileError`.
    public init(
        path: String, permissions: UInt16 = 0o600, operations: any FileOperations = FileSystem.posix
    ) throws(FileError) {
        (descriptor, size) = try operations.openForAppending(path, permissions: permissions)
        self.path = path
        self.operations = operations
    }

    deinit {
        operations.close(descriptor)
    }

    /// Writes bytes at the end.
    ///
    /// - Parameter bytes: Any number of bytes.
    /// - Throws: `FileError`; a part of the bytes may then be in the file.
    public mutating func append(_ bytes: [UInt8]) throws(FileError) {
        var written = 0
        while written < bytes.count {
            // write(2) may take fewer bytes than it is given.
            let rest = bytes.span.bytes.extracting(droppingFirst: written)
            let count = try operations.write(rest, to: descriptor, of: path)
            written += count
            size += Int64(count)
        }
    }

    /// Cuts off what is behind the last line feed: a line that nobody was told of.
    ///
    /// What goes is no more than one line, and each byte of it was read through the open file that is cut, so a mistake in
    /// what was read elsewhere costs no line.
    ///
    /// - Parameter longestLine: The most bytes that a line can have.
    /// - Returns: Where the last line ends; nil where more is behind it than a line can have, which then stays.
    /// - Throws: `FileError`.
    public mutating func cutUnfinishedLine(longestLine: Int) throws(FileError) -> Int64? {
        let size = try operations.size(of: descriptor, path: path)
        self.size = size
        var end = size
        // As a rule the very last byte is the line feed.
        var pieceSize: Int64 = 1
        while end > 0 {
            let start = max(0, end - pieceSize)
            let piece = try operations.bytes(of: descriptor, at: start, count: Int(end - start), path)
            guard piece.count == Int(end - start) else { throw .endedEarly(path) }
            if let last = piece.lastIndex(of: UInt8(ascii: "\n")) {
                end = start + Int64(last) + 1
                break
            }
            end = start
            guard size - end <= Int64(longestLine) else { return nil }
            pieceSize = 1 << 18
        }
        guard size - end <= Int64(longestLine) else { return nil }
        guard end < size else { return end }
        guard try operations.size(of: descriptor, path: path) == size else { throw .endedEarly(path) }
        try cut(to: end)
        return end
    }

    /// Cuts off what is behind an offset.
    ///
    /// - Parameter size: How many bytes stay; no more than there are.
    /// - Throws: `FileError`.
    public mutating func cut(to size: Int64) throws(FileError) {
        try operations.truncate(descriptor, to: size, of: path)
        self.size = size
    }

    /// Waits until the disk holds the file's content and size.
    ///
    /// - Throws: `FileError`. After that nobody knows what the disk holds: the system may have dropped pages that it
    ///   could not write, and a second try may succeed all the same.
    public func synchronize() throws(FileError) {
        try operations.synchronize(descriptor, of: path)
    }
}
