/// The hashing of RFC 6962 §2.1: SHA-256 with a prefix that keeps leaves and nodes apart.
enum MerkleTree {
    /// The hash of a tree without leaves.
    static let empty = TreeHash(hashing: [])

    static func leaf(_ entry: [UInt8]) -> TreeHash {
        TreeHash(hashing: [0], entry)
    }

    static func node(_ left: TreeHash, _ right: TreeHash) -> TreeHash {
        TreeHash(hashing: [1] + left.bytes + right.bytes)
    }

    /// The root over hashes that stand for subtrees of one size, of which the last alone may be smaller.
    ///
    /// Pairing them row by row, where one that is left over rises as it is, gives the very tree that splitting at
    /// the largest power of two gives.
    static func root(of hashes: some Sequence<TreeHash>) -> TreeHash {
        var row = Array(hashes)
        guard !row.isEmpty else { return empty }
        while row.count > 1 {
            var next: [TreeHash] = []
            next.reserveCapacity(row.count / 2 + 1)
            for index in stride(from: 0, to: row.count - 1, by: 2) {
                next.append(node(row[index], row[index + 1]))
            }
            if !row.count.isMultiple(of: 2) { next.append(row[row.count - 1]) }
            row = next
        }
        return row[0]
    }
}
