internal import DurableFiles

/// The files of a log: read as they are, judged by no signature.
struct TileStore: Sendable {
    /// The folder of the log.
    let root: String

    let operations: any FileOperations

    var checkpointPath: String { path("checkpoint") }

    var lockPath: String { path("lock") }

    func path(_ name: String) -> String { Folder.path(root, name) }

    /// The checkpoint, signed by one of these keys; nil where there is none.
    func checkpoint(signedBy keys: [VerifierKey]) throws(LogError) -> Checkpoint? {
        guard let bytes = try contents(checkpointPath, limit: SignedNote.largestSize + 1) else { return nil }
        do throws(NoteError) {
            return try Checkpoint(bytes, signedBy: keys)
        } catch {
            throw .badCheckpoint(path: root, error)
        }
    }

    /// The hashes of a tile, or a range of them, from the tile itself or the full one which took its place.
    func hashes(of tile: Tile, _ range: Range<Int>? = nil) throws(LogError) -> [TreeHash] {
        let range = range ?? 0..<tile.width
        let size = tile.width * TreeHash.byteCount
        if let bytes = try contents(path(tile.path), limit: size + 1) {
            guard bytes.count == size else {
                throw .damaged(path: path(tile.path), .malformed)
            }
            return Self.hashes(bytes, range)
        }
        guard !tile.isFull else { throw missing(tile) }
        guard let bytes = try contents(path(tile.full.path), limit: size), bytes.count == size else {
            throw missing(tile)
        }
        return Self.hashes(bytes, range)
    }

    private static func hashes(_ bytes: [UInt8], _ range: Range<Int>) -> [TreeHash] {
        range.compactMap {
            TreeHash(bytes: bytes[$0 * TreeHash.byteCount..<($0 + 1) * TreeHash.byteCount])
        }
    }

    /// The entries of a tile, from the file of the tile itself or that of the full tile which took its place.
    func entries(of tile: Tile) throws(LogError) -> EntryBundle {
        if let bytes = try contents(path(tile.path), limit: EntryBundle.largestSize(width: tile.width) + 1) {
            guard let bundle = EntryBundle(bytes, width: tile.width, isWhole: true) else {
                throw .damaged(path: path(tile.path), .malformed)
            }
            return bundle
        }
        let limit = EntryBundle.largestSize(width: Tile.fullWidth)
        guard !tile.isFull, let bytes = try contents(path(tile.full.path), limit: limit),
            let bundle = EntryBundle(bytes, width: tile.width, isWhole: false)
        else { throw missing(tile) }
        return bundle
    }

    /// The hash of a full subtree of the tree of a given size, from the one tile that it takes.
    func hash(of subtree: Subtree, treeSize: UInt64) throws(LogError) -> TreeHash {
        let (level, height) = subtree.height.quotientAndRemainder(dividingBy: 8)
        let first = subtree.index << UInt64(height)
        guard let tile = Tile.at(first >> 8, .hashes(level: level), treeSize: treeSize) else {
            throw .outOfRange(path: root, index: first, size: treeSize)
        }
        let start = Int(first & 0xFF)
        return MerkleTree.root(of: try hashes(of: tile, start..<start + 1 << height))
    }

    /// The hash over a range of leaves that a proof is made of.
    func hash(of range: Range<UInt64>, treeSize: UInt64) throws(LogError) -> TreeHash {
        var result: TreeHash?
        for subtree in Subtree.covering(range).reversed() {
            let left = try hash(of: subtree, treeSize: treeSize)
            result = result.map { MerkleTree.node(left, $0) } ?? left
        }
        return result ?? MerkleTree.empty
    }

    /// The head that a log of `treeSize` entries had at an earlier size, as its tiles have it.
    func head(size: UInt64, in treeSize: UInt64) throws(LogError) -> TreeHead {
        TreeHead(checkedSize: size, root: RootHash(try hash(of: 0..<size, treeSize: treeSize)))
    }

    /// Makes sure that a log with this head once had another one, or has it still.
    func check(_ head: TreeHead, extends known: TreeHead) throws(LogError) {
        guard known.size <= head.size else {
            throw .rolledBack(path: root, size: head.size, known: known.size)
        }
        guard try self.head(size: known.size, in: head.size) == known else {
            throw .rewritten(path: root, known: known.size)
        }
    }

    func consistencyProof(from old: UInt64, to new: UInt64) throws(LogError) -> ConsistencyProof {
        var hashes: [TreeHash] = []
        for range in ProofPath.consistency(from: old, to: new) {
            hashes.append(try hash(of: range, treeSize: new))
        }
        return ConsistencyProof(oldSize: old, newSize: new, hashes: hashes)
    }

    func inclusionProof(of index: UInt64, in size: UInt64) throws(LogError) -> InclusionProof {
        var hashes: [TreeHash] = []
        for range in ProofPath.inclusion(of: index, in: size) {
            hashes.append(try hash(of: range, treeSize: size))
        }
        return InclusionProof(index: index, treeSize: size, hashes: hashes)
    }

    private func missing(_ tile: Tile) -> LogError {
        .damaged(path: path(tile.path), .missing)
    }

    /// The first bytes of a file; nil where there is none.
    func contents(_ path: String, limit: Int) throws(LogError) -> [UInt8]? {
        do throws(FileError) {
            return try operations.contentsIfThere(of: path, limit: limit)
        } catch {
            throw .file(error)
        }
    }
}
