internal import AuditTrail
internal import Digests
internal import DurableFiles
internal import TransparencyLog

extension ArchiveRepairs {
    private static let journalKinds: Set<ArchiveFinding.Kind> = [
        .journalDamaged, .journalDiffers,
    ]
    private static let logKinds: Set<ArchiveFinding.Kind> = [
        .logDamaged, .logEntryAltered, .logSignature, .logRolledBack,
    ]

    /// Brings back what the rest stands on: description, verifier keys, journal and log.
    mutating func restoreFoundation() throws(ArchiveError) {
        restoreDescription()
        try restoreJournal()
        let hasNewKeys = restoreKeys()
        try restoreLog(evenIfSound: hasNewKeys)
        expect(Set(damage.compactMap(\.record)))
    }

    private mutating func restoreDescription() {
        let findings = ownDamage([.descriptionAltered])
        guard !findings.isEmpty else { return }
        for replica in replicas {
            do throws(ArchiveError) {
                try copy("archive.json", from: replica)
                let paths = Set(replicas.map(\.path))
                let others = damage.filter { finding in
                    [.descriptionAltered, .replicaUnreachable].contains(finding.kind)
                        && finding.replica.map(paths.contains) ?? false
                }
                return settle(findings + others, from: replica.path)
            } catch {
                continue
            }
        }
        refuse(findings, "no replica of this archive can be reached to bring back \(layout.description)")
    }

    /// Verifier keys are believed from the journal, or from a replica, where the key that signs is the newest of them.
    ///
    /// - Returns: Whether they were brought back.
    private mutating func restoreKeys() -> Bool {
        guard (try? VerifierKeyList.read(layout.verifierKeys, operations))?.isEmpty ?? true,
            let id = try? ArchiveDescription.read(layout, operations).id
        else { return false }
        var lists = [("journal", keysOfJournal())]
        for replica in replicas {
            lists.append(
                (replica.path, (try? VerifierKeyList.read(replica.layout.verifierKeys, operations)) ?? []))
        }
        for (source, keys) in lists where !keys.isEmpty {
            let own = try? SigningKey.verifierKey(ofKeyAt: key(id, keys.count).path, operations: operations)
            guard keys.last == own, (try? VerifierKeyList.write(keys, layout, operations)) != nil else {
                continue
            }
            settle(damage.filter { $0.item == layout.verifierKeys && $0.replica == nil }, from: source)
            return true
        }
        return false
    }

    private func keysOfJournal() -> [VerifierKey] {
        var keys: [VerifierKey] = []
        do throws(JournalError) {
            var reader = try JournalReader(at: layout.journal, operations: operations)
            while let line = try reader.next() {
                guard line.event == "key",
                    let key = line.entry?["new"]?.stringValue.flatMap({ VerifierKey($0) })
                else {
                    continue
                }
                keys.append(key)
            }
        } catch {
            return []
        }
        return keys
    }

    private func copy(_ name: String, from replica: Replica) throws(ArchiveError) {
        try Replica(path: layout.root, operations: operations).copy(
            name, from: replica.layout, replacing: true)
    }

    // MARK: Journal

    private mutating func restoreJournal() throws(ArchiveError) {
        let findings = ownDamage(Self.journalKinds)
        // A log that was set back can have been with the journal.
        guard !findings.isEmpty || !ownDamage([.logRolledBack]).isEmpty else { return }
        let known = (try? catalog?.readNow { try Progress.position(.applied, $0) }) ?? .start
        for replica in replicas {
            guard length(replica.layout.journal) != nil else { continue }
            let restoration = JournalRestoration(
                of: layout.journal, from: replica.layout.journal, operations: operations)
            guard isProved(restoration, known: known) else { continue }
            do throws(JournalError) {
                _ = try restoration.publish()
            } catch {
                throw .journal(error)
            }
            guard let length = length(layout.journal) else { continue }
            // What the archive had forgotten, its catalog has never known.
            isRowless = length > known.lines
            return settle(findings, from: replica.path)
        }
        refuse(
            findings,
            "no replica can be reached whose journal, with the newest lines of \(layout.journal), leads to what the key "
                + "has signed")
    }

