/// Why a proof proves nothing.
public enum ProofError: Error, Sendable, Hashable {
    /// The entry's index is not below the tree size.
    case indexOutOfRange(index: UInt64, size: UInt64)
    /// The older tree is larger than the newer one, or a size is beyond what a log can have.
    case sizesOutOfOrder(old: UInt64, new: UInt64)
    /// The proof has more or fewer hashes than its sizes call for.
    case wrongLength
    /// The hashes lead to another root than that of the tree.
    case rootMismatch
    /// The hashes lead to another root than that of the older tree.
    case oldRootMismatch
}

extension ProofError: CustomStringConvertible {
    /// One sentence that says what is wrong and what to do.
    public var description: String {
        switch self {
        case .indexOutOfRange(let index, let size):
            "the proof is for entry \(index) of a log of \(size) entries; ask for a proof in a later checkpoint"
        case .sizesOutOfOrder(let old, let new):
            "there is no proof that a log of \(new) entries extends one of \(old); give the older one first"
        case .wrongLength:
            "the proof does not have the number of hashes that its tree size calls for; ask for it again"
        case .rootMismatch:
            "the proof does not lead to the root hash of the checkpoint; the entry is not in that log as given"
        case .oldRootMismatch:
            "the proof does not lead to the older root hash; the log was not merely added to between the two"
        }
    }
}
