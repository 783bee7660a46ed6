internal import Digests
internal import DurableFiles

/// The SHA-256 of a file.
enum FileDigest {
    /// Reads a file to its end; a symbolic link is not followed.
    ///
    /// - Throws: `ArchiveError`: `file` where it cannot be read, which says nothing of its bytes.
    static func of(_ path: String, _ operations: any FileOperations) throws(ArchiveError) -> Digest {
        var hasher = SHA256Hasher()
        do throws(FileError) {
            try ReadableFile(path: path, operations: operations).forEachPiece { hasher.update($0) }
        } catch {
            throw .file(error)
        }
        return hasher.finalize()
    }
}
