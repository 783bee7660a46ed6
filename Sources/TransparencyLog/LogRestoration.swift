public import DurableFiles

/// A damaged log, made anew from its entries where these lead to a root hash that a key has signed.
///
/// The entries are gone through twice: first to find out whether they are the right ones, then to write the files. A
/// log has one form only, so what comes out equals what was lost, byte for byte.
public struct LogRestoration: Sendable {
    private let store: TileStore
    private let candidates: [Checkpoint]
    private var edge = RightEdge()
    private var bundle = EntryBundle()

    /// The newest of the checkpoints that the entries added so far lead to; nil before that.
    public private(set) var proved: Checkpoint?

    /// Whether an earlier size was reached where the entries lead to another root than was signed.
    public private(set) var isRefuted = false

    /// Begins to look at entries.
    ///
    /// - Parameters:
    ///   - path: The folder of the log.
    ///   - candidates: Checkpoints whose signatures were verified.
    ///   - operations: The system calls.
    public init(
        at path: String, candidates: [Checkpoint], operations: any FileOperations = FileSystem.posix
    ) {
        store = TileStore(root: path, operations: operations)
        self.candidates = candidates
    }

    /// Looks at the next entry.
    public mutating func add(_ entry: LogEntry) {
        edge.append(entry.leafHash) { _, _ in }
        for candidate in candidates where candidate.head.size == edge.size {
            if candidate.head == edge.head { proved = candidate } else { isRefuted = true }
        }
    }

    /// Goes back to the first entry, to write the files of the proved checkpoint.
    public mutating func rewind() {
        edge = RightEdge()
        bundle = EntryBundle()
    }

    /// Writes the files that the next entry completes, where they differ; passes over entries behind the checkpoint.
    ///
    /// - Parameter entry: The entry.
    /// - Returns: The paths of the files that were written.
    /// - Throws: `LogError`.
    public mutating func write(_ entry: LogEntry) throws(LogError) -> [String] {
        guard let proved, edge.size < proved.head.size else { return [] }
        var written: [String] = []
        bundle.append(entry)
        var filled: [(Tile, [TreeHash])] = []
        let index = edge.size >> 8
        edge.append(entry.leafHash) { filled.append(($0, $1)) }
        if bundle.entries.count == Tile.fullWidth {
            written += try put(bundle.bytes, as: Tile(checked: .entries, index, Tile.fullWidth))
            bundle = EntryBundle()
        }
        for (tile, hashes) in filled { written += try put(TileStore.bytes(of: hashes), as: tile) }
        guard edge.size == proved.head.size else { return written }
        if !bundle.entries.isEmpty {
            written += try put(bundle.bytes, as: Tile(checked: .entries, index, bundle.entries.count))
        }
        for level in edge.levels.indices {
            guard let (tile, hashes) = edge.partialTile(ofLevel: level) else { continue }
            written += try put(TileStore.bytes(of: hashes), as: tile)
        }
        return written
    }

    /// Writes the checkpoint, where it differs; after the last entry.
    ///
    /// - Returns: Its path where it was written.
    /// - Throws: `LogError`.
    public func finish() throws(LogError) -> [String] {
        guard let proved,
            try store.contents(store.checkpointPath, limit: SignedNote.largestSize) != proved.bytes
        else { return [] }
        try store.write(proved)
        return [store.checkpointPath]
    }

    private func put(_ bytes: [UInt8], as tile: Tile) throws(LogError) -> [String] {
        var changed = try removeAltered(bytes, tile)
        let path = store.path(tile.path)
        if (try? store.contents(path, limit: bytes.count + 1)) != bytes {
            try store.files { () throws(FileError) in
                try Folder.makeDurably(
                    Folder.parent(of: path), below: store.root, operations: store.operations)
            }
            try store.write(bytes, as: tile)
            changed.append(path)
        }
        return changed
    }

    /// Removes tiles from before this one's place had so many hashes that disagree with it: nobody needs them.
    private func removeAltered(_ bytes: [UInt8], _ tile: Tile) throws(LogError) -> [String] {
        try store.files { () throws(FileError) in
            let folder = store.path(tile.partialFolder)
            guard try store.operations.status(of: folder)?.kind == .folder else { return [] }
            var removed: [String] = []
            for name in try store.operations.names(inFolder: folder) {
                guard let earlier = Tile(path: "\(tile.partialFolder)/\(name)"), earlier.width < tile.width
                else {
                    continue
                }
                let path = store.path(earlier.path)
                let found = try store.operations.contents(of: path, limit: bytes.count + 1)
                guard found != Self.beginning(of: bytes, asWideAs: earlier) else { continue }
                try store.operations.remove(path)
                removed.append(path)
            }
            return removed
        }
    }
    /// What a tile from before had to be, by the bytes of the one that took its place.
    private static func beginning(of bytes: [UInt8], asWideAs tile: Tile) -> [UInt8]? {
        switch tile.content {
        case .entries: EntryBundle(bytes, width: tile.width, isWhole: false)?.bytes
        case .hashes: Array(bytes.prefix(tile.width * TreeHash.byteCount))
        }
    }
}
