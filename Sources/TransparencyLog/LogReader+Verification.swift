/// What a verification got through.
public struct LogVerification: Sendable, Hashable {
    /// How many entries were found to be those that were signed.
    public internal(set) var verified: UInt64 = 0

    /// The index of the first entry that was not reached: the log's size when the verification ran to its end.
    public internal(set) var next: UInt64

    /// How many findings were damage.
    public internal(set) var damage = 0

    /// How many files were left by runs that were cut short.
    public internal(set) var leavings = 0
}

extension LogReader {
    /// Computes the whole tree anew from the entries, and compares every file of the log with the signed root.
    ///
    /// It begins at the checkpoint and goes down, so that of two files that disagree it names the one at fault.
    /// Memory stays flat in the size of the log; nothing is written.
    ///
    /// - Parameters:
    ///   - start: The first entry to look at; those beside it in its file are looked at too.
    ///   - known: Tree heads that the log is known to have had: from a catalog, from beside the key, from copies.
    ///   - visit: Takes each verified entry, in order, with its index; it ends the verification by returning
    ///     false.
    ///   - report: Takes each finding.
    /// - Returns: What was verified, and how much of it was damage.
    public func verify(
        from start: UInt64 = 0, known: [TreeHead] = [],
        visit: (UInt64, LogEntry) -> Bool = { _, _ in true }, report: (LogFinding) -> Void
    ) -> LogVerification {
        var walk = TreeWalk(store: store, head: checkpoint.head, start: start)
        var leavings = 0
        var damage = 0
        var damaged: Set<String> = []
        func note(_ finding: LogFinding) {
            if finding.isDamage { damage += 1 } else { leavings += 1 }
            switch finding {
            case .failure(.damaged(let path, _)), .entryAltered(let path, _): damaged.insert(path)
            default: break
            }
            report(finding)
        }
        for head in known where !isAboutToBe(head) {
            do throws(LogError) {
                try store.check(checkpoint.head, extends: head)
            } catch {
                note(.failure(error))
            }
        }
        walk.run(visit, note)
        if !walk.isStopped { FileWalk(store: store, size: size, damaged: damaged).run(note) }
        return LogVerification(
            verified: walk.verified, next: walk.isStopped ? walk.next : size, damage: damage,
            leavings: leavings)
    }

    /// Whether a run has written all that a larger tree consists of, and did not live to write its checkpoint: the next
    /// one completes the log to it.
    private func isAboutToBe(_ head: TreeHead) -> Bool {
        guard head.size > size else { return false }
        do throws(LogError) {
            guard try store.head(size: head.size, in: head.size) == head else { return false }
            try store.check(head, extends: checkpoint.head)
            return true
        } catch {
            return false
        }
    }
}
