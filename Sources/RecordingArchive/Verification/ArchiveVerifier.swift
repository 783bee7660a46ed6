internal import AuditTrail
internal import Digests
internal import DurableFiles
internal import TransparencyLog

/// Holds log, journal, catalog, files and copies against one another; writes nothing.
struct ArchiveVerifier {
    let layout: ArchiveLayout
    let catalog: Catalog
    let operations: any FileOperations
    let plan: VerificationPlan
    /// Tree heads that the log is known to have had.
    let known: [TreeHead]
    let report: (ArchiveFinding) -> Void
    let progress: (_ recordings: Int) -> Void

    private(set) var summary = VerificationSummary()
    private var replicas: [CheckedReplica] = []
    /// The sequences of the recordings whose files are looked at; nil for all.
    private var wanted: Set<Int64>?
    private var isSettled = true
    /// How many lines of the journal the catalog has taken in.
    private var applied = 0
    private var matchedRows = 0

    init(
        layout: ArchiveLayout, catalog: Catalog, operations: any FileOperations, plan: VerificationPlan,
        known: [TreeHead], report: @escaping (ArchiveFinding) -> Void, progress: @escaping (Int) -> Void
    ) {
        self.layout = layout
        self.catalog = catalog
        self.operations = operations
        self.plan = plan
        self.known = known
        self.report = report
        self.progress = progress
    }

    private mutating func note(_ finding: ArchiveFinding) {
        summary.findings[finding.kind, default: 0] += 1
        report(finding)
    }

    /// Verifies everything, or as much as the plan allows.
    ///
    /// - Throws: `ArchiveError` where the catalog cannot be read.
    mutating func run() throws(ArchiveError) -> VerificationSummary {
        let settled: Int
        (applied, settled) = try catalog.readNow {
            (
                try Progress.position(.applied, $0).lines, try Progress.position(.settled, $0).lines
            )
        }
        isSettled = settled >= applied
        if let filter = plan.filter {
            wanted = Set(try catalog.readNow { try CatalogQueries.sequences($0, matching: filter) })
        }
        try findReplicas(applied: applied)
        var trail = JournalTrail(layout: layout, operations: operations)
        var size: UInt64 = 0
        if let log = try openLog() {
            size = log.size
            try verify(log, &trail)
        }
        guard summary.cursor == nil else { return summary }
        try verifyPending(&trail, from: max(size, plan.start))
        guard summary.cursor == nil else { return summary }
        if trail.lines > applied {
            note(
                ArchiveFinding(
                    .catalogBehind, item: layout.catalog,
                    "the catalog lacks \(trail.lines - applied) lines of the journal; the next run that writes adds them"))
        } else if trail.isComplete, trail.lines < applied {
            note(
                ArchiveFinding(
                    .journalDamaged, item: layout.journal,
                    "\(layout.journal) has \(trail.lines) lines but had \(applied); restore it from a copy"))
        }
        if plan.start == 0, plan.filter == nil {
            try findStrayRows()
            try FileSweep(layout: layout, catalog: catalog, operations: operations).run { note($0) }
            for replica in replicas {
                replica.checkJournal(against: layout, operations) { note($0) }
                replica.checkLog(try trustedKeys()) { note($0) }
                try FileSweep(
                    layout: replica.layout, catalog: catalog, operations: operations, replica: replica.path,
                    lines: replica.position.lines
                ).run { note($0) }
            }
        }
        return summary
    }

    private func trustedKeys() throws(ArchiveError) -> [VerifierKey] {
        try VerifierKeyList.read(plan.verifierKeys ?? layout.verifierKeys, operations)
    }

    private mutating func openLog() throws(ArchiveError) -> LogReader? {
        let keys = try trustedKeys()
        if keys.isEmpty {
            let status = try RecordingArchive.files(layout) { () throws(FileError) in
                try operations.status(of: layout.log)
            }
            if status != nil {
                note(
                    ArchiveFinding(
                        .logSignature, item: layout.verifierKeys,
                        "\(layout.verifierKeys) is missing, so no signature can be checked; restore it from a copy"))
            }
            return nil
        }
        do throws(LogError) {
            return try LogReader(at: layout.log, keys: keys, operations: operations)
        } catch {
            note(ArchiveFinding(.logSignature, item: layout.log, error.description))
            return nil
        }
    }

    private mutating func verify(_ log: LogReader, _ trail: inout JournalTrail) throws(ArchiveError) {
        var failure: ArchiveError?
        // The closures of a verification do not throw, and take this value apart from what they change of it.
        var copy = self
        var journal = trail
        let result = log.verify(from: plan.start, known: known) { index, entry in
            guard index >= copy.plan.start else { return true }
            if copy.plan.isOver() { return false }
            do throws(ArchiveError) {
                try copy.compare(entry, at: index, &journal)
            } catch {
                failure = error
                return false
            }
            return true
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
            case .failure(.badCheckpoint(let path, _)), .failure(.checkpointMissing(let path)): (.logSignature, path)
            case .failure(.damaged(let path, _)): (.logDamaged, path)
            case .failure: (.logDamaged, "log")
            case .entryAltered(let path, _): (.logEntryAltered, path)
            case .earlierTileAltered(let path): (.logDamaged, path)
            case .stray(let path): (.logStray, path)
            case .leaving(let path): (.leaving, path)
            }
        return ArchiveFinding(kind, item: item, replica: replica, finding.description)
    }

    /// Compares an entry of the log with the journal's, and what it says with rows and files.
    private mutating func compare(
        _ entry: LogEntry, at index: UInt64, _ trail: inout JournalTrail
    ) throws(ArchiveError) {
        let line = trail.line(ofEntry: index) { note($0) }
        if let line, line.logEntry != entry {
            note(
                ArchiveFinding(
                    .journalDiffers, item: "line \(line.number)",
                    "line \(line.number) of \(layout.journal) is not entry \(index) of the log; restore it from a copy"))
        }
        guard let content = CanonicalJSON(canonical: entry.bytes) else { return }
        try check(content, at: index, line: line)
    }

