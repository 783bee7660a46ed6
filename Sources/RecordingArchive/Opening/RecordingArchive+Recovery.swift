internal import AuditTrail
internal import Digests
internal import DurableFiles
internal import TransparencyLog

extension RecordingArchive {
    /// Completes what an earlier run did not live to complete, in the order in which it would have done it.
    ///
    /// - Parameters:
    ///   - key: Finds the key that signs.
    ///   - reason: Why the key before it is lost, where it is.
    /// - Throws: `ArchiveError`.
    func recover(key: LogKey.Finder, lost reason: String? = nil) throws(ArchiveError) {
        let position = try position(.applied)
        try JournalGuard.check(layout, applied: position, operations)
        // Before the first line and the first signature that could contradict what was signed elsewhere.
        keysAtHand = VerifierKeyList.keysAtHand(layout, id, key, operations)
        try checkHeads(of: replicas(andBehind: position))
        // Not earlier: a key that is on the list and signs nothing is found fault with.
        if reason != nil { try makeNextKey(key) }
        // Before any line of the journal has an effect: whose lines count, the key decides.
        let signer = try openKey(key)
        do throws(JournalError) {
            journal = try Journal(
                at: layout.journal, from: position, trusting: trust, operations: operations)
        } catch {
            throw .journal(error)
        }
        try catalog.write { try CatalogQueries.renewEarlyRetentions($0) }
        try catchUp()
        try openLog(signer, trusting: trust.keys)
        try introduceKey(key, lost: reason)
        try settle()
        try removePendingAnswers()
        try completeIntents()
        try flush()
        // Whatever keeps it from being done, a reader or a full disk, is no reason to do nothing else.
        try? forgetErased(patience: 0)
    }

    /// Ends each ingest that was cut short: what is on the disk as it should be is taken in, the rest is dropped.
    private func completeIntents() throws(ArchiveError) {
        let names = try Self.files(layout) { () throws(FileError) in
            try operations.names(inFolder: layout.incoming)
        }
        for name in names where name.wholeMatch(of: ArchiveLayout.intentName) != nil {
            let path = Folder.path(layout.incoming, name)
            let status = try Self.files(layout) { () throws(FileError) in
                try operations.status(of: path, followingLinks: false)
            }
            // What is no file, no run of ours has left.
            if status?.kind == .file { try completeIntent(path) }
        }
    }

    private func completeIntent(_ path: String) throws(ArchiveError) {
        let bytes = try Self.files(layout) { () throws(FileError) in
            try operations.contents(of: path, limit: Sidecar.largestSize)
        }
        guard let sidecar = Sidecar(bytes), layout.intent(of: sidecar.id) == path,
            // A file that has a row is that of an ingest which was completed: this one, or one that was begun anew.
            try !catalog.readNow({ try CatalogQueries.hasPath($0, sidecar.path) })
        else {
            return try Self.files(layout) { () throws(FileError) in try operations.remove(path) }
        }
        if try isWhole(sidecar) {
            _ = try complete(sidecar, isRepeated: true)
            return
        }
        try Self.files(layout) { () throws(FileError) in
            // A file of other bytes is left for a verification to tell of.
            if try !withdraw(sidecar) { try operations.remove(path) }
        }
    }

    /// Whether the file of an intent is there, and is the one that was announced.
    private func isWhole(_ sidecar: Sidecar) throws(ArchiveError) -> Bool {
        let path = layout.absolute(sidecar.path)
        let status = try Self.files(layout) { () throws(FileError) in
            try Folder.refuseLinks(to: Folder.parent(of: path), below: layout.root, operations: operations)
            return try operations.confirmedStatus(of: path)
        }
        guard let status, status.kind == .file, status.size == sidecar.facts.stored.size else { return false }
        return try FileDigest.of(path, operations) == sidecar.facts.stored.sha256
    }
}
