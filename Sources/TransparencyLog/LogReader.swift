public import DurableFiles

/// A log at the size of one checkpoint, for reading; writers may add to it meanwhile.
///
/// The files are not trusted: what is handed out was proved against the checkpoint, which a known key has signed.
public struct LogReader: Sendable {
    /// The signed state of the log that is read.
    public let checkpoint: Checkpoint

    let store: TileStore

    /// Opens a log for reading.
    ///
    /// - Parameters:
    ///   - path: The folder of the log.
    ///   - keys: The keys that are trusted, any of which will do.
    ///   - operations: The system calls.
    /// - Throws: `LogError` where the checkpoint cannot be trusted; the other files have not been looked at yet.
    public init(
        at path: String, keys: [VerifierKey], operations: any FileOperations = FileSystem.posix
    ) throws(LogError) {
        let store = TileStore(root: path, operations: operations)
        guard let checkpoint = try store.checkpoint(signedBy: keys) else {
            throw .checkpointMissing(path: path)
        }
        self.init(store, checkpoint)
    }

    init(_ store: TileStore, _ checkpoint: Checkpoint) {
        self.store = store
        self.checkpoint = checkpoint
    }

    /// How many entries the log has.
    public var size: UInt64 { checkpoint.head.size }

    /// Reads an entry, and proves that it is the one of that index.
    ///
    /// - Parameter index: The entry's place, counted from 0.
    /// - Returns: The entry.
    /// - Throws: `LogError`.
    public func entry(at index: UInt64) throws(LogError) -> LogEntry {
        try provenEntry(at: index).entry
    }

    /// Proves that the entry of an index is in the log.
    ///
    /// - Parameters:
    ///   - index: The entry's place, counted from 0.
    ///   - extra: Bytes for the application, to be carried along unsigned.
    /// - Returns: The proof; it has been verified for the entry that the log has.
    /// - Throws: `LogError`.
    public func proof(of index: UInt64, extra: [UInt8]? = nil) throws(LogError) -> LogProof {
        LogProof(checked: try provenEntry(at: index).inclusion, checkpoint, extra)
    }

    private func provenEntry(
        at index: UInt64
    ) throws(LogError) -> (entry: LogEntry, inclusion: InclusionProof) {
        guard index < size, let tile = Tile.at(index >> 8, .entries, treeSize: size) else {
            throw .outOfRange(path: store.root, index: index, size: size)
        }
        let entry = try store.entries(of: tile).entries[Int(index & 0xFF)]
        let inclusion = try store.inclusionProof(of: index, in: size)
        do throws(ProofError) {
            try inclusion.verify(entry.leafHash, root: checkpoint.head.root)
        } catch {
            // Which of the files on the way is at fault, a verification tells.
            throw .rootMismatch(path: store.root, size: size)
        }
        return (entry, inclusion)
    }

    /// Proves that the log extends what it was before.
    ///
    /// - Parameter known: A tree head that the log had.
    /// - Returns: The proof; it has been verified.
    /// - Throws: `LogError`: `rolledBack` where the log is shorter, `rewritten` where it begins otherwise.
    public func consistencyProof(from known: TreeHead) throws(LogError) -> ConsistencyProof {
        try store.check(checkpoint.head, extends: known)
        let proof = try store.consistencyProof(from: known.size, to: size)
        do throws(ProofError) {
            try proof.verify(from: known.root, to: checkpoint.head.root)
        } catch {
            throw .rootMismatch(path: store.root, size: size)
        }
        return proof
    }

    /// The tree head that the log had at an earlier size, proved to lead to the checkpoint.
    ///
    /// - Parameter size: A number of entries that the log had.
    /// - Returns: The tree head.
    /// - Throws: `LogError`.
    public func head(at size: UInt64) throws(LogError) -> TreeHead {
        guard size <= self.size else { throw .outOfRange(path: store.root, index: size, size: self.size) }
        let head = try store.head(size: size, in: self.size)
        _ = try consistencyProof(from: head)
        return head
    }
}
