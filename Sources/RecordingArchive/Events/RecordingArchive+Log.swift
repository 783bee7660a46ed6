internal import AuditTrail
internal import DurableFiles
internal import GRDB
internal import TransparencyLog

extension RecordingArchive {
    /// Opens the key that signs journal and log; makes it where the archive has none yet, and begins the list of keys.
    func openKey(_ find: LogKey.Finder) throws(ArchiveError) -> SigningKey {
        let origin = LogKey.origin(archiveID: id)
        var trusted = try VerifierKeyList.read(layout.verifierKeys, operations)
        let isNew = trusted.isEmpty
        let key = find(id, max(1, trusted.count))
        let signer: SigningKey
        do throws(SigningKeyError) {
            if isNew, key.mayBeMade, try !hasFile(key.path) {
                try SigningKey.create(
                    at: key.path, name: origin, seed: context.randomBytes(32), operations: operations)
            }
            signer = try SigningKey.open(at: key.path, operations: operations)
        } catch {
            throw .signing(error)
        }
        guard signer.verifierKey.name == origin else {
            throw .foreignKey(path: key.path, name: signer.verifierKey.name)
        }
        if isNew {
            try checkIsUnbegun(signer)
            trusted = [signer.verifierKey]
            // Not over a list that was there all the same.
            try writeVerifierKeys(trusted, replacing: false)
        }
        guard let newest = trusted.last, newest == signer.verifierKey else {
            throw .retiredKey(path: key.path)
        }
        trust = JournalTrust(keys: trusted)
        lineSigner = signer.lineSigner
        return signer
    }

    /// Names the key in the journal, where that is the first key or a change of it was cut short.
    ///
    /// - Parameters:
    ///   - find: Finds the key, and the one before it, which signs for the new one where it is there.
    ///   - reason: Why, where the key before is lost.
    /// - Throws: `ArchiveError`.
    func introduceKey(_ find: LogKey.Finder, lost reason: String?) throws(ArchiveError) {
        guard let own = lineSigner, let position = journal?.position,
            position.signer != own.verifierKey
        else { return }
        let size = Int(log?.size ?? 0)
        guard size <= position.entries else {
            throw .journalRolledBack(path: path, entries: position.entries, known: size)
        }
        guard let old = position.signer else {
            return try record(KeyChanged(to: own.verifierKey, from: nil, reason: "first key"))
        }
        // A key that is none of the list came after those of the list.
        guard trust.keys.contains(old) else { throw .retiredKey(path: find(id, trust.keys.count).path) }
        let event = KeyChanged(
            to: own.verifierKey, from: old, reason: reason ?? "a change of the key that was cut short")
        if reason == nil {
            let key = try? SigningKey.open(
                at: find(id, trust.keys.count - 1).path, operations: operations)
            if let signer = key?.lineSigner, signer.verifierKey == old { lineSigner = signer }
        }
        defer { lineSigner = own }
        try record(event)
    }

    /// Makes sure that a log without a list of keys has not lost it.
    private func checkIsUnbegun(_ signer: borrowing SigningKey) throws(ArchiveError) {
        let logged = JournalGuard.loggedEntries(layout, operations)
        let hasTiles = try Self.files(layout) { () throws(FileError) in
            try operations.status(of: Folder.path(layout.log, "tile")) != nil
        }
        guard logged ?? 0 == 0, !hasTiles, signer.lastSigned.head == .empty else {
            throw .verifierKeysMissing(path: layout.verifierKeys)
        }
    }

    func openLog(_ signer: consuming SigningKey, trusting trusted: [VerifierKey]) throws(ArchiveError) {
        let writer: LogWriter
        do throws(LogError) {
            writer = try LogWriter.open(
                at: layout.log, key: signer, trusting: trusted, extending: [], operations: operations)
        } catch {
            throw .log(error)
        }
        log = consume writer
    }

    func writeVerifierKeys(_ keys: [VerifierKey], replacing: Bool) throws(ArchiveError) {
        try Self.files(layout) { () throws(FileError) in
            try VerifierKeyList.write(keys, layout, replacing: replacing, operations)
        }
    }

    private func hasFile(_ path: String) throws(SigningKeyError) -> Bool {
        do throws(FileError) {
            return try operations.status(of: path) != nil
        } catch {
            throw .file(error)
        }
    }

    /// Adds to the log what the journal has more of, and does what else the journal calls for.
    ///
    /// - Throws: `ArchiveError`.
    public func flush() throws(ArchiveError) {
        try checkWritable()
        do throws(ArchiveError) {
            if log != nil {
                try recordAccessDigest()
                try appendToLog()
            }
            // After the log: an erased file goes when the log says so.
            try settle()
        } catch {
            throw stop(error)
        }
    }

    /// Binds the lines without an entry of their own, where there are some.
    private func recordAccessDigest() throws(ArchiveError) {
        let context = context
        do {
            let lines =
                try lineSigner.flatMap { signer in
                    try journal?.appendAccessDigest(at: context.now(), actor: context.actor, signer: signer) {
                        context.randomNonce()
                    }
                } ?? []
            try apply(lines)
        } catch {
            throw stop(error)
        }
    }

    /// Adds to the log the entries that it lacks.
    private func appendToLog() throws(ArchiveError) {
        let applied = try position(.applied)
        let logged = try position(.logged)
        let size = Int(log?.size ?? 0)
        guard size <= applied.entries else {
            throw .journalRolledBack(path: path, entries: applied.entries, known: size)
        }
        guard logged.entries <= size else {
            throw .log(.rolledBack(path: layout.log, size: UInt64(size), known: UInt64(logged.entries)))
        }
        guard logged.entries < applied.entries else { return }
        // Entries that a run added to the log which died before it could say so are only counted.
        var counted = logged.entries
        try forEachBatch(from: logged) { (lines, position) throws(ArchiveError) in
            var batch: [LogEntry] = []
            for entry in lines.compactMap(\.logEntry) {
                if counted >= size { batch.append(entry) }
                counted += 1
            }
            if !batch.isEmpty { try append(batch) }
            try catalog.write { try Progress.set(.logged, position, $0) }
        }
    }

    private func append(_ entries: [LogEntry]) throws(ArchiveError) {
        do throws(LogError) {
            try log?.append(entries)
        } catch {
            throw .log(error)
        }
    }
}
