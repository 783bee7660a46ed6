/// A regular file that is open for reading, each byte of which is read or told to be missing.
///
/// A read may give fewer bytes than it was asked for, and one that gives none says that the file ends there: of a network
/// or a failing disk that is not always true. So the end is believed when the size of the open file agrees.
public struct ReadableFile: ~Copyable, Sendable {
    /// The file.
    public let path: String

    /// How many bytes the file had when it was opened.
    public let size: Int64

    private let descriptor: Int32
    private let operations: any FileOperations

    /// Opens a file.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - followingLinks: Whether the path may be a symbolic link. What lies in an archive is none.
    ///   - operations: The system calls.
    /// - Throws: `FileError`; for a FIFO, a socket or a device of kind `notAFile`, without waiting for it.
    public init(
        path: String, followingLinks: Bool = false, operations: any FileOperations = FileSystem.posix
    ) throws(FileError) {
        (descriptor, size) = try operations.openForReading(path, followingLinks: followingLinks)
        self.path = path
        self.operations = operations
    }

    /// Opens a file; nil where there is none, as a look at the path and one at its folder agree.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - followingLinks: As for the other initializer.
    ///   - operations: The system calls.
    /// - Returns: The file.
    /// - Throws: `FileError`.
    public static func ifThere(
        _ path: String, followingLinks: Bool = false, operations: any FileOperations = FileSystem.posix
    ) throws(FileError) -> ReadableFile? {
        try operations.confirmingMissing(path) { () throws(FileError) -> ReadableFile? in
            do throws(FileError) {
                return try ReadableFile(path: path, followingLinks: followingLinks, operations: operations)
            } catch {
                guard error.kind == .missing else { throw error }
                return nil
            }
        }
    }

    deinit {
        operations.close(descriptor)
    }

    /// Bytes from an offset on.
    ///
    /// - Parameters:
    ///   - offset: The place of the first byte.
    ///   - count: The most bytes.
    /// - Returns: The bytes; fewer than `count` only where the file ends by now.
    /// - Throws: `FileError`.
    public func bytes(at offset: Int64, count: Int) throws(FileError) -> [UInt8] {
        try operations.bytes(of: descriptor, at: offset, count: count, path)
    }

    /// The first bytes of the file as it was when it was opened.
    ///
    /// - Parameter limit: The most bytes.
    /// - Returns: The bytes; fewer than `limit` only where the file had no more.
    /// - Throws: `FileError`; of kind `endedEarly` where the file has become shorter meanwhile.
    public func contents(limit: Int) throws(FileError) -> [UInt8] {
        let count = Int(min(Int64(limit), size))
        let bytes = try bytes(at: 0, count: count)
        guard bytes.count == count else { throw .endedEarly(path) }
        return bytes
    }

    /// Visits the bytes that the file had when it was opened, piece by piece.
    ///
    /// - Parameters:
    ///   - pieceSize: The most bytes of a piece.
    ///   - visit: Takes each piece.
    /// - Throws: `FileError`, as for `contents(limit:)`, and what `visit` throws.
    public func forEachPiece(
        of pieceSize: Int = 1 << 18, _ visit: ([UInt8]) throws(FileError) -> Void
    ) throws(FileError) {
        var offset: Int64 = 0
        while offset < size {
            let piece = try bytes(at: offset, count: Int(min(Int64(pieceSize), size - offset)))
            guard !piece.isEmpty else { throw .endedEarly(path) }
            try visit(piece)
            offset += Int64(piece.count)
        }
    }
}

extension FileOperations {
    /// The first bytes of a small file.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - limit: The most bytes.
    ///   - followingLinks: Whether the path may be a symbolic link.
    /// - Returns: The bytes; fewer than `limit` only where the file has no more.
    /// - Throws: `FileError`.
    public func contents(
        of path: String, limit: Int, followingLinks: Bool = false
    ) throws(FileError) -> [UInt8] {
        try ReadableFile(path: path, followingLinks: followingLinks, operations: self).contents(limit: limit)
    }

    /// The first bytes of a small file; nil where there is none, as a look at the path and one at its folder agree.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - limit: The most bytes.
    ///   - followingLinks: Whether the path may be a symbolic link.
    /// - Returns: The bytes; fewer than `limit` only where the file has no more.
    /// - Throws: `FileError`.
    public func contentsIfThere(
        of path: String, limit: Int, followingLinks: Bool = false
    ) throws(FileError) -> [UInt8]? {
        let file = try ReadableFile.ifThere(path, followingLinks: followingLinks, operations: self)
        return try file?.contents(limit: limit)
    }

    /// Bytes of a file from an offset on.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - offset: The place of the first byte.
    ///   - count: The most bytes.
    /// - Returns: The bytes; fewer than `count` only where the file ends.
    /// - Throws: `FileError`.
    public func contents(of path: String, at offset: Int64, count: Int) throws(FileError) -> [UInt8] {
        try ReadableFile(path: path, operations: self).bytes(at: offset, count: count)
    }

    /// Bytes of an open file; fewer than asked for only where it ends by now.
    func bytes(
        of descriptor: Int32, at offset: Int64, count: Int, _ path: String
    ) throws(FileError) -> [UInt8] {
        var bytes: [UInt8] = []
        var isAtEnd = false
        while bytes.count < count {
            let end = offset + Int64(bytes.count)
            // Of a file that only claims to be large, no more memory is taken than there are bytes.
            let piece = try read(descriptor, at: end, count: min(count - bytes.count, 1 << 20), of: path)
            if piece.isEmpty {
                guard try size(of: descriptor, path: path) > end else { break }
                // Beside a writer, the bytes can have come after the read.
                guard !isAtEnd else { throw .endedEarly(path) }
                isAtEnd = true
            } else {
                isAtEnd = false
                bytes += piece
            }
        }
        return bytes
    }
}

extension FileError {
    static func endedEarly(_ path: String) -> FileError {
        FileError(operation: .read, path: path, code: endedEarlyCode)
    }
}
