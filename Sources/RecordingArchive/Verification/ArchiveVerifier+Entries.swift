internal import AuditTrail
internal import Digests
internal import DurableFiles
internal import TransparencyLog

extension ArchiveFinding {
    /// That a recording was not copied, of which the catalog knows.
    fileprivate static func replicaLacks(_ record: String, in replica: String) -> ArchiveFinding {
        ArchiveFinding(
            .replicaBehind, item: replica, replica: replica, record: record,
            "\(replica) lacks the recording \(record), which could not be copied; run replicate")
    }
}

extension ArchiveVerifier {
    /// Compares an entry of the log with the journal's, and what it says with rows and files.
    mutating func compare(
        _ entry: LogEntry, at index: UInt64, _ trail: inout JournalTrail
    ) throws(ArchiveError) {
        // Of entries that the log has lost, which was told, the journal may know.
        while nextEntry < index {
            let lost = nextEntry
            let line = trail.line(ofEntry: lost) { note($0) }
            if let line, let content = line.entry { try check(content, at: lost, line) }
            nextEntry = lost + 1
        }
        nextEntry = index + 1
        let line = trail.line(ofEntry: index) { note($0) }
        if let line, line.logEntry != entry {
            wrongLines.insert(line.number)
            note(
                ArchiveFinding(
                    .journalDiffers, item: "line \(line.number)",
                    "line \(line.number) of \(layout.journal) is not entry \(index) of the log; restore it from a copy"
                ))
        }
        guard let content = CanonicalJSON(canonical: entry.bytes) else { return }
        try check(content, at: index, line)
    }

    /// Looks at the entries that wait in the journal, and at those that could not be read from the log; where there is
    /// a log that cannot be read at all, none is said to wait.
    mutating func verifyPending(_ trail: inout JournalTrail, hasLog: Bool) throws(ArchiveError) {
        var pending = 0
        while let line = trail.line(ofEntry: nextEntry, report: { note($0) }) {
            if let entry = line.entry { try check(entry, at: nextEntry, line) }
            if nextEntry >= logSize { pending += 1 }
            nextEntry += 1
            if plan.isOver() {
                summary.cursor = nextEntry
                return
            }
        }
        // Lines without entries may follow; their form is checked too.
        trail.readToEnd { note($0) }
        if pending > 0, hasLog, summary.findings[.logRolledBack] == nil {
            note(
                ArchiveFinding(
                    .logPending, item: layout.log,
                    "\(pending) entries wait in the journal for the log; the next run with the key adds them")
            )
        }
    }

    /// Looks at the recordings that are left where log and journal, which are told of, end early; their rows are gone by.
    mutating func verifyUnnamed() throws(ArchiveError) {
        guard nextEntry < basis.entries else { return }
        var last = Int64.min
        while true {
            let rows = try catalog.readNow {
                try CatalogQueries.idsWithSequences($0, after: last, limit: 1000)
            }
            guard let end = rows.last?.sequence else { return }
            last = end
            for (id, _) in rows {
                let (row, sidecar) = try catalog.readNow {
                    (try CatalogQueries.recording($0, id: id), try CatalogQueries.sidecar($0, id: id))
                }
                guard let row, let sidecar, row.ingestEntry >= Int64(nextEntry) else { continue }
                nextEntry = UInt64(row.ingestEntry)
                try check(row, sidecar, RecordingCheck.Expected(sidecar), at: nextEntry, nil)
                nextEntry += 1
                if plan.isOver() {
                    summary.cursor = nextEntry
                    return
                }
            }
        }
    }

