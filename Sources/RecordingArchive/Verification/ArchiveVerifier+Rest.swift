internal import AuditTrail
internal import DurableFiles
internal import TransparencyLog

extension ArchiveVerifier {
    /// The tree heads that the key had signed when the log was last copied to each replica, where they are not just
    /// earlier ones: those are compared when it is known that the tiles are sound.
    func newerHeads(_ keys: [VerifierKey], than own: TreeHead) -> [TreeHead] {
        headsOfReplicas(keys).filter { $0.size > own.size || ($0.size == own.size && $0 != own) }
    }

    private func headsOfReplicas(_ keys: [VerifierKey]) -> [TreeHead] {
        replicas.compactMap { try? LogReader(at: $0.layout.log, keys: keys).checkpoint.head }
    }

    /// The log extends what was copied of it earlier.
    mutating func checkEarlierHeads(_ log: LogReader, _ keys: [VerifierKey]) {
        guard summary.findings[.logDamaged] == nil, summary.findings[.logEntryAltered] == nil else { return }
        for head in headsOfReplicas(keys) where head.size < log.size {
            do throws(LogError) {
                _ = try log.consistencyProof(from: head)
            } catch {
                note(Self.converted(.failure(error)))
            }
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