    /// Looks at the entries that wait in the journal.
    private mutating func verifyPending(_ trail: inout JournalTrail, from start: UInt64) throws(ArchiveError) {
        var index = start
        var pending = 0
        while let line = trail.line(ofEntry: index, report: { note($0) }) {
            if plan.isOver() {
                summary.cursor = index
                return
            }
            if let entry = line.entry { try check(entry, at: index, line: line) }
            index += 1
            pending += 1
        }
        // Lines without entries may follow; their form is checked too.
        trail.readToEnd { note($0) }
        if pending > 0 {
            note(
                ArchiveFinding(
                    .logPending, item: layout.log,
                    "\(pending) entries wait in the journal for the log; the next run with the key adds them"))
        }
    }

    private mutating func check(
        _ entry: CanonicalJSON, at index: UInt64, line: JournalLine?
    ) throws(ArchiveError) {
        guard entry["type"]?.stringValue == "ingest" else { return }
        guard let expected = RecordingCheck.Expected(entry) else {
            return note(
                ArchiveFinding(
                    .logDamaged, item: "entry \(index)",
                    "entry \(index) of the log is no ingest of a form that is known; use the newest version"))
        }
        let found = try catalog.readNow {
            (
                try CatalogQueries.sidecar($0, id: expected.record),
                try Tombstone.with(id: expected.record, $0),
                try CatalogQueries.recording($0, id: expected.record)
            )
        }
        guard let current = found.0, let row = found.2 else {
            guard let tombstone = found.1 else {
                // What the catalog has yet to take in of the journal is told of as a whole.
                if let line, line.number >= applied { return }
                return note(
                    ArchiveFinding(
                        .rowMissing, item: expected.record, record: expected.record,
                        "the catalog has no row of the recording \(expected.record) (entry \(index)); run rebuild-catalog"
                    ))
            }
            if tombstone.ingestEntry != Int64(index) {
                note(rowAltered(expected, index))
            }
            summary.erased += 1
            return
        }
        matchedRows += 1
        if let wanted, !wanted.contains(row.sequence) { return }
        if (try? current.commitment()) != expected.commitment || row.ingestEntry != Int64(index)
            || row.facts.stored.sha256 != expected.stored || row.facts.source.sha256 != expected.original
        {
            note(rowAltered(expected, index))
        }
        try checkPlaces(current, expected, line: Int(row.sequence))
        summary.recordings += 1
        progress(summary.recordings)
    }

    private func rowAltered(_ expected: RecordingCheck.Expected, _ index: UInt64) -> ArchiveFinding {
        ArchiveFinding(
            .rowAltered, item: expected.record, record: expected.record,
            "the catalog's row of the recording \(expected.record) differs from entry \(index) of the log; "
                + "run rebuild-catalog")
    }

    private mutating func checkPlaces(
        _ current: Sidecar, _ expected: RecordingCheck.Expected, line: Int
    ) throws(ArchiveError) {
        var findings: [ArchiveFinding] = []
        func check(_ layout: ArchiveLayout, _ replica: String?, isSettled: Bool) {
            let check = RecordingCheck(
                layout: layout, replica: replica, operations: operations, restoring: plan.restoring,
                isSettled: isSettled
            ) { findings.append($0) }
            check.checkFile(current.path, current.state, expected)
            check.checkSidecar(current, expected)
        }
        check(layout, nil, isSettled: isSettled)
        for replica in replicas where line < replica.position.lines {
            check(replica.layout, replica.path, isSettled: isSettled && replica.isUpToDate)
            summary.copies += 1
        }
        for finding in findings { note(finding) }
    }

    private mutating func findReplicas(applied: Int) throws(ArchiveError) {
        let paths = try catalog.readNow { try CatalogQueries.replicas($0) }
        for path in paths {
            let replica = Replica(path: path, operations: operations)
            do throws(ArchiveError) {
                _ = try ArchiveDescription.read(replica.layout, operations)
                let hint = try catalog.readNow { try Progress.position(.replica(path), $0) }
                let position = try replica.position(hint: hint)
                let isUpToDate = position.lines >= applied
                replicas.append(
                    CheckedReplica(layout: replica.layout, position: position, isUpToDate: isUpToDate))
                guard !isUpToDate else { continue }
                note(
                    ArchiveFinding(
                        .replicaBehind, item: path, replica: path,
                        "\(path) lacks \(applied - position.lines) lines of the journal; run replicate"))
            } catch {
                note(
                    ArchiveFinding(
                        .replicaUnreachable, item: path, replica: path,
                        "\(path) cannot be used (\(error)); mount its disk, and run verify again"))
            }
        }
    }

    /// Names the rows that no ingest accounts for, where there are more rows than ingests.
    private mutating func findStrayRows() throws(ArchiveError) {
        let rows = try catalog.readNow { try CatalogQueries.rowCount($0) }
        guard rows > matchedRows else { return }
        let strays = try catalog.readNow { try CatalogQueries.idsWithEntries($0) }
        var trail = JournalTrail(layout: layout, operations: operations)
        for (id, entry) in strays {
            let line = trail.line(ofEntry: UInt64(entry)) { _ in }
            if line?.event != "ingest" || line?.text("record") != id {
                note(
                    ArchiveFinding(
                        .rowStray, item: id, record: id,
                        "the catalog's row of the recording \(id) has no ingest in the journal; run rebuild-catalog, and "
                            + "find out where it comes from"))
            }
        }
    }
}