    /// How many lines a journal has; nil where it has none, or cannot be read to its end.
    private func length(_ journal: String) -> Int? {
        do throws(JournalError) {
            var reader = try JournalReader(at: journal, operations: operations)
            while try reader.next() != nil {}
            return reader.position.lines > 0 && reader.tornBytes == 0 ? reader.position.lines : nil
        } catch {
            return nil
        }
    }

    /// Whether the lines lead to a signed root, and go on to where the catalog knows the journal to have been.
    private func isProved(_ restoration: JournalRestoration, known: JournalPosition) -> Bool {
        let checkpoints = checkpoints()
        var log = LogRestoration(at: layout.log, candidates: checkpoints, operations: operations)
        var position = JournalPosition.start
        var isKnown = known == .start
        do throws(JournalError) {
            try restoration.forEachLine { line in
                if let entry = line.logEntry { log.add(entry) }
                position.advance(over: line)
                if position == known { isKnown = true }
            }
        } catch {
            return false
        }
        guard !log.isRefuted, position.lines >= known.lines else { return false }
        let largest = checkpoints.map(\.head.size).max()
        return largest == nil ? isKnown && known != .start : log.proved?.head.size == largest
    }

    // MARK: Log

    /// The checkpoints of the log that a known key has signed: of the archive, from beside the key, and of replicas.
    private func checkpoints() -> [Checkpoint] {
        guard let keys = try? VerifierKeyList.read(layout.verifierKeys, operations) else { return [] }
        var paths = places.map { Folder.path($0.log, "checkpoint") }
        if let id = try? ArchiveDescription.read(layout, operations).id {
            paths.append(SigningKey.recordPath(ofKeyAt: key(id, max(1, keys.count)).path))
        }
        return paths.compactMap { path in
            guard let bytes = try? operations.contents(of: path, limit: SignedNote.largestSize + 1) else {
                return nil
            }
            return try? Checkpoint(bytes, signedBy: keys)
        }
    }

    /// The log follows from the journal: the same entries make the same files.
    private mutating func restoreLog(evenIfSound: Bool) throws(ArchiveError) {
        let findings = ownDamage(Self.logKinds)
        guard !findings.isEmpty || evenIfSound else { return }
        let candidates = checkpoints()
        var log = LogRestoration(at: layout.log, candidates: candidates, operations: operations)
        guard forEachEntry({ log.add($0) }), !log.isRefuted, let proved = log.proved,
            proved.head.size == candidates.map(\.head.size).max()
        else {
            return refuse(
                findings,
                "the journal does not lead to what the key has signed, so that \(layout.log) cannot be made anew from it"
            )
        }
        log.rewind()
        var failure: LogError?
        _ = forEachEntry { entry in
            guard failure == nil else { return }
            do throws(LogError) {
                _ = try log.write(entry)
            } catch {
                failure = error
            }
        }
        do throws(LogError) {
            if let failure { throw failure }
            _ = try log.finish()
        } catch {
            return refuse(findings, "\(layout.log) cannot be written: \(error)")
        }
        settle(findings, from: "journal")
    }

    private func forEachEntry(_ visit: (LogEntry) -> Void) -> Bool {
        do throws(JournalError) {
            var reader = try JournalReader(at: layout.journal, operations: operations)
            while let line = try reader.next() {
                if let entry = line.logEntry { visit(entry) }
            }
            return true
        } catch {
            return false
        }
    }

    /// Reads what the journal says of recordings.
    mutating func expect(_ records: Set<String>) {
        do throws(JournalError) {
            var reader = try JournalReader(at: layout.journal, operations: operations)
            while let line = try reader.next() {
                if line.event == "answer", let record = line.text("record"), records.contains(record),
                    let hook = line.text("hook")
                {
                    answers[record, default: [:]][hook] = line.text("answer")
                }
                guard line.event == "ingest",
                    let expected = line.entry.flatMap({ RecordingCheck.Expected($0) }),
                    records.contains(expected.record)
                else { continue }
                self.expected[expected.record] = expected
                reports[expected.record] = line.text("report").flatMap { Digest(hexadecimal: $0) }
            }
        } catch {
            // Nothing is brought back on the word of a journal that is damaged.
            expected = [:]
            answers = [:]
        }
    }
}
