internal import DurableFiles

/// Where a folder is, whether or not it is there yet, and by whatever path one comes to it: symbolic links, mounts of one folder
/// at two places, and `..` make no difference.
struct FolderPlace {
    /// The lowest folder of the path that is there, and those above it up to the root.
    private let chain: [FileIdentity]
    /// The names below that are not there.
    private let missing: [PathKey]

    /// Looks where an absolute path leads.
    init(_ path: String, _ operations: any FileOperations) throws(FileError) {
        var lowest = "/"
        var missing: [String] = []
        for name in path.split(separator: "/") where name != "." {
            if name == ".." {
                // Out of what a symbolic link leads to, as the system takes it.
                if missing.isEmpty { lowest = Folder.path(lowest, "..") } else { missing.removeLast() }
                continue
            }
            let next = Folder.path(lowest, String(name))
            if missing.isEmpty, try operations.status(of: next)?.kind == .folder {
                lowest = next
            } else {
                missing.append(String(name))
            }
        }
        let root = try operations.status(of: "/")?.identity
        var chain: [FileIdentity] = []
        while let identity = try operations.status(of: lowest)?.identity {
            chain.append(identity)
            if identity == root { break }
            lowest = Folder.path(lowest, "..")
        }
        self.chain = chain
        self.missing = missing.map(PathKey.init)
    }

    /// Whether they are one folder.
    func isSame(as other: FolderPlace) -> Bool {
        chain.first == other.chain.first && missing == other.missing
    }

    /// Whether they are one folder, or one lies within the other.
    func overlaps(_ other: FolderPlace) -> Bool { holds(other) || other.holds(self) }

    private func holds(_ other: FolderPlace) -> Bool {
        guard let folder = chain.first else { return false }
        return missing.isEmpty
            ? other.chain.contains(folder)
            : other.chain.first == folder && other.missing.starts(with: missing)
    }
}
