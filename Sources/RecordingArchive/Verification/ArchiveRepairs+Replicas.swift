internal import AuditTrail
internal import DurableFiles

extension ArchiveRepairs {
    /// Brings back journal and log of replicas from the archive.
    ///
    /// - Parameter position: How far the archive's journal has come.
    /// - Returns: The replicas that have to be brought up to date now.
    mutating func restoreReplicas(_ position: JournalPosition) -> [String] {
        var outdated: [String] = []
        for replica in replicas {
            let found = damage.filter { $0.replica == replica.path }
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
            var originals = try JournalReader(at: layout.journal, operations: operations)
            var copies = try JournalReader(at: replica.layout.journal, operations: operations)
            while common < end, let line = try copies.next(), try originals.next() == line { common += 1 }
        } catch {
            // The damage itself; what came before it is in common.
        }
        do throws(JournalError) {
            _ = try JournalRestoration(
                of: replica.layout.journal, from: layout.journal, limit: common, operations: operations
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
