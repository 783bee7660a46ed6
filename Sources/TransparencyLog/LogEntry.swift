/// One entry of a log: bytes that the log does not look into.
public struct LogEntry: Sendable, Hashable {
    /// The most bytes that an entry can have: its length is written in 16 bits (c2sp.org/tlog-tiles).
    public static let largestSize = Int(UInt16.max)

    /// The bytes.
    public let bytes: [UInt8]

    /// Takes bytes for an entry; nil for more than `largestSize` of them.
    public init?(_ bytes: [UInt8]) {
        guard bytes.count <= Self.largestSize else { return nil }
        self.init(checkedBytes: bytes)
    }

    /// For bytes whose number is known to be within the limit.
    init(checkedBytes bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The hash that stands for the entry in the tree.
    public var leafHash: LeafHash { LeafHash(MerkleTree.leaf(bytes)) }
}

/// The hash of an entry: SHA-256 of a zero byte and the entry (RFC 6962 §2.1).
public struct LeafHash: Sendable, Hashable {
    /// The 32 bytes.
    public let treeHash: TreeHash

    /// Takes a hash for that of a leaf.
    public init(_ hash: TreeHash) {
        treeHash = hash
    }
}

extension LeafHash: CustomStringConvertible {
    /// The hash in base64.
    public var description: String { treeHash.description }
}
