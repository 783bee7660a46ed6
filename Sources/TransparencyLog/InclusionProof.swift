/// The proof that an entry is in a log: the hashes beside the way from its leaf to the root (RFC 6962 §2.1.1).
public struct InclusionProof: Sendable, Hashable {
    /// The entry's place in the log, counted from 0.
    public let index: UInt64

    /// The number of entries of the log that the proof is for.
    public let treeSize: UInt64

    /// The hashes, from the leaf's sibling up to the root's child.
    public let hashes: [TreeHash]

    /// Makes a proof from its parts; `verify(_:root:)` judges them.
    public init(index: UInt64, treeSize: UInt64, hashes: [TreeHash]) {
        self.index = index
        self.treeSize = treeSize
        self.hashes = hashes
    }

    /// Checks that the leaf is in the tree, as RFC 9162 §2.1.3.2 describes it.
    ///
    /// - Parameters:
    ///   - leaf: The hash of the entry.
    ///   - root: The root hash of the tree of `treeSize` entries, from a checkpoint that was verified.
    /// - Throws: `ProofError`.
    public func verify(_ leaf: LeafHash, root: RootHash) throws(ProofError) {
        guard index < treeSize, treeSize <= TreeHead.largestSize else {
            throw .indexOutOfRange(index: index, size: treeSize)
        }
        // The way up, as two numbers that lose a bit with each level: this node and the last one of its level.
        var node = index
        var last = treeSize - 1
        var hash = leaf.treeHash
        for sibling in hashes {
            guard last > 0 else { throw .wrongLength }
            if node & 1 == 1 || node == last {
                hash = MerkleTree.node(sibling, hash)
                // A node without a right sibling rises until it is itself a right one.
                while node & 1 == 0, node > 0 {
                    node >>= 1
                    last >>= 1
                }
            } else {
                hash = MerkleTree.node(hash, sibling)
            }
            node >>= 1
            last >>= 1
        }
        guard last == 0 else { throw .wrongLength }
        guard hash == root.treeHash else { throw .rootMismatch }
    }
}
