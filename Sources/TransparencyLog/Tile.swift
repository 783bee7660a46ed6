/// A file of up to 256 neighboring hashes of one level, or of the entries that the lowest ones stand for.
///
/// A tile of level 0 holds leaf hashes; one of the next level holds the roots of full tiles of the level below
/// (c2sp.org/tlog-tiles). Only the rightmost tile of a level can have fewer than 256 hashes.
public struct Tile: Sendable, Hashable {
    /// How many hashes or entries a full tile has.
    public static let fullWidth = 256

    /// The highest level that the format knows; no log reaches it.
    public static let highestLevel = 63

    /// What a tile is made of.
    public enum Content: Sendable, Hashable {
        /// Entries, each with its length before it.
        case entries
        /// Hashes of subtrees of 256^level leaves.
        case hashes(level: Int)

        /// The level whose hashes stand beside each other in the tile; entries are cut up like leaf hashes.
        var level: Int {
            switch self {
            case .entries: 0
            case .hashes(let level): level
            }
        }
    }

    /// What the tile is made of.
    public let content: Content

    /// The tile's place among those of its kind, counted from 0.
    public let index: UInt64

    /// How many hashes or entries there are: 1 to 256.
    public let width: Int

    /// Makes a tile from its coordinates; nil for a level or a width that no tile has, or an index beyond any log.
    public init?(_ content: Content, index: UInt64, width: Int = Tile.fullWidth) {
        guard (0...Self.highestLevel).contains(content.level), (1...Self.fullWidth).contains(width),
            index <= TreeHead.largestSize / UInt64(Self.fullWidth)
        else { return nil }
        self.init(checked: content, index, width)
    }

    /// For coordinates that come from a tree size within the limit.
    init(checked content: Content, _ index: UInt64, _ width: Int) {
        self.content = content
        self.index = index
        self.width = width
    }

    /// Whether the tile has all the hashes that it ever will.
    public var isFull: Bool { width == Self.fullWidth }

    /// The full tile of the same place.
    var full: Tile { Tile(checked: content, index, Self.fullWidth) }

    /// How many hashes of a level a tree has: one for each full subtree of 256^level leaves.
    static func count(ofLevel level: Int, treeSize: UInt64) -> UInt64 {
        treeSize >> UInt64(8 * level)
    }

    /// How many levels a tree's tiles have; none for the empty tree.
    static func levels(treeSize: UInt64) -> Int {
        (UInt64.bitWidth - treeSize.leadingZeroBitCount + 7) / 8
    }

    /// The tile of a place in the tree of a given size; nil where that tree has none.
    static func at(_ index: UInt64, _ content: Content, treeSize: UInt64) -> Tile? {
        let full = count(ofLevel: content.level, treeSize: treeSize) >> 8
        if index < full { return Tile(checked: content, index, fullWidth) }
        return index == full ? lastPartial(content, treeSize: treeSize) : nil
    }

    /// The tile of a kind that is not full yet; nil where there are only full ones.
    static func lastPartial(_ content: Content, treeSize: UInt64) -> Tile? {
        let count = count(ofLevel: content.level, treeSize: treeSize)
        let width = Int(count & 0xFF)
        return width > 0 ? Tile(checked: content, count >> 8, width) : nil
    }
}
