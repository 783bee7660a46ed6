internal import DurableFiles

/// A restored original, published only when it is proved whole.
public enum RestoredFile {
    /// Restores into a file.
    ///
    /// - Parameters:
    ///   - restorer: The FLAC file to restore from.
    ///   - path: Where the original goes.
    ///   - isReplacing: Whether a file of that name is replaced.
    /// - Throws: `FileError`, and what `SourceRestorer.restore` throws.
    public static func write(_ restorer: SourceRestorer, to path: String, replacing isReplacing: Bool) throws {
        let folder = Folder.parent(of: path)
        try Folder.makeDurably(folder)
        let pending = try PendingFile(inFolder: folder, permissions: 0o644)
        try restorer.restore { try pending.write($0) }
        try pending.publish(as: path, replacing: isReplacing)
    }
}
