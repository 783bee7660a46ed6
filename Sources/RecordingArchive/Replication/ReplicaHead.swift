internal import AuditTrail
internal import DurableFiles
internal import TransparencyLog

/// The newest state of the log that was signed when a replica last got it.
///
/// It was signed by the archive's own key, so it binds the archive: what goes on must go on from there.
struct ReplicaHead {
    /// How the archive's log stands to it.
    enum Relation {
        /// The archive's log has all that it has.
        case contained
        /// It goes on where the archive's log ends: the archive is an older state of itself.
        case newer
        /// They contradict one another: the key has signed two histories.
        case forked
    }

    let replica: Replica
    private let checkpoint: Checkpoint
    private let keys: [VerifierKey]

    var head: TreeHead { checkpoint.head }

    /// The number of its entries.
    var size: UInt64 { head.size }

    /// How often a checkpoint is read that is there and cannot be read: one misread must not set the signer free.
    private static let tries = 3

    /// Reads the head of a replica; nil where none of the keys has signed one there, or nothing is there that can be read.
    ///
    /// - Throws: `FileError` of kind `tooManyOpen`, which says nothing of the replica.
    init?(of replica: Replica, signedBy keys: [VerifierKey]) throws(FileError) {
        let path = Folder.path(replica.layout.log, "checkpoint")
        var bytes: [UInt8]?
        for number in 1...Self.tries where bytes == nil {
            do throws(FileError) {
                bytes = try replica.operations.contents(of: path, limit: SignedNote.largestSize + 1)
            } catch {
                if error.kind == .missing { return nil }
                if error.kind == .tooManyOpen, number == Self.tries { throw error }
            }
        }
        guard let bytes, let checkpoint = try? Checkpoint(bytes, signedBy: keys) else { return nil }
        self.replica = replica
        self.checkpoint = checkpoint
        self.keys = keys
    }

    /// Compares it with the archive's log, each as its own tiles prove it.
    ///
    /// - Parameter own: The archive's log; nil where it has none.
    /// - Returns: How the archive's log stands to it.
    /// - Throws: `LogError` where the archive's log is damaged, so that it proves nothing.
    func relation(to own: LogReader?) throws(LogError) -> Relation {
        let (theirs, ours) = (head, own?.checkpoint.head ?? .empty)
        if theirs.size <= ours.size {
            let earlier = theirs == ours ? ours : try own?.head(at: theirs.size) ?? .empty
            return earlier == theirs ? .contained : .forked
        }
        let earlier: TreeHead
        do throws(LogError) {
            let log = try LogReader(
                at: replica.layout.log, keys: keys, operations: replica.operations)
            earlier = try log.head(at: ours.size)
        } catch {
            // That the key has signed more than the archive has is certain, whatever has become of the replica's tiles.
            return .newer
        }
        return earlier == ours ? .newer : .forked
    }
}

extension RecordingArchive {
    /// Refuses to go on from a state that contradicts what the log's key has signed for a replica.
    ///
    /// A key signs nothing that does not extend what it signed last. But whoever restores an archive from a backup may restore
    /// the key with its record, too; then only the replicas know better. A replica that is not there binds nobody.
    ///
    /// - Parameter paths: The replicas.
    /// - Throws: `ArchiveError`: `olderThanReplica`, `forkedFromReplica`.
    func checkHeads(of paths: some Sequence<String>) throws(ArchiveError) {
        let keys = VerifierKeyList.trusted(layout, besides: keysAtHand, operations)
        var heads: [ReplicaHead] = []
        for path in paths {
            let replica = Replica(path: path, operations: operations)
            let head = try Self.files(replica.layout) { () throws(FileError) in
                try ReplicaHead(of: replica, signedBy: keys)
            }
            if let head { heads.append(head) }
        }
        guard !heads.isEmpty else { return }
        var found: [ReplicaHead.Relation: ReplicaHead] = [:]
        var entries: UInt64 = 0
        do throws(LogError) {
            let own = try ownLog(keys)
            entries = own?.size ?? 0
            for head in heads.sorted(by: { $0.size < $1.size }) { found[try head.relation(to: own)] = head }
        } catch {
            // What nobody signed is refused by whoever opens the log.
            if case .badCheckpoint = error { return }
            throw .log(error)
        }
        if let head = found[.forked] {
            throw .forkedFromReplica(
                path: path, entries: entries, replica: head.replica.path, known: head.size)
        }
        if let head = found[.newer] {
            throw .olderThanReplica(
                path: path, entries: entries, replica: head.replica.path, known: head.size)
        }
    }

    private func ownLog(_ keys: [VerifierKey]) throws(LogError) -> LogReader? {
        do throws(LogError) {
            return try LogReader(at: layout.log, keys: keys, operations: operations)
        } catch {
            guard case .checkpointMissing = error else { throw error }
            return nil
        }
    }

    /// The replicas that the catalog knows, and those of lines that it has not taken in yet.
    func replicas(andBehind position: JournalPosition) throws(ArchiveError) -> [String] {
        var paths = try catalog.readNow { try CatalogQueries.replicas($0) }
        var known = Set(paths.map(PathKey.init))
        // What is wrong with the journal is told when it is opened.
        guard var reader = try? JournalReader(of: layout, from: position, operations: operations)
        else { return paths }
        while let line = try? reader.next() {
            if let path = line.telling(ReplicaAdded.self)?.path, known.insert(PathKey(path)).inserted {
                paths.append(path)
            }
        }
        return paths
    }
}
