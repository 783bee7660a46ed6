internal import AuditTrail
internal import DurableFiles

extension RecordingArchive {
    /// Writes into the journal that a recording was read; works beside a writer.
    ///
    /// - Parameters:
    ///   - id: The recording.
    ///   - how: What it was read for: `restore`, `prove` or `listen`.
    /// - Throws: `ArchiveError`: `readOnly` where the archive cannot be written to.
    public func noteRead(of id: String, how: String) throws(ArchiveError) {
        try noteAccess(RecordingRead(id, how: how))
    }

    private func noteAccess(_ event: some ArchiveEvent) throws(ArchiveError) {
        if isWritable {
            try record(event)
            return
        }
        let context = context
        let position = try position(.applied)
        do throws(JournalError) {
            var journal = try Journal(at: layout.journal, from: position, operations: operations)
            _ = try journal.append([event.journalEvent], at: context.now(), actor: context.actor) {
                context.randomNonce()
            }
        } catch {
            if case .file(let error) = error { throw Self.converted(error, layout) }
            throw .journal(error)
        }
    }

    /// Writes into the journal, and with an entry into the log, that recordings were exported; works beside a writer,
    /// who then adds the entry to the log.
    ///
    /// - Parameters:
    ///   - ids: The recordings.
    ///   - format: The format of the export.
    ///   - filter: The filter that chose them; nil where they were named.
    /// - Throws: `ArchiveError`.
    public func noteExport(
        of ids: [String], format: String, filter: RecordingFilter?
    ) throws(ArchiveError) {
        let event = try RecordingsExported(ids, format: format, filter: filter)
        guard isWritable else { return try noteAccess(event) }
        try record(event)
        try flush()
    }

    /// Writes into the journal, and with an entry into the log, what a verification found.
    ///
    /// - Parameters:
    ///   - summary: What it found.
    ///   - start: The entry that it began at.
    ///   - isDeep: Whether originals were rebuilt.
    /// - Throws: `ArchiveError`.
    public func noteVerification(
        _ summary: VerificationSummary, from start: UInt64, isDeep: Bool
    ) throws(ArchiveError) {
        try record(ArchiveVerified(summary, from: start, isDeep: isDeep))
        try flush()
    }
}
