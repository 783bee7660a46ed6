internal import AuditTrail
internal import DurableFiles
internal import TransparencyLog

extension ArchiveRepairs {
    /// Takes all findings about replicas off that have what the archive has not: nothing of them is cut or written over.
    ///
    /// - Parameter position: How far the archive's journal has come.
    mutating func spareReplicas(_ position: JournalPosition) {
        for replica in replicas {
            let findings = damage(in: replica)
            guard !findings.isEmpty else { continue }
            if findings.contains(where: { $0.kind == .journalDamaged }) {
                makeRoomForSegments(in: replica.layout)
            }
            do throws(ArchiveError) {
                if try hasMore(replica, than: position) {
                    refuse(
                        findings,
                        "the replica at \(replica.path) has lines that the journal of the archive has not, and nothing that "
                            + "was signed says that they are wrong; find out what they are, and move its folder away to "
                            + "begin a new copy elsewhere")
                }
            } catch {
                refuse(findings, "the replica at \(replica.path) cannot be read: \(error)")
            }
        }
    }

    /// Whether a replica has what the archive would not give back to it: a signed state of the log that the archive's log does
    /// not extend, or lines of its journal that neither the archive has nor such a state refutes.
    private func hasMore(_ replica: Replica, than position: JournalPosition) throws(ArchiveError) -> Bool {
        let keys = (try? VerifierKeyList.read(layout.verifierKeys, operations)) ?? []
        let theirs = (try? VerifierKeyList.read(replica.layout.verifierKeys, operations)) ?? []
        let head = try RecordingArchive.files(replica.layout) { () throws(FileError) in
            // Their list goes on where the archive's ends when a key was replaced since.
            try ReplicaHead(of: replica, signedBy: theirs.starts(with: keys) ? theirs : keys)
        }
        do throws(LogError) {
            let own = try LogReader(at: layout.log, keys: keys, operations: operations)
            if let head, try head.relation(to: own) != .contained { return true }
        } catch {
            throw .log(error)
        }
        do throws(JournalError) {
            let lines = try lines(of: head?.size ?? 0)
            var hasMore = false
            try JournalRestoration(
                of: replica.layout.journal, from: layout.journal, limit: position.lines, trusting: trust,
                operations: operations
            ).forEachLostLine { hasMore = hasMore || $0.number >= lines }
            return hasMore
        } catch {
            throw .journal(error)
        }
    }

    /// How many lines of the archive's journal so many entries of the log take.
    private func lines(of entries: UInt64) throws(JournalError) -> Int {
        var reader = try JournalReader(of: layout, trusting: trust, operations: operations)
        while reader.position.entries < entries, try reader.next() != nil {}
        return reader.position.lines
    }

    /// Brings back journal and log of replicas from the archive.
    ///
    /// - Parameter position: How far the archive's journal has come.
    /// - Returns: The replicas that have to be brought up to date now.
    mutating func restoreReplicas(_ position: JournalPosition) -> [String] {
        var outdated: [String] = []
        for replica in replicas {
            let found = damage(in: replica)
            let journal = found.filter {
                [.journalDamaged, .journalDiffers].contains($0.kind)
            }
            let log = found.filter {
                [.logDamaged, .logEntryAltered, .logSignature, .logRolledBack].contains($0.kind)
            }
            do throws(ArchiveError) {
                if !journal.isEmpty {
                    try cut(replica, end: position.lines)
                    settle(journal, from: layout.root)
                    outdated.append(replica.path)
                }
                if !log.isEmpty {
                    try copyLog(to: replica)
                    settle(log, from: layout.root)
                }
            } catch {
                refuse(journal + log, "the replica at \(replica.path) cannot be written: \(error)")
            }
        }
        return outdated
    }

    /// Leaves a replica's journal only the lines that are those of the archive; what they are about is copied again
    /// from there on.
    private func cut(_ replica: Replica, end: Int) throws(ArchiveError) {
        var common = 0
        do throws(JournalError) {
            var originals = try JournalReader(of: layout, trusting: trust, operations: operations)
            var copies = try JournalReader(of: replica.layout, trusting: trust, operations: operations)
            while common < end, let line = try copies.next(), try originals.next() == line { common += 1 }
        } catch {
            // The damage itself; what came before it is in common.
        }
        do throws(JournalError) {
            _ = try JournalRestoration(
                of: replica.layout.journal, from: layout.journal, limit: common, trusting: trust,
                operations: operations
            ).publish()
        } catch {
            throw .journal(error)
        }
    }

    private func copyLog(to replica: Replica) throws(ArchiveError) {
        do {
            try replica.copyIfThere("verifier-keys.txt", from: layout)
            try FolderWalk.files(below: "log/tile", in: layout, operations) {
                try replica.copyIfThere($0, from: layout)
            }
            try replica.copyIfThere("log/checkpoint", from: layout)
        } catch let error as ArchiveError {
            throw error
        } catch {
            throw .unreadable(path: layout.log, reason: "\(error)")
        }
    }
}
