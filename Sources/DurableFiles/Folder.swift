/// Folders that outlive a power cut.
public enum Folder {
    /// Makes a folder, and those above it that are missing, so that each name is on the disk before the next is made.
    ///
    /// A folder's name lives in its parent, so the parent is synced after each one made. As they are made from
    /// the top down, a run that was killed can only have left the lowest existing one unsynced: its parent is
    /// synced too.
    ///
    /// - Parameters:
    ///   - path: The folder; nothing happens to one that is there.
    ///   - root: A folder on the way, below which there must be no symbolic links; nil where they are followed.
    ///   - operations: The system calls.
    /// - Throws: `FileError`, of kind `notAFolder` where a file is in the way, `isALink` where a link is that must not be.
    public static func makeDurably(
        _ path: String, below root: String? = nil, operations: any FileOperations = FileSystem.posix
    ) throws(FileError) {
        if let root { try refuseLinks(to: path, below: root, operations: operations) }
        var missing: [String] = []
        var lowest = path
        while true {
            if let status = try operations.status(of: lowest) {
                guard status.kind == .folder else {
                    throw FileError(operation: .makeFolder, path: lowest, code: FileError.notAFolderCode)
                }
                break
            }
            missing.append(lowest)
            let above = parent(of: lowest)
            // A relative path ends at the current folder, which can only be missing when it was deleted.
            guard above != lowest else {
                throw FileError(operation: .makeFolder, path: path, code: FileError.missingCode)
            }
            lowest = above
        }
        do throws(FileError) {
            try operations.synchronizeFolder(parent(of: lowest))
        } catch {
            // A parent that this user may not read was not made by an earlier run of ours.
            guard error.kind == .notPermitted else { throw error }
        }
        for folder in missing.reversed() {
            do throws(FileError) {
                try operations.makeFolder(folder)
            } catch {
                // Another process may be making the same folders.
                guard error.kind == .exists else { throw error }
            }
            try operations.synchronizeFolder(parent(of: folder))
        }
    }

    /// Makes sure that a path below a folder leads there without symbolic links, so that nothing is written elsewhere.
    ///
    /// - Parameters:
    ///   - path: A folder, which need not be there; nothing is asked of one that is not below the other.
    ///   - root: The folder, which may be a link itself.
    ///   - operations: The system calls.
    /// - Throws: `FileError`, of kind `isALink` for a link.
    public static func refuseLinks(
        to path: String, below root: String, operations: any FileOperations = FileSystem.posix
    ) throws(FileError) {
        guard let rest = relativePath(of: path, in: root) else { return }
        var folder = root
        for name in rest.utf8.split(separator: UInt8(ascii: "/")) {
            folder = Self.path(folder, String(Substring(name)))
            guard let status = try operations.status(of: folder, followingLinks: false) else { return }
            guard status.kind != .link else {
                throw FileError(operation: .open, path: folder, code: FileError.isALinkCode)
            }
        }
    }
}
