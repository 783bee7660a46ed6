internal import AuditTrail
internal import DurableFiles
internal import TransparencyLog

extension ArchiveRepairs {
    private static let journalKinds: Set<ArchiveFinding.Kind> = [.journalDamaged, .journalDiffers]
    private static let logKinds: Set<ArchiveFinding.Kind> = [
        .logDamaged, .logEntryAltered, .logSignature, .logRolledBack,
    ]

    /// Brings back what the rest stands on: description, verifier keys, journal and log.
    mutating func restoreFoundation() throws(ArchiveError) {
        restoreDescription()
        restoreKeys()
        try restoreJournal()
        try restoreLog()
        expected = expectations(of: Set(damage.compactMap(\.record)))
    }

    private mutating func restoreDescription() {
        let findings = ownDamage([.descriptionAltered])
        guard !findings.isEmpty else { return }
        for replica in replicas {
            do throws(ArchiveError) {
                try copy("archive.json", from: replica)
                return settle(findings, from: replica.path)
            } catch {
                continue
            }
        }
        refuse(findings, "no replica of this archive can be reached to bring back \(layout.description)")
    }

    /// Verifier keys are believed from a replica where the key that signs is the newest of them.
    private mutating func restoreKeys() {
        guard (try? VerifierKeyList.read(layout.verifierKeys, operations))?.isEmpty ?? true,
            let id = try? ArchiveDescription.read(layout, operations).id
        else { return }
        for replica in replicas {
            guard let keys = try? VerifierKeyList.read(replica.layout.verifierKeys, operations), !keys.isEmpty,
                let own = try? SigningKey.verifierKey(ofKeyAt: key(id, keys.count).path, operations: operations),
                keys.last == own
            else { continue }
            if (try? copy("verifier-keys.txt", from: replica)) != nil {
                return settle(
                    damage.filter { $0.item == layout.verifierKeys && $0.replica == nil }, from: replica.path)
            }
        }
    }

    private func copy(_ name: String, from replica: Replica) throws(ArchiveError) {
        try Replica(path: layout.root, operations: operations).copy(
            name, from: replica.layout, replacing: true)
    }

    // MARK: Journal

    private mutating func restoreJournal() throws(ArchiveError) {
        let findings = ownDamage(Self.journalKinds)
        guard !findings.isEmpty else { return }
        for replica in replicas {
            guard isReadable(replica.layout.journal) else { continue }
            let restoration = JournalRestoration(
                of: layout.journal, from: replica.layout.journal, operations: operations)
            guard isProved(restoration) else { continue }
            do throws(JournalError) {
                _ = try restoration.publish()
            } catch {
                throw .journal(error)
            }
            if isReadable(layout.journal) { return settle(findings, from: replica.path) }
        }
        refuse(
            findings,
            "no replica can be reached whose journal, with the newest lines of \(layout.journal), leads to what the key "
                + "has signed")
    }

    private func isReadable(_ journal: String) -> Bool {
        do throws(JournalError) {
            var reader = try JournalReader(at: journal, operations: operations)
            while try reader.next() != nil {}
            return reader.position.lines > 0 && reader.tornBytes == 0
        } catch {
            return false
        }
    }

    /// Whether the lines lead to a signed root, and go on to where the catalog knows the journal to have been.
    private func isProved(_ restoration: JournalRestoration) -> Bool {
        let checkpoints = checkpoints()
        var log = LogRestoration(at: layout.log, candidates: checkpoints, operations: operations)
        var position = JournalPosition.start
        let known = (try? catalog?.readNow { try Progress.position(.applied, $0) }) ?? .start
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
    private mutating func restoreLog() throws(ArchiveError) {
        let findings = ownDamage(Self.logKinds)
        guard !findings.isEmpty else { return }
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

    private func expectations(of records: Set<String>) -> [String: RecordingCheck.Expected] {
        var found: [String: RecordingCheck.Expected] = [:]
        do throws(JournalError) {
            var reader = try JournalReader(at: layout.journal, operations: operations)
            while let line = try reader.next() {
                if line.event == "ingest", let entry = line.entry,
                    let expected = RecordingCheck.Expected(entry),
                    records.contains(expected.record)
                {
                    found[expected.record] = expected
                }
            }
        } catch {
            // Nothing is brought back on the word of a journal that is damaged.
            return [:]
        }
        return found
    }
}