    private mutating func check(
        _ entry: CanonicalJSON, at index: UInt64, _ line: JournalLine?
    ) throws(ArchiveError) {
        if entry["type"]?.stringValue == "key", let key = entry["new"]?.stringValue {
            introducedKeys.insert(key)
        }
        guard entry["type"]?.stringValue == "ingest" else { return }
        guard let expected = RecordingCheck.Expected(entry) else {
            return note(
                ArchiveFinding(
                    .logDamaged, item: "entry \(index)",
                    "entry \(index) of the log is no ingest of a form that is known; use the newest version"))
        }
        // What the catalog has not taken in yet is told of once; the intent is what it will be taken in from.
        if index >= basis.entries {
            let intent = layout.intent(of: expected.record)
            let status = try RecordingArchive.files(layout) { () throws(FileError) in
                try operations.status(of: intent)
            }
            // Others may have taken it in meanwhile.
            let now = try catalog.readNow { try Progress.position(.applied, $0) }
            if status == nil, index >= max(UInt64(now.entries), basis.entries) {
                noteMissingRow(expected, index, "the catalog has no row of the recording")
            }
            return
        }
        let (current, tombstone, row): (Sidecar?, Tombstone?, Recording?)
        do throws(ArchiveError) {
            (current, tombstone, row) = try catalog.readNow {
                (
                    try CatalogQueries.sidecar($0, id: expected.record),
                    try Tombstone.with(id: expected.record, $0),
                    try CatalogQueries.recording($0, id: expected.record)
                )
            }
        } catch {
            guard case .catalogDamaged = error else { throw error }
            matchedRows += 1
            return noteAlteredRow(expected, index)
        }
        let erasure = try state?.erasure(of: expected.record)
        guard let current, let row else { return try checkErasure(expected, index, tombstone, erasure) }
        if erasure != nil {
            matchedRows += 1
            return noteAlteredRow(expected, index)
        }
        try check(row, current, expected, at: index, line)
    }

    /// Holds a row against the log and the journal, and the files against all of them.
    private mutating func check(
        _ row: Recording, _ current: Sidecar, _ expected: RecordingCheck.Expected, at index: UInt64,
        _ line: JournalLine?
    ) throws(ArchiveError) {
        matchedRows += 1
        guard plan.records?.contains(row.id) ?? true else { return }
        judge.beginRecording()
        if let filter = plan.filter {
            let isWanted = try catalog.readNow {
                try CatalogQueries.matches($0, filter, sequence: row.sequence)
            }
            guard isWanted else { return }
        }
        try compare(row, current, expected, at: index, line)
        summary.recordings += 1
        progress(summary.recordings)
    }

    private mutating func compare(
        _ row: Recording, _ sidecar: Sidecar, _ expected: RecordingCheck.Expected, at index: UInt64,
        _ line: JournalLine?
    ) throws(ArchiveError) {
        var current = sidecar
        var answers = (try? sidecar.answerCommitments()) ?? [:]
        var lostAnswers: [String] = []
        var isAltered =
            (try? current.commitment()) != expected.commitment || row.ingestEntry != Int64(index)
            || row.state.rawValue != expected.state || row.facts.stored.sha256 != expected.stored
            || row.facts.source.sha256 != expected.original
        if let line {
            isAltered =
                isAltered || row.sequence != Int64(line.number) || row.messageKey != line.text("messageKey")
        }
        let isInPlace = FileNaming.isPath(row.path, of: row.facts, row.state)
        if let state, state.isWhole {
            let expectation = try state.expectation(of: row, catalog)
            let holds = try catalog.readNow { try Hold.marks(on: row.id, $0) }
            let retention = Retention(
                policy: expectation.policy ?? RetentionPolicy(expected.retention) ?? .forever,
                event: expectation.event, created: row.facts.retentionStart)
            // A catalog that an older program left counts from a date that is too early; the next run that writes renews it.
            let earlier = Retention(
                policy: retention.policy, event: retention.event, created: row.facts.created)
            isAltered =
                isAltered || retention != row.retention && earlier != row.retention
                || !expectation.allows(holds)
                || row.holds != holds.count
            lostAnswers = Set(answers.keys).union(expectation.answers.keys)
                .filter { answers[$0] != expectation.answers[$0] }.sorted()
            // Others have changed the catalog since the journal was read.
            if isAltered || !lostAnswers.isEmpty,
                try catalog.readNow({ try Progress.position(.applied, $0) }) != applied
            {
                return try checkPlaces(sidecar, answers, expected, line, row)
            }
            answers = expectation.answers
            current.retention = retention
            current.holds = expectation.allows(holds) ? holds : expectation.holds
        }
        if !isAltered { isAltered = try !catalog.readNow { try CatalogQueries.hasAllColumns($0, of: row) } }
        if isAltered || !isInPlace { noteAlteredRow(expected, index) }
        if !isAltered {
            for hook in lostAnswers {
                note(
                    ArchiveFinding(
                        .answerLost, item: row.id, record: row.id,
                        "what the catalog has as the answer of the hook \(hook) to the recording \(row.id) is not what "
                            + "the journal tells of; run rebuild-catalog, or export with that hook again"))
            }
        }
        // Where the file is, only a catalog made anew tells.
        if isInPlace || isAltered { try checkPlaces(current, answers, expected, line, row) }
    }

