internal import Digests
internal import DurableFiles

/// The SHA-256 of a file.
enum FileDigest {
    private static let pieceSize = 1 << 20

    /// Reads a file to its end.
    ///
    /// - Throws: `ArchiveError`: `file` where it cannot be read, which says nothing of its bytes.
    static func of(_ path: String, _ operations: any FileOperations) throws(ArchiveError) -> Digest {
        var hasher = SHA256Hasher()
        var offset: Int64 = 0
        while true {
            let piece: [UInt8]
            do throws(FileError) {
                piece = try operations.contents(of: path, at: offset, count: pieceSize)
            } catch {
                throw .file(error)
            }
            hasher.update(piece)
            offset += Int64(piece.count)
            // The call reads on until it has the count or the file ends.
            if piece.count < pieceSize { return hasher.finalize() }
        }
    }
}
