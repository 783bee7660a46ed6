/// The hashes of the tiles that are not full yet: all that it takes to add entries and to know the root.
struct RightEdge: Sendable {
    /// By level, the hashes of its last tile: at most 255.
    private(set) var levels: [[TreeHash]] = []

    private(set) var size: UInt64 = 0

    init() {}

    /// Takes over hashes that were read from the tiles of a log.
    init(levels: [[TreeHash]], size: UInt64) {
        self.levels = levels
        self.size = size
    }

    var root: RootHash {
        // What lies right of the full tiles of a level counts as one more, smaller subtree in the level above.
        var rest: TreeHash?
        for hashes in levels {
            let row = hashes + (rest.map { [$0] } ?? [])
            if !row.isEmpty { rest = MerkleTree.root(of: row) }
        }
        return RootHash(rest ?? MerkleTree.empty)
    }

    var head: TreeHead { TreeHead(checkedSize: size, root: root) }

    /// Adds an entry's hash, and hands over each tile that it fills, from level 0 up.
    mutating func append(_ leaf: LeafHash, completed: (Tile, [TreeHash]) -> Void) {
        size += 1
        var hash = leaf.treeHash
        var level = 0
        while true {
            if level == levels.count { levels.append([]) }
            levels[level].append(hash)
            guard levels[level].count == Tile.fullWidth else { return }
            let hashes = levels[level]
            levels[level] = []
            let index = Tile.count(ofLevel: level + 1, treeSize: size) - 1
            completed(Tile(checked: .hashes(level: level), index, Tile.fullWidth), hashes)
            hash = MerkleTree.root(of: hashes)
            level += 1
        }
    }

    /// The last tile of a level with its hashes; nil where the level ends with a full one.
    func partialTile(ofLevel level: Int) -> (tile: Tile, hashes: [TreeHash])? {
        guard levels.indices.contains(level), !levels[level].isEmpty else { return nil }
        let index = Tile.count(ofLevel: level + 1, treeSize: size)
        return (Tile(checked: .hashes(level: level), index, levels[level].count), levels[level])
    }
}
