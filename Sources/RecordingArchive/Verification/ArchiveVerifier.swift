internal import AuditTrail
internal import Digests
internal import DurableFiles
internal import TransparencyLog

/// Holds log, journal, catalog, files and copies against one another; writes nothing.
struct ArchiveVerifier {
    let layout: ArchiveLayout
    private(set) var basis: VerificationBasis
    let operations: any FileOperations
    let plan: VerificationPlan
    /// Tree heads that the log is known to have had.
    let known: [TreeHead]
    let judge: FindingJudge
    let progress: (_ recordings: Int) -> Void

    var summary = VerificationSummary()
    var replicas: [CheckedReplica] = []
    var isSettled = true
    /// The keys that entries of the log name as new ones.
    var introducedKeys: Set<String> = []
    var matchedRows = 0
    /// How far the catalog has come.
    var applied = JournalPosition.start
    /// What the journal says of each recording.
    var state: JournalState?
    /// Recordings of which the catalog says otherwise than log and journal.
    var alteredRows: Set<String> = []
    /// Lines of the journal that are not those of the log.
    var wrongLines: Set<Int> = []
    /// The key that message keys are made with; nil where it is not known.
    var pseudonymKey: Digest?
    /// Files and folders that may not be read, each with the replica that it is in.
    var unreadable: [(path: String, replica: String?)] = []
    /// The entries that the log has.
    var logSize: UInt64 = 0
    /// The first entry that was not looked at yet.
    var nextEntry: UInt64 = 0

    /// The catalog that all is held against.
    var catalog: Catalog { basis.catalog }

    init(
        layout: ArchiveLayout, basis: VerificationBasis, operations: any FileOperations,
        plan: VerificationPlan,
        known: [TreeHead], judge: FindingJudge, progress: @escaping (Int) -> Void
    ) {
        self.layout = layout
        self.basis = basis
        self.operations = operations
        self.plan = plan
        self.known = known
        self.judge = judge
        self.progress = progress
    }

    mutating func note(_ finding: ArchiveFinding) {
        summary.findings[finding.kind, default: 0] += 1
        if !isHidden(finding) { judge.note(finding) }
    }

    /// Names what may not be read in the archive or a replica.
    mutating func checkAccess(to layout: ArchiveLayout, _ replica: String?) {
        AccessCheck(layout: layout, replica: replica, operations: operations).run { finding in
            note(finding)
            unreadable.append((finding.item, replica))
        }
    }

    /// Whether nothing but what may not be read, which was told, can be why something is found.
    private func isHidden(_ finding: ArchiveFinding) -> Bool {
        guard finding.kind != .fileUnreadable, !unreadable.isEmpty else { return false }
        let place = finding.replica.map { ArchiveLayout(root: $0) } ?? layout
        // Some findings are about a journal or a log as a whole.
        let isWhole = [place.journal, place.log].map(PathKey.init).contains(PathKey(finding.item))
        return unreadable.contains { path, replica in
            guard replica.map(PathKey.init) == finding.replica.map(PathKey.init) else { return false }
            if PathKey(path) == PathKey(finding.item) { return true }
            if Folder.relativePath(of: finding.item, in: path) != nil { return true }
            return isWhole && Folder.relativePath(of: path, in: finding.item).map { $0 != "lock" } == true
        }
    }

    /// Verifies everything, or as much as the plan allows.
    ///
    /// - Throws: `ArchiveError` where the catalog cannot be read.
    mutating func run() throws(ArchiveError) -> VerificationSummary {
        let (applied, settled) = try catalog.readNow {
            (try Progress.position(.applied, $0), try Progress.position(.settled, $0).lines)
        }
        self.applied = applied
        checkAccess(to: layout, nil)
        for finding in basis.findings { note(finding) }
        isSettled = basis.isDerived || settled >= applied.lines && !hasLines(behind: applied)
        nextEntry = plan.start
        let keys = try readKeys()
        try findReplicas()
        checkDescriptions()
        let trust = JournalTrust(layout, besides: plan.keysAtHand, operations)
        state = try JournalState(
            basis.journal, limit: applied.lines, isAll: basis.entries <= UInt64(applied.entries),
            operations: operations)
        var trail = JournalTrail(layout: layout, known: applied, trust: trust, operations: operations)
        let log = try openLog(keys)
        logSize = log?.size ?? 0
        let newer = log.map { judgeReplicas(by: $0, (keys ?? []) + plan.keysAtHand) } ?? []
        noteLaggingReplicas()
        if let log { try verify(log, known: known.filter { !newer.contains($0) }, &trail) }
        try checkLogSize(keys)
        guard summary.cursor == nil else { return summary }
        try verifyPending(&trail, hasLog: log != nil || keys == [])
        guard summary.cursor == nil else { return summary }
        try verifyUnnamed()
        guard summary.cursor == nil else { return summary }
        checkEnd(of: trail)
        checkIntroductions(keys ?? [], trail)
        try checkAge(trail)
        if plan.filter == nil { try verifyRest(keys, isJournalWhole: trail.isComplete) }
        return summary
    }

    /// Whether the journal has lines that the catalog has not taken in, so that sidecars may be ahead of it.
    private func hasLines(behind position: JournalPosition) -> Bool {
        // A journal that cannot be read is told of when it is compared with the log.
        guard var reader = try? JournalReader(of: layout, from: position, operations: operations)
        else { return false }
        return (try? reader.next()) != nil
    }

