/// A full subtree: the 2^height leaves from index·2^height on.
struct Subtree: Hashable {
    let height: Int
    let index: UInt64

    /// The full subtrees that a range of leaves is made of, from left to right, each as large as can be.
    ///
    /// For the ranges that RFC 6962 splits a tree into, hashing them together from the right gives the hash of the
    /// range.
    static func covering(_ range: Range<UInt64>) -> [Subtree] {
        var subtrees: [Subtree] = []
        var start = range.lowerBound
        while start < range.upperBound {
            let largest = UInt64.bitWidth - 1 - (range.upperBound - start).leadingZeroBitCount
            let height = min(largest, start.trailingZeroBitCount)
            subtrees.append(Subtree(height: height, index: start >> UInt64(height)))
            start += 1 << UInt64(height)
        }
        return subtrees
    }
}

/// Which ranges of leaves the hashes of a proof stand for, in the order of the proof: from the leaves up.
enum ProofPath {
    /// The siblings on the way from a leaf to the root (RFC 6962 §2.1.1).
    static func inclusion(of index: UInt64, in size: UInt64) -> [Range<UInt64>] {
        var range = 0..<size
        var siblings: [Range<UInt64>] = []
        while range.count > 1 {
            let split = range.lowerBound + largestPowerOfTwo(below: range.upperBound - range.lowerBound)
            if index < split {
                siblings.append(split..<range.upperBound)
                range = range.lowerBound..<split
            } else {
                siblings.append(range.lowerBound..<split)
                range = split..<range.upperBound
            }
        }
        return siblings.reversed()
    }

    /// What leads from the tree of one size to that of a larger one (RFC 6962 §2.1.2).
    static func consistency(from old: UInt64, to new: UInt64) -> [Range<UInt64>] {
        guard old > 0, old < new else { return [] }
        var range = 0..<new
        var siblings: [Range<UInt64>] = []
        while old < range.upperBound {
            let split = range.lowerBound + largestPowerOfTwo(below: range.upperBound - range.lowerBound)
            if old <= split {
                siblings.append(split..<range.upperBound)
                range = range.lowerBound..<split
            } else {
                siblings.append(range.lowerBound..<split)
                range = split..<range.upperBound
            }
        }
        // The whole old tree needs no hash: the verifier has its root.
        if range.lowerBound > 0 { siblings.append(range) }
        return siblings.reversed()
    }

    /// The largest power of two below a number of at least two: where RFC 6962 splits a tree.
    private static func largestPowerOfTwo(below count: UInt64) -> UInt64 {
        1 << UInt64(UInt64.bitWidth - 1 - (count - 1).leadingZeroBitCount)
    }
}
