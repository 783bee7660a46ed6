internal import AuditTrail
internal import DurableFiles
internal import TransparencyLog

/// Holds log, journal, catalog, files and copies against one another; writes nothing.
///
/// Others may write to the archive meanwhile. What looks wrong is looked at once more before it is told, and a line that
/// came after the beginning is none that the catalog must have.
struct ArchiveVerifier {
    let layout: ArchiveLayout
    let catalog: Catalog
    let operations: any FileOperations
    let plan: VerificationPlan
    /// Tree heads that the log is known to have had.
    let known: [TreeHead]
    /// Makes the message key of an identity with the archive's key.
    let messageKey: (MessageIdentity) -> String
    let report: (ArchiveFinding) -> Void
    let progress: (_ recordings: Int) -> Void

    var summary = VerificationSummary()
    var replicas: [CheckedReplica] = []
    /// What the journal says by itself; nil where it is damaged.
    var state: JournalState?
    /// The sequences of the recordings whose files are looked at; nil for all.
    var wanted: Set<Int64>?
    var isSettled = true
    var matchedRows = 0
    /// Recordings whose files cannot be told by the catalog, so that they are no strangers.
    var orphans: Set<String> = []
    var hasToldOfKey = false

    init(
        layout: ArchiveLayout, catalog: Catalog, operations: any FileOperations, plan: VerificationPlan,
        known: [TreeHead], messageKey: @escaping (MessageIdentity) -> String,
        report: @escaping (ArchiveFinding) -> Void, progress: @escaping (Int) -> Void
    ) {
        self.layout = layout
        self.catalog = catalog
        self.operations = operations
        self.plan = plan
        self.known = known
        self.messageKey = messageKey
        self.report = report
        self.progress = progress
    }

    mutating func note(_ finding: ArchiveFinding) {
        summary.findings[finding.kind, default: 0] += 1
        report(finding)
    }

    /// Verifies everything, or as much as the plan allows.
    ///
    /// - Throws: `ArchiveError` where the catalog cannot be read.
    mutating func run() throws(ArchiveError) -> VerificationSummary {
        let applied = try catalog.readNow { try Progress.position(.applied, $0).lines }
        isSettled = try catalog.readNow { try Progress.position(.settled, $0).lines } >= applied
        state = try JournalState(layout, lines: applied, operations: operations)
        if let filter = plan.filter {
            wanted = Set(try catalog.readNow { try CatalogQueries.sequences($0, matching: filter) })
        }
        try findReplicas(applied: applied)
        var trail = JournalTrail(layout: layout, operations: operations)
        let log = try openLog()
        if let log { try verify(log, &trail) }
        guard summary.cursor == nil else { return summary }
        try verifyPending(&trail, from: max(log?.size ?? 0, plan.start), isLogReadable: log != nil)
        guard summary.cursor == nil else { return summary }
        try compareLengths(trail, applied: applied)
        guard plan.start == 0, plan.filter == nil else { return summary }
        try findStrayRows()
        try CatalogCheck(layout: layout, catalog: catalog, state: state).run { note($0) }
        try sweep()
        return summary
    }

    private mutating func compareLengths(_ trail: JournalTrail, applied: Int) throws(ArchiveError) {
        let path = layout.journal
        if trail.lines > applied {
            note(
                ArchiveFinding(
                    .catalogBehind, item: layout.catalog,
                    "the catalog lacks \(trail.lines - applied) lines of the journal; the next run that writes adds them"))
        } else if trail.isComplete, trail.lines < applied {
            note(
                ArchiveFinding(
                    .journalRolledBack, item: path,
                    "\(path) has \(trail.lines) lines, but had \(applied); restore it from a copy"))
        }
        guard trail.isComplete, let longest = replicas.max(by: { $0.position.lines < $1.position.lines }),
            longest.position.lines > max(trail.lines, try catalog.readNow { try Progress.position(.applied, $0).lines })
        else { return }
        note(
            ArchiveFinding(
                .journalRolledBack, item: path,
                "\(path) has \(trail.lines) lines, but its copy in \(longest.path) has \(longest.position.lines): "
                    + "the archive is an older state of itself; restore it from that copy"))
    }

    private mutating func sweep() throws(ArchiveError) {
        var sweep = FileSweep(layout: layout, catalog: catalog, operations: operations)
        sweep.orphans = orphans
        try sweep.run { note($0) }
        for replica in replicas {
            replica.checkDescription(against: layout, operations) { note($0) }
            replica.checkJournal(against: layout, operations) { note($0) }
            // Keys that cannot be read were told of with the archive's own log.
            replica.checkLog((try? trustedKeys()) ?? []) { note($0) }
            sweep = FileSweep(
                layout: replica.layout, catalog: catalog, operations: operations, replica: replica.path,
                lines: replica.position.lines)
            sweep.orphans = orphans
            try sweep.run { note($0) }
        }
    }

    /// Names the rows that no ingest accounts for, where there are more rows than ingests.
    private mutating func findStrayRows() throws(ArchiveError) {
        let rows = try catalog.readNow { try CatalogQueries.rowCount($0) }
        guard rows > matchedRows else { return }
        let strays = try catalog.readNow { try CatalogQueries.idsWithEntries($0) }
        var trail = JournalTrail(layout: layout, operations: operations)
        var last: (entry: Int64, record: String?)?
        for (id, entry) in strays {
            // Two rows may claim one entry.
            if last?.entry != entry {
                let line = entry < 0 ? nil : trail.line(ofEntry: UInt64(entry)) { _ in }
                last = (entry, line?.event == "ingest" ? line?.text("record") : nil)
            }
            guard last?.record != id else { continue }
            note(
                ArchiveFinding(
                    .rowStray, item: id, record: id,
                    "the catalog's row of the recording \(id) has no ingest in the journal; run rebuild-catalog, and "
                        + "find out where it comes from"))
        }
    }
}
