/// The hash over all entries of a log at one size (RFC 6962 §2.1, "Merkle Tree Hash").
public struct RootHash: Sendable, Hashable {
    /// The 32 bytes.
    public let treeHash: TreeHash

    /// Takes a hash for that of a root.
    public init(_ hash: TreeHash) {
        treeHash = hash
    }

    /// The root hash of a log without entries: SHA-256 of nothing.
    public static let empty = RootHash(MerkleTree.empty)
}

extension RootHash: CustomStringConvertible {
    /// The hash in base64, as checkpoints write it.
    public var description: String { treeHash.description }
}

/// How many entries a log has, and the root hash over them.
public struct TreeHead: Sendable, Hashable {
    /// The largest tree size: the largest number that every implementation of the format can hold.
    public static let largestSize = UInt64(Int64.max)

    /// The number of entries.
    public let size: UInt64

    /// The hash over them.
    public let root: RootHash

    /// Makes a tree head; nil for a size above `largestSize`.
    public init?(size: UInt64, root: RootHash) {
        guard size <= Self.largestSize else { return nil }
        self.init(checkedSize: size, root: root)
    }

    /// For sizes that are known to be within the limit.
    init(checkedSize size: UInt64, root: RootHash) {
        self.size = size
        self.root = root
    }

    /// The head of a log without entries.
    public static let empty = TreeHead(checkedSize: 0, root: .empty)
}
