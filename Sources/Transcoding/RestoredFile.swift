public import ByteSources
internal import Digests
internal import DurableFiles

/// A restored original, published only when it is proved whole.
public enum RestoredFile {
    /// Restores into a file.
    ///
    /// - Parameters:
    ///   - flac: The FLAC file to restore from.
    ///   - restorer: What restores it.
    ///   - path: Where the original goes; its folders are made.
    ///   - isReplacing: Whether a file of that name that differs is replaced.
    /// - Returns: Whether the original was there already, byte for byte.
    /// - Throws: `OutputError`, `FileError`, and what `SourceRestorer.restore` throws.
    @discardableResult
    public static func write(
        _ flac: FileByteSource, _ restorer: SourceRestorer, to path: String, replacing isReplacing: Bool
    ) throws -> Bool {
        try OutputPath(path).requireDistinct(from: flac)
        if let existing = try? FileByteSource(path: path) {
            if existing.byteCount == restorer.size, try existing.digest() == restorer.digest { return true }
            guard isReplacing else { throw OutputError.exists(path) }
        }
        do {
            let folder = Folder.parent(of: path)
            try Folder.makeDurably(folder)
            let pending = try PendingFile(inFolder: folder, permissions: 0o644)
            try restorer.restore { try pending.write($0) }
            try pending.publish(as: path, replacing: isReplacing)
        } catch {
            throw OutputPath(path).blamed(for: error)
        }
        return false
    }
}
