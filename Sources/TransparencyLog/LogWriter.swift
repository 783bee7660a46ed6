internal import DurableFiles

/// A log that is open for adding entries; one writer at a time.
///
/// The files are those of c2sp.org/tlog-tiles: `checkpoint`, `tile/<level>/…` and `tile/entries/…`. An append writes
/// entries, then tiles, then what the key signed, then the checkpoint, each on the disk before the next is begun. A
/// crash leaves the log as it was before or as it is after.
public struct LogWriter: ~Copyable, Sendable {
    /// The newest signed state of the log.
    public private(set) var checkpoint: Checkpoint

    private let store: TileStore
    private let lock: FolderLock
    private var key: SigningKey
    private var edge: RightEdge
    private var bundle: EntryBundle
    private var durableFolders: [Tile.Content: String] = [:]
    private var isStopped = false

    /// For `open`, which has checked that the parts belong together.
    init(
        _ store: TileStore, checkpoint: Checkpoint, edge: RightEdge, bundle: EntryBundle,
        key: consuming SigningKey, lock: consuming FolderLock
    ) {
        self.store = store
        self.checkpoint = checkpoint
        self.edge = edge
        self.bundle = bundle
        self.key = key
        self.lock = lock
    }

    /// How many entries the log has: the index that the next one gets.
    public var size: UInt64 { checkpoint.head.size }

    /// The public part of the key that signs.
    public var verifierKey: VerifierKey { key.verifierKey }

    /// The log as it is now, for reading.
    public var reader: LogReader { LogReader(store, checkpoint) }

    /// Adds entries at the end of the log, and returns when a power cut can take neither them nor the checkpoint.
    ///
    /// It takes O(log n) time in the size of the log. When this throws, all the entries are in the log or none of
    /// them, and the next opening tells which: those of an index below its `size` are. The others can be added again.
    ///
    /// - Parameter entries: The entries, the first of which gets the index `size`.
    /// - Returns: The signed checkpoint of the log with the entries.
    /// - Throws: `LogError`. After that this value adds nothing more.
    @discardableResult
    public mutating func append(_ entries: [LogEntry]) throws(LogError) -> Checkpoint {
        guard !isStopped else { throw .stopped(path: store.root) }
        guard !entries.isEmpty else { return checkpoint }
        guard UInt64(entries.count) <= TreeHead.largestSize - size else { throw .full(path: store.root) }
        // A failed fsync may have dropped what is not on the disk, so nothing is built upon it.
        isStopped = true
        let nextBundle = try writeEntries(entries)
        var nextEdge = edge
        var filled: [(tile: Tile, bytes: [UInt8])] = []
        for entry in entries {
            nextEdge.append(entry.leafHash) { filled.append(($0, TileStore.bytes(of: $1))) }
        }
        try writeTiles(of: nextEdge, filled)
        let next = try sign(nextEdge.head)
        try store.write(next)
        removePartialTiles(upTo: next.head.size)
        (edge, bundle, checkpoint) = (nextEdge, nextBundle, next)
        isStopped = false
        return next
    }

    /// Writes entry bundles, and returns the last one where it is not full.
    private mutating func writeEntries(_ entries: [LogEntry]) throws(LogError) -> EntryBundle {
        var bundle = bundle
        var index = size >> 8
        for entry in entries {
            bundle.append(entry)
            guard bundle.entries.count == Tile.fullWidth else { continue }
            try write(bundle.bytes, as: Tile(checked: .entries, index, Tile.fullWidth))
            bundle = EntryBundle()
            index += 1
        }
        if !bundle.entries.isEmpty {
            try write(bundle.bytes, as: Tile(checked: .entries, index, bundle.entries.count))
        }
        return bundle
    }

    /// Writes the tiles that were filled, and the last one of each level where it changed, from the leaves up.
    private mutating func writeTiles(
        of edge: RightEdge, _ filled: [(tile: Tile, bytes: [UInt8])]
    ) throws(LogError) {
        for level in edge.levels.indices {
            for (tile, bytes) in filled where tile.content.level == level { try write(bytes, as: tile) }
            let isChanged = level == 0 || filled.contains { $0.tile.content.level == level - 1 }
            if isChanged, let (tile, hashes) = edge.partialTile(ofLevel: level) {
                try write(TileStore.bytes(of: hashes), as: tile)
            }
        }
    }

    private mutating func write(_ bytes: [UInt8], as tile: Tile) throws(LogError) {
        let folder = Folder.parent(of: store.path(tile.path))
        if durableFolders[tile.content] != folder {
            try store.files { () throws(FileError) in
                try Folder.makeDurably(folder, below: store.root, operations: store.operations)
            }
            durableFolders[tile.content] = folder
        }
        try store.write(bytes, as: tile)
    }

    private mutating func sign(_ head: TreeHead) throws(LogError) -> Checkpoint {
        // Made from what is on the disk: the key signs no tiles that cannot be read back.
        let proof = try store.consistencyProof(from: key.lastSigned.head.size, to: head.size)
        do throws(SigningKeyError) {
            return try key.sign(head, extending: proof)
        } catch {
            throw .signing(error)
        }
    }

    /// Removes the partial tiles of the places that an append has filled.
    private func removePartialTiles(upTo newSize: UInt64) {
        for content in [.entries] + edge.levels.indices.map({ Tile.Content.hashes(level: $0) }) {
            let count = Tile.count(ofLevel: content.level, treeSize: size)
            let newCount = Tile.count(ofLevel: content.level, treeSize: newSize)
            if count & 0xFF > 0, newCount >> 8 > count >> 8 {
                store.removePartialTiles(of: Tile(checked: content, count >> 8, Tile.fullWidth))
            }
        }
    }
}
