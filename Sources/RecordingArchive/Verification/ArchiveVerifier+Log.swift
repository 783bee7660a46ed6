internal import AuditTrail
internal import DurableFiles
internal import TransparencyLog

extension ArchiveVerifier {
    func trustedKeys() throws(ArchiveError) -> [VerifierKey] {
        try VerifierKeyList.read(plan.verifierKeys ?? layout.verifierKeys, operations)
    }

    /// Opens the log; nil where there is none, or none that can be trusted.
    mutating func openLog() throws(ArchiveError) -> LogReader? {
        let keys: [VerifierKey]
        do throws(ArchiveError) {
            keys = try trustedKeys()
        } catch {
            guard case .verifierKeysDamaged = error, plan.verifierKeys == nil else { throw error }
            note(ArchiveFinding(.logSignature, item: layout.verifierKeys, error.description))
            return nil
        }
        if keys.isEmpty {
            let status = try RecordingArchive.files(layout) { () throws(FileError) in
                try operations.status(of: layout.log)
            }
            let logged = try catalog.readNow { try Progress.position(.logged, $0).entries }
            if status != nil || logged > 0 || plan.verifierKeys != nil {
                let path = plan.verifierKeys ?? layout.verifierKeys
                note(
                    ArchiveFinding(
                        .logSignature, item: path,
                        "\(path) is missing or empty, so no signature can be checked; restore it from a copy"))
            }
            return nil
        }
        if plan.verifierKeys == nil { try checkDescription(keys) }
        do throws(LogError) {
            return try LogReader(at: layout.log, keys: keys, operations: operations)
        } catch {
            note(ArchiveFinding(.logSignature, item: layout.log, error.description))
            return nil
        }
    }

    /// The log's name has the archive's id in it.
    private mutating func checkDescription(_ keys: [VerifierKey]) throws(ArchiveError) {
        let id = try ArchiveDescription.read(layout, operations).id
        guard let key = keys.first(where: { $0.name != LogKey.origin(archiveID: id) }) else { return }
        note(
            ArchiveFinding(
                .descriptionAltered, item: layout.description,
                "\(layout.description) has the id \(id), but the log is that of \(key.name); restore it from a copy"))
    }

    mutating func verify(_ log: LogReader, _ trail: inout JournalTrail) throws(ArchiveError) {
        var failure: ArchiveError?
        // The closures of a verification do not throw, and take this value apart from what they change of it.
        var copy = self
        var journal = trail
        let heads = known + replicas.compactMap { $0.head(signedBy: (try? trustedKeys()) ?? []) }
        let result = log.verify(from: plan.start, known: Array(Set(heads))) { index, entry in
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
        let logged = try catalog.readNow { try Progress.position(.logged, $0).entries }
        // A writer may have added entries since the log was opened.
        let newest = (try? LogReader(at: layout.log, keys: trustedKeys(), operations: operations).size) ?? log.size
        if logged > newest, summary.findings[.logRolledBack] == nil {
            note(
                ArchiveFinding(
                    .logRolledBack, item: layout.log,
                    "the log at \(layout.log) has \(log.size) entries, but had \(logged) by the catalog; "
                        + "restore its newest copy"))
        }
    }

    static func converted(_ finding: LogFinding, replica: String? = nil) -> ArchiveFinding {
        let (kind, item): (ArchiveFinding.Kind, String) =
            switch finding {
            case .failure(.rolledBack(let path, _, _)): (.logRolledBack, path)
            case .failure(.badCheckpoint(let path, _)), .failure(.checkpointMissing(let path)): (.logSignature, path)
            case .failure(.damaged(let path, _)), .failure(.rewritten(let path, _)),
                .failure(.rootMismatch(let path, _)):
                (.logDamaged, path)
            case .failure(.file(let error)): (.logDamaged, error.path)
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
        let isSame = line?.logEntry == entry
        if let line, !isSame {
            note(
                ArchiveFinding(
                    .journalDiffers, item: "line \(line.number)",
                    "line \(line.number) of \(layout.journal) is not entry \(index) of the log; restore it from a copy"))
        }
        guard let content = CanonicalJSON(canonical: entry.bytes) else { return }
        try check(content, at: index, isSame ? line : nil)
    }

    /// Looks at the entries that wait in the journal.
    mutating func verifyPending(
        _ trail: inout JournalTrail, from start: UInt64, isLogReadable: Bool
    ) throws(ArchiveError) {
        var index = start
        var pending = 0
        while let line = trail.line(ofEntry: index, report: { note($0) }) {
            if plan.isOver() {
                summary.cursor = index
                return
            }
            if let entry = line.entry { try check(entry, at: index, line) }
            index += 1
            pending += 1
        }
        // Lines without entries may follow; their form is checked too.
        trail.readToEnd { note($0) }
        // Where the log cannot be read, it is not known which entries it lacks.
        let isExpected = isLogReadable || summary.findings[.logSignature] == nil
        if pending > 0, isExpected, summary.findings[.logRolledBack] == nil {
            note(
                ArchiveFinding(
                    .logPending, item: layout.log,
                    "\(pending) entries wait in the journal for the log; the next run with the key adds them"))
        }
    }
}
