public import ByteSources
internal import Digests
internal import DurableFiles

/// A restored original, published only when it is proved whole.
public enum RestoredFile {
    /// Restores into a file.
    ///
    /// - Parameters:
    ///   - file: The file to restore from.
    ///   - original: The original in it.
    ///   - path: Where the original goes; its folders are made.
    ///   - isReplacing: Whether a file of that name that differs is replaced.
    /// - Returns: Whether the original was there already, byte for byte.
    /// - Throws: `OutputError`, `FileError`, and what `StoredOriginal.restore` throws.
    @discardableResult
    public static func write(
        _ file: FileByteSource, _ original: StoredOriginal, to path: String, replacing isReplacing: Bool
    ) throws -> Bool {
        try OutputPath(path).requireDistinct(from: file)
        if let existing = try? FileByteSource(path: path) {
            if existing.byteCount == original.size, try existing.digest() == original.digest { return true }
            guard isReplacing else { throw OutputError.exists(path) }
        }
        do {
            let folder = Folder.parent(of: path)
            try Folder.makeDurably(folder)
            let pending = try PendingFile(inFolder: folder, permissions: 0o600)
            try original.restore { try pending.write($0) }
            try pending.publish(as: path, replacing: isReplacing)
        } catch {
            throw OutputPath(path).blamed(for: error)
        }
        return false
    }
}