    /// A key that signs from some day on is named by an entry of that day.
    private mutating func checkIntroductions(_ keys: [VerifierKey], _ trail: JournalTrail) {
        // A list that was given instead of the archive's own may have any keys.
        guard plan.start == 0, plan.verifierKeys == nil, trail.isComplete, trail.entries > 0 else { return }
        for key in keys where !introducedKeys.contains(key.text) {
            note(
                ArchiveFinding(
                    .logSignature, item: layout.verifierKeys,
                    "\(layout.verifierKeys) has the key \(key.text), which no entry of the log names; find out where it "
                        + "comes from, and restore the file from a copy"))
        }
    }

    /// The journal has neither fewer nor more lines than catalog and log know of.
    private mutating func checkEnd(of trail: JournalTrail) {
        guard trail.isComplete else { return }
        // Without catalog and log, files are what knows of lines.
        let isGone =
            trail.lines == 0 && (try? JournalGuard.check(layout, applied: applied, operations)) == nil
        if isGone || trail.lines < applied.lines || trail.entries < logSize {
            note(
                ArchiveFinding(
                    .journalDamaged, item: layout.journal,
                    "\(layout.journal) has \(trail.lines) lines, fewer than it had; restore it from a copy"))
        } else if trail.lines > applied.lines {
            note(.catalogBehind(layout, lines: trail.lines - applied.lines))
        }
        if trail.isTorn, trail.lines >= applied.lines {
            note(
                ArchiveFinding(
                    .leaving, item: layout.journal,
                    "\(layout.journal) ends in part of a line, of which nobody was told; the next run that writes "
                        + "removes it"))
        }
    }

    /// The trusted keys; none where there are none yet, nil where the list cannot be read.
    private mutating func readKeys() throws(ArchiveError) -> [VerifierKey]? {
        let path = plan.verifierKeys ?? layout.verifierKeys
        do throws(ArchiveError) {
            let keys = try VerifierKeyList.read(
                path, operations, followingLinks: plan.verifierKeys != nil)
            let status = try RecordingArchive.files(layout) { () throws(FileError) in
                try operations.status(of: layout.log)
            }
            guard keys.isEmpty, status != nil else { return keys }
            note(
                ArchiveFinding(
                    .logSignature, item: path,
                    "\(path) is missing, so no signature can be checked; restore it from a copy"))
            return nil
        } catch {
            if case .file(let error) = error, error.kind == .tooManyOpen { throw .file(error) }
            guard plan.verifierKeys == nil else { throw error }
            note(ArchiveFinding(.logSignature, item: path, error.description))
            return nil
        }
    }

    private mutating func openLog(_ keys: [VerifierKey]?) throws(ArchiveError) -> LogReader? {
        guard let keys, !keys.isEmpty else { return nil }
        do throws(LogError) {
            return try LogReader(at: layout.log, keys: keys, operations: operations)
        } catch {
            note(
                ArchiveFinding(
                    .logSignature, item: Folder.path(layout.log, "checkpoint"), error.description))
            return nil
        }
    }

    private mutating func verify(
        _ log: LogReader, known: [TreeHead], _ trail: inout JournalTrail
    ) throws(ArchiveError) {
        var failure: ArchiveError?
        // The closures of a verification do not throw, and take this value apart from what they change of it.
        var copy = self
        var journal = trail
        let result = log.verify(from: plan.start, known: known) { index, entry in
            guard index >= copy.plan.start else { return true }
            do throws(ArchiveError) {
                try copy.compare(entry, at: index, &journal)
            } catch {
                failure = error
                return false
            }
            // Asked afterwards, so that each run gets on.
            return !copy.plan.isOver()
        } report: { finding in
            copy.note(Self.converted(finding))
        }
        self = copy
        trail = journal
        if let failure { throw failure }
        summary.entries = result.verified
        if result.next < log.size { summary.cursor = result.next }
    }

    static func converted(_ finding: LogFinding, replica: String? = nil) -> ArchiveFinding {
        let (kind, item): (ArchiveFinding.Kind, String) =
            switch finding {
            case .failure(.rolledBack(let path, _, _)): (.logRolledBack, path)
            case .failure(.file(let error)): (.logDamaged, error.path)
            case .failure(.badCheckpoint(let path, _)), .failure(.checkpointMissing(let path)):
                (.logSignature, path)
            case .failure(.damaged(let path, _)), .failure(.rewritten(let path, _)),
                .failure(.rootMismatch(let path, _)):
                (.logDamaged, path)
            case .failure: (.logDamaged, "log")
            case .entryAltered(let path, _): (.logEntryAltered, path)
            case .earlierTileAltered(let path): (.logDamaged, path)
            case .stray(let path): (.logStray, path)
            case .leaving(let path): (.leaving, path)
            }
        return ArchiveFinding(kind, item: item, replica: replica, finding.description)
    }
}

extension ArchiveFinding {
    /// That the catalog has not taken in so many lines of the journal.
    static func catalogBehind(_ layout: ArchiveLayout, lines: Int) -> ArchiveFinding {
        ArchiveFinding(
            .catalogBehind, item: layout.catalog,
            "the catalog lacks \(lines) lines of the journal; the next run that writes adds them")
    }
}
