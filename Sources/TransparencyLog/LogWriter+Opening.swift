public import DurableFiles

extension LogWriter {
    /// Opens a log for adding entries; makes one where there is none and the key has signed none yet.
    ///
    /// The root hash is computed from the right edge of the tree, in O(log n), and must be that of the checkpoint. What
    /// the key signed and what the caller knows must be a beginning of the log, so an older copy is refused. Where a
    /// crash came between signing and writing the checkpoint, the checkpoint is written now.
    ///
    /// - Parameters:
    ///   - path: The folder of the log, which has nothing else in it.
    ///   - key: The key that signs from now on.
    ///   - trusted: Other keys that may have signed the log so far: those that were in use before this one.
    ///   - known: Tree heads of the log that the caller remembers.
    ///   - operations: The system calls.
    /// - Returns: The log, without the leavings of runs that were killed, and locked against other writers.
    /// - Throws: `LogError`.
    public static func open(
        at path: String, key: consuming SigningKey, trusting trusted: [VerifierKey] = [],
        extending known: [TreeHead] = [], operations: any FileOperations = FileSystem.posix
    ) throws(LogError) -> LogWriter {
        let store = TileStore(root: path, operations: operations)
        try store.files { () throws(FileError) in
            try Folder.makeDurably(path, below: Folder.parent(of: path), operations: operations)
        }
        let lock = try takeLock(store)
        try store.files { () throws(FileError) in
            _ = try TemporaryName.removeStale(inFolder: path, isLocked: true, operations: operations)
        }
        let lastSigned = key.lastSigned
        var checkpoint = try readOrBegin(store, lastSigned, [key.verifierKey] + trusted)
        if lastSigned.head.size > checkpoint.head.size {
            checkpoint = try complete(store, checkpoint, lastSigned)
        }
        let edge = try readEdge(store, checkpoint.head)
        for head in [lastSigned.head] + known { try store.check(checkpoint.head, extends: head) }
        let bundle = try readLastBundle(store, edge)
        try store.removeUnsignedTiles(size: edge.size)
        return LogWriter(store, checkpoint: checkpoint, edge: edge, bundle: bundle, key: key, lock: lock)
    }

    private static func takeLock(_ store: TileStore) throws(LogError) -> FolderLock {
        do throws(FolderLock.Failure) {
            return try FolderLock(path: store.lockPath, operations: store.operations)
        } catch {
            switch error {
            case .held(let process): throw .inUse(path: store.root, process: process)
            case .file(let error): throw .file(error)
            }
        }
    }

    /// Reads the checkpoint, or writes that of the empty log into a folder without one.
    private static func readOrBegin(
        _ store: TileStore, _ lastSigned: Checkpoint, _ keys: [VerifierKey]
    ) throws(LogError) -> Checkpoint {
        if let checkpoint = try store.checkpoint(signedBy: keys) { return checkpoint }
        // Tiles are only written once there is a checkpoint, so a log that has some has lost it.
        let isNew = try store.files { () throws(FileError) in
            try store.operations.status(of: store.path("tile")) == nil
        }
        guard isNew, lastSigned.head == .empty else { throw .checkpointMissing(path: store.root) }
        try store.write(lastSigned)
        return lastSigned
    }

    /// Writes the checkpoint that was signed last, where all that it stands for is on the disk.
    private static func complete(
        _ store: TileStore, _ checkpoint: Checkpoint, _ lastSigned: Checkpoint
    ) throws(LogError) -> Checkpoint {
        do throws(LogError) {
            _ = try readEdge(store, lastSigned.head)
            try store.check(lastSigned.head, extends: checkpoint.head)
        } catch {
            if case .file = error { throw error }
            throw .rolledBack(path: store.root, size: checkpoint.head.size, known: lastSigned.head.size)
        }
        try store.write(lastSigned)
        return lastSigned
    }

    private static func readEdge(_ store: TileStore, _ head: TreeHead) throws(LogError) -> RightEdge {
        var levels: [[TreeHash]] = []
        for level in 0..<Tile.levels(treeSize: head.size) {
            let content = Tile.Content.hashes(level: level)
            let last = Tile.lastPartial(content, treeSize: head.size)
            levels.append(try last.map { (tile) throws(LogError) in try store.hashes(of: tile) } ?? [])
        }
        let edge = RightEdge(levels: levels, size: head.size)
        guard edge.head == head else { throw .rootMismatch(path: store.root, size: head.size) }
        return edge
    }

    /// Reads the entries that the next ones join in one file, and makes sure that they are those of the tree.
    private static func readLastBundle(_ store: TileStore, _ edge: RightEdge) throws(LogError) -> EntryBundle
    {
        guard let tile = Tile.lastPartial(.entries, treeSize: edge.size) else { return EntryBundle() }
        let bundle = try store.entries(of: tile)
        guard bundle.entries.map(\.leafHash.treeHash) == edge.levels[0] else {
            throw .damaged(path: store.path(tile.path), .altered)
        }
        return bundle
    }
}