    private mutating func checkErasure(
        _ expected: RecordingCheck.Expected, _ index: UInt64, _ tombstone: Tombstone?, _ erasure: Int64?
    ) throws(ArchiveError) {
        guard let tombstone else {
            if erasure != nil { summary.erased += 1 }
            return noteMissingRow(
                expected, index, "the catalog has no \(erasure == nil ? "row" : "tombstone") of the recording"
            )
        }
        if erasure == nil, state?.isWhole == true, try !isErasedSince(tombstone) {
            return noteMissingRow(
                expected, index, "the catalog says what the journal does not, the erasure of the recording")
        }
        summary.erased += 1
        if tombstone.ingestEntry != Int64(index) || tombstone.eraseEntry != erasure ?? tombstone.eraseEntry
            || tombstone.stored != expected.stored.hexadecimal
            || tombstone.original != expected.original.hexadecimal
        {
            noteAlteredRow(expected, index)
        }
    }

    /// Whether a recording was erased behind the lines that were read at the start, by a run that is at work.
    ///
    /// A catalog that stands still cannot say so.
    private func isErasedSince(_ tombstone: Tombstone) throws(ArchiveError) -> Bool {
        guard tombstone.eraseEntry >= Int64(applied.entries) else { return false }
        return try catalog.readNow { try Progress.position(.applied, $0).lines } > applied.lines
    }

    private mutating func noteMissingRow(_ expected: RecordingCheck.Expected, _ index: UInt64, _ what: String)
    {
        // A catalog that was made just now lacks what no sidecar tells.
        if basis.isDerived {
            return note(
                ArchiveFinding(
                    .sidecarMissing, item: expected.record, record: expected.record,
                    "no sidecar tells what the recording \(expected.record) is (entry \(index)), in the archive or in a "
                        + "copy that can be reached; mount the disks of the other copies, and run verify again"
                ))
        }
        note(
            ArchiveFinding(
                .rowMissing, item: expected.record, record: expected.record,
                "\(what) \(expected.record) (entry \(index)); run rebuild-catalog"))
    }

    private mutating func noteAlteredRow(_ expected: RecordingCheck.Expected, _ index: UInt64) {
        guard !basis.isDerived else { return }
        alteredRows.insert(expected.record)
        note(
            ArchiveFinding(
                .rowAltered, item: expected.record, record: expected.record,
                "the catalog says otherwise of the recording \(expected.record) than entry \(index) of the log and the "
                    + "journal; run rebuild-catalog"))
    }

    private mutating func checkPlaces(
        _ current: Sidecar, _ answers: [String: String], _ expected: RecordingCheck.Expected,
        _ line: JournalLine?, _ row: Recording
    ) throws(ArchiveError) {
        var findings: [ArchiveFinding] = []
        var current = current
        var answers = answers
        let told = try state?.report(on: expected.record)
        let report = line?.text("report").flatMap({ Digest(hexadecimal: $0) }) ?? told
        func check(_ layout: ArchiveLayout, _ replica: String?, isSettled: Bool) {
            let check = RecordingCheck(
                layout: layout, replica: replica, operations: operations, restoring: plan.restoring,
                isSettled: isSettled, knowsState: !basis.isDerived || state?.isWhole == true
            ) { findings.append($0) }
            check.checkFile(current.path, current.state, expected)
            check.checkSidecar(current, expected, answers: answers)
            if let report { check.checkReport(of: current.path, report, expected) }
        }
        check(layout, nil, isSettled: isSettled)
        if !findings.isEmpty, try catalog.readNow({ try Progress.position(.applied, $0) }) != applied {
            // Others have been at work meanwhile: what counts is what is there now.
            findings = []
            guard let now = try catalog.readNow({ try CatalogQueries.sidecar($0, id: row.id) }) else {
                return
            }
            current = now
            answers = try now.answerCommitments()
            check(layout, nil, isSettled: false)
        }
        for replica in replicas where line?.number ?? Int(row.sequence) < replica.position.lines {
            let count = findings.count
            check(replica.layout, replica.path, isSettled: isSettled && replica.isUpToDate)
            summary.copies += 1
            // What could not be copied when its turn came, the next run tries again.
            if findings[count...].contains(where: { $0.kind == .fileMissing }),
                try catalog.readNow({ try ReplicaGap.isThere(row.id, place: replica.path, $0) })
            {
                findings[count...] = [.replicaLacks(row.id, in: replica.path)]
            }
        }
        for finding in findings { note(finding) }
    }
}
