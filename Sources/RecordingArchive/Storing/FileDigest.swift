internal import Digests
internal import DurableFiles
internal import Foundation

/// The SHA-256 of a file.
enum FileDigest {
    /// Reads a file to its end.
    static func of(_ path: String) throws(ArchiveError) -> Digest {
        do {
            let file = try FileHandle(forReadingFrom: URL(filePath: path))
            defer { try? file.close() }
            var hasher = SHA256Hasher()
            while let piece = try file.read(upToCount: 1 << 18), !piece.isEmpty {
                hasher.update(Array(piece))
            }
            return hasher.finalize()
        } catch {
            throw .unreadable(path: path, reason: error.localizedDescription)
        }
    }
}
