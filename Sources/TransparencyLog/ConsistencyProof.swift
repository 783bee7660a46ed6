/// The proof that a log was only added to between two sizes (RFC 6962 §2.1.2).
public struct ConsistencyProof: Sendable, Hashable {
    /// The number of entries of the older log.
    public let oldSize: UInt64

    /// The number of entries of the newer log.
    public let newSize: UInt64

    /// The hashes, from the leaves up; none where the sizes are equal or the older log is empty.
    public let hashes: [TreeHash]

    /// Makes a proof from its parts; `verify(from:to:)` judges them.
    public init(oldSize: UInt64, newSize: UInt64, hashes: [TreeHash]) {
        self.oldSize = oldSize
        self.newSize = newSize
        self.hashes = hashes
    }

    /// Checks that the newer tree begins with all that was in the older one, as RFC 9162 §2.1.4.2 describes it.
    ///
    /// - Parameters:
    ///   - old: The root hash of the tree of `oldSize` entries.
    ///   - new: The root hash of the tree of `newSize` entries.
    /// - Throws: `ProofError`.
    public func verify(from old: RootHash, to new: RootHash) throws(ProofError) {
        guard oldSize <= newSize, newSize <= TreeHead.largestSize else {
            throw .sizesOutOfOrder(old: oldSize, new: newSize)
        }
        if oldSize == newSize || oldSize == 0 {
            guard hashes.isEmpty else { throw .wrongLength }
            guard oldSize > 0 || old == .empty else { throw .oldRootMismatch }
            guard oldSize < newSize || old == new else { throw .rootMismatch }
            return
        }
        try walk(from: old, to: new)
    }

    private func walk(from old: RootHash, to new: RootHash) throws(ProofError) {
        var path = hashes[...]
        // Where the older tree is one full subtree, the proof begins with its root, which goes without saying.
        let isFull = oldSize & (oldSize - 1) == 0
        guard let first = isFull ? old.treeHash : path.popFirst() else { throw .wrongLength }
        var node = oldSize - 1
        var last = newSize - 1
        while node & 1 == 1 {
            node >>= 1
            last >>= 1
        }
        var oldHash = first
        var newHash = first
        for sibling in path {
            guard last > 0 else { throw .wrongLength }
            if node & 1 == 1 || node == last {
                oldHash = MerkleTree.node(sibling, oldHash)
                newHash = MerkleTree.node(sibling, newHash)
                while node & 1 == 0, node > 0 {
                    node >>= 1
                    last >>= 1
                }
            } else {
                newHash = MerkleTree.node(newHash, sibling)
            }
            node >>= 1
            last >>= 1
        }
        guard last == 0 else { throw .wrongLength }
        guard oldHash == old.treeHash else { throw .oldRootMismatch }
        guard newHash == new.treeHash else { throw .rootMismatch }
    }
}
