internal import AuditTrail
internal import DurableFiles
internal import TransparencyLog

extension ArchiveVerifier {
    /// Holds the log against what its key has signed for each replica.
    ///
    /// A replica that is newer than the archive cannot be judged by it, nor can one that has another history: nothing else of
    /// them is looked at.
    ///
    /// - Returns: The tree heads that were told to be newer than the log.
    mutating func judgeReplicas(by log: LogReader, _ keys: [VerifierKey]) -> [TreeHead] {
        var newest: ReplicaHead?
        for replica in replicas {
            guard
                let head = try? ReplicaHead(
                    of: Replica(path: replica.path, operations: operations), signedBy: keys),
                let relation = relation(of: head, to: log, keys)
            else { continue }
            switch relation {
            case .contained: continue
            case .newer:
                if head.size > newest?.size ?? 0 { newest = head }
                // Where only the log was set back, the rest can be judged.
                guard replica.position.entries > applied.entries else { continue }
            case .forked:
                let error = ArchiveError.forkedFromReplica(
                    path: layout.root, entries: log.size, replica: replica.path, known: head.size)
                note(
                    ArchiveFinding(
                        .logForked, item: layout.log, replica: replica.path, error.description))
            }
            replicas.removeAll { PathKey($0.path) == PathKey(replica.path) }
        }
        guard let newest else { return [] }
        let error = ArchiveError.olderThanReplica(
            path: layout.root, entries: log.size, replica: newest.replica.path, known: newest.size)
        note(ArchiveFinding(.logRolledBack, item: layout.log, error.description))
        return [newest.head]
    }

    /// How the log stands to what was signed for a replica; nil where the log's own damage, which is told, leaves it open.
    private func relation(
        of head: ReplicaHead, to log: LogReader, _ keys: [VerifierKey]
    ) -> ReplicaHead.Relation? {
        guard let relation = try? head.relation(to: log), relation != .contained,
            // A writer may have added entries, and copied them, since the log was opened.
            let now = try? LogReader(at: layout.log, keys: keys, operations: operations), now.size > log.size
        else { return try? head.relation(to: log) }
        return try? head.relation(to: now)
    }

    /// Tells of replicas that lack lines of the journal.
    mutating func noteLaggingReplicas() {
        for replica in replicas where !replica.isUpToDate {
            note(
                ArchiveFinding(
                    .replicaBehind, item: replica.path, replica: replica.path,
                    "\(replica.path) lacks \(applied.lines - replica.position.lines) lines of the journal; run replicate"
                ))
        }
    }

    /// The log is no shorter than the catalog knows it to have been.
    mutating func checkLogSize(_ keys: [VerifierKey]?) throws(ArchiveError) {
        let logged = try catalog.readNow { try Progress.position(.logged, $0).entries }
        guard logged > 0, summary.findings[.logSignature] == nil, summary.findings[.logRolledBack] == nil
        else {
            return
        }
        // A writer may have added entries since the log was opened.
        let size = (try? LogReader(at: layout.log, keys: keys ?? [], operations: operations).size) ?? logSize
        guard size < logged else { return }
        note(
            ArchiveFinding(
                .logRolledBack, item: layout.log,
                "the log at \(layout.log) has \(size) entries, but had \(logged) by the catalog; restore its newest copy"
            ))
    }

    /// The archive is no older than its copies.
    mutating func checkAge(_ trail: JournalTrail) throws(ArchiveError) {
        guard trail.isComplete, let newest = replicas.max(by: { $0.position.lines < $1.position.lines })
        else { return }
        let lines = max(trail.lines, try catalog.readNow { try Progress.position(.applied, $0).lines })
        let isTold = summary.findings[.journalDamaged] != nil || summary.findings[.logRolledBack] != nil
        guard newest.position.lines > lines, !isTold else { return }
        note(
            ArchiveFinding(
                .journalDamaged, item: layout.journal,
                "\(layout.journal) has \(lines) lines, but its copy in \(newest.path) has \(newest.position.lines): the "
                    + "archive is an older state of itself; restore it from that copy"))
    }
}
