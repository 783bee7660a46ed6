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
        // Neither of two histories is brought back, cut or written over.
        for finding in damage where finding.kind == .logForked { refuse([finding], finding.message) }
        restoreDescriptions()
        // What the journal must lead to is signed; where the keys are lost with it, a replica has them.
        var hasNewKeys = restoreKeys()
        try restoreJournal()
        if restoreKeys() { hasNewKeys = true }
        refuse(
            damage.filter { $0.item == layout.verifierKeys && $0.replica == nil },
            "neither the journal nor a replica has the keys of the log, the newest of which is the one that signs"
                + hintToNameReplicas)
        try restoreLog(evenIfSound: hasNewKeys)
        expect(Set(damage.compactMap(\.record)))
    }

    /// Where no replica is known, how to name one.
    var hintToNameReplicas: String {
        replicas.isEmpty ? "; where there is a copy, name its folder with --replica" : ""
    }

    /// Gives the archive and its replicas the one description that is right.
    private mutating func restoreDescriptions() {
        let findings = damage.filter { $0.kind == .descriptionAltered }
        guard !findings.isEmpty else { return }
        let check = DescriptionCheck(places, id: id, operations)
        guard let right = check.right,
            let source = places.first(where: { check.problem(in: $0, right) == nil })
        else {
            return refuse(
                findings,
                "no replica of this archive can be reached that has \(layout.description) as it was\(hintToNameReplicas)"
            )
        }
        for finding in findings {
            guard let place = place(of: finding) else { continue }
            do throws(ArchiveError) {
                try put(try right.bytes(place), at: place.description, in: place)
                settle([finding], from: source.root)
            } catch {
                refuse([finding], "\(finding.item) cannot be written: \(error)")
            }
        }
    }

    /// Writes a file of an archive or a replica anew, in one step.
    func put(
        _ bytes: [UInt8], at path: String, in place: ArchiveLayout, permissions: UInt16 = 0o600
    ) throws(ArchiveError) {
        try RecordingArchive.files(place) { () throws(FileError) in
            for folder in [Folder.parent(of: path), place.incoming] {
                try Folder.makeDurably(folder, below: place.root, operations: operations)
            }
            try FileForm.makeRoom(at: path, operations)
            try PendingFile.writeFile(
                bytes, to: path, replacing: true, temporaryFolder: place.incoming, permissions: permissions,
                operations: operations)
        }
    }

    /// Verifier keys are believed from the journal, or from a replica, where the key that signs is the newest of them.
    ///
    /// They are brought back where there are none, and where the archive was set back to before a key came.
    ///
    /// - Returns: Whether they were brought back.
    private mutating func restoreKeys() -> Bool {
        let findings = damage.filter { $0.item == layout.verifierKeys && $0.replica == nil }
        guard let id, !findings.isEmpty || isRowless else { return false }
        let known = findings.isEmpty ? (try? VerifierKeyList.read(layout.verifierKeys, operations)) ?? [] : []
        var lists = [("journal", keysOfJournal())]
        for replica in replicas {
            lists.append(
                (replica.path, (try? VerifierKeyList.read(replica.layout.verifierKeys, operations)) ?? []))
        }
        for (source, keys) in lists where keys.count > known.count && keys.starts(with: known) {
            let own = try? SigningKey.verifierKey(ofKeyAt: key(id, keys.count).path, operations: operations)
            guard keys.last == own else { continue }
            do throws(FileError) {
                try FileForm.makeRoom(at: layout.verifierKeys, operations)
                try VerifierKeyList.write(keys, layout, replacing: true, operations)
            } catch {
                refuse(findings, "\(layout.verifierKeys) cannot be written: \(error)")
                return false
            }
            settle(findings, from: source)
            return true
        }
        return false
    }

    private func keysOfJournal() -> [VerifierKey] {
        var keys: [VerifierKey] = []
        do throws(JournalError) {
            var reader = try JournalReader(of: layout, trusting: .unknown, operations: operations)
            while let line = try reader.next() {
                guard let key = line.telling(KeyChanged.self).flatMap({ VerifierKey($0.new) }) else {
                    continue
                }
                keys.append(key)
            }
        } catch {
            return []
        }
        return keys
    }

    // MARK: Journal

    private mutating func restoreJournal() throws(ArchiveError) {
        let findings = ownDamage(Self.journalKinds)
        // A log that was set back can have been with the journal.
        guard !findings.isEmpty || !ownDamage([.logRolledBack]).isEmpty else { return }
        let known = (try? catalog?.readNow { try Progress.position(.applied, $0) }) ?? .start
        if !replicas.isEmpty { makeRoomForSegments(in: layout) }
        var reason =
            "no replica can be reached whose journal, with the newest lines of \(layout.journal), leads to what the key "
            + "has signed\(hintToNameReplicas)"
        for replica in replicas {
            guard length(replica.layout) != nil else { continue }
            let restoration = JournalRestoration(
                of: layout.journal, from: replica.layout.journal, trusting: trust, operations: operations)
            guard isProved(restoration, known: known) else { continue }
            do throws(JournalError) {
                let lost = try unprovedLines(lostBy: restoration)
                guard lost.allSatisfy({ Self.repeatable.contains($0.event) }) else {
                    reason =
                        "\(layout.journal) has gone on by itself, otherwise than that of the replica at \(replica.path), "
                        + "and neither is to be lost; find out which of the two is right, and move the other one away"
                    continue
                }
                _ = try restoration.publish()
                repeated = lost
            } catch {
                throw .journal(error)
            }
            guard let length = length(layout) else { continue }
            // What the archive had forgotten, its catalog has never known.
            isRowless = length > known.lines
            if isRowless { bringForward(from: replica) }
            return settle(findings, from: replica.path)
        }
        refuse(findings, reason)
    }

    /// What only tells that something was looked at, so that it may be told again behind all else.
    private static let repeatable: Set = ["access", "export", "read", "refused"]

    /// Lines of the archive's own journal that another would not have, and of which nothing signed says that they are wrong.
    ///
    /// An archive that was set back without anybody knowing goes on to be read from.
    private func unprovedLines(lostBy restoration: JournalRestoration) throws(JournalError) -> [JournalLine] {
        let proved = ownCheckpoints().map(\.head.size).max() ?? 0
        var (entries, lines): (UInt64, Int) = (0, 0)
        try restoration.forEachLine { line in
            guard entries < proved else { return }
            lines = line.number + 1
            if line.entry != nil { entries += 1 }
        }
        var lost: [JournalLine] = []
        try restoration.forEachLostLine { if $0.number >= lines { lost.append($0) } }
        return lost
    }

    /// Brings back what lies beside the journal of a newer state.
    private func bringForward(from replica: Replica) {
        let target = Replica(path: layout.root, operations: operations)
        try? FolderWalk.files(below: "listings", in: replica.layout, operations) {
            try target.copyIfThere($0, from: replica.layout)
        }
        try? FolderWalk.files(below: "anchors", in: replica.layout, operations) { file in
            // What the archive has of an anchor never changes; where it is damaged, it is brought back by its SHA-256.
            guard try operations.confirmedStatus(of: layout.absolute(file)) == nil else { return }
            try target.copyIfThere(file, from: replica.layout)
        }
    }

    /// Takes away what is in the place of a segment and is no file.
    func makeRoomForSegments(in place: ArchiveLayout) {
        try? FileForm.makeRoomForFolder(at: place.journal, operations)
        for name in (try? operations.names(inFolder: place.journal)) ?? [] where name.hasSuffix(".jsonl") {
            try? FileForm.makeRoom(at: Folder.path(place.journal, name), operations)
        }
    }

    /// What is known of the keys that sign the journal: the archive's list, and keys that are at hand.
    var trust: JournalTrust {
        let keys = id.map { VerifierKeyList.keysAtHand(layout, $0, key, operations) } ?? []
        return JournalTrust(layout, besides: keys, operations)
    }

    /// How many lines a journal has; nil where it has none, or cannot be read to its end.
    private func length(_ place: ArchiveLayout) -> Int? {
        do throws(JournalError) {
            var reader = try JournalReader(of: place, trusting: trust, operations: operations)
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
        ownCheckpoints() + checkpoints(at: replicas.map { Folder.path($0.layout.log, "checkpoint") })
    }

    /// Those of the archive itself, and from beside the key.
    private func ownCheckpoints() -> [Checkpoint] {
        var paths = [Folder.path(layout.log, "checkpoint")]
        if let id {
            let count = (try? VerifierKeyList.read(layout.verifierKeys, operations))?.count ?? 0
            let files = Set([max(1, count), count + 1].map { key(id, $0).path })
            paths += files.sorted().map { SigningKey.recordPath(ofKeyAt: $0) }
        }
        return checkpoints(at: paths)
    }

    private func checkpoints(at paths: [String]) -> [Checkpoint] {
        let keys = VerifierKeyList.trusted(
            layout, besides: VerifierKeyList.keysAtHand(layout, id ?? "", key, operations), operations)
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
            var reader = try JournalReader(of: layout, operations: operations)
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
            var reader = try JournalReader(of: layout, operations: operations)
            while let line = try reader.next() {
                if let answer = line.telling(RecordingAnswered.self), records.contains(answer.record) {
                    answers[answer.record, default: [:]][answer.hook] = answer.commitment.hexadecimal
                }
                guard let ingest = line.telling(RecordingIngested.self), records.contains(ingest.record),
                    let expected = line.entry.flatMap({ RecordingCheck.Expected($0) })
                else { continue }
                self.expected[ingest.record] = expected
                reports[ingest.record] = ingest.report
            }
        } catch {
            // Nothing is brought back on the word of a journal that is damaged.
            expected = [:]
            answers = [:]
        }
    }
}
