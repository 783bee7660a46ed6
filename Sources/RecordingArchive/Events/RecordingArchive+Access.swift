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

    /// How many recordings a line without a signature names.
    private static let unsignedBatch = 1000

    private func noteAccess(_ event: some ArchiveEvent) throws(ArchiveError) {
        if isWritable {
            try record(event)
            return
        }
        let context = context
        let position = try position(.applied)
        do throws(JournalError) {
            var journal = try Journal(
                at: layout.journal, from: position, trusting: JournalTrust(layout, operations),
                operations: operations)
            // Entries are those of the key's holder, who binds this line with the next one that he signs.
            var event = event.journalEvent
            event.entry = nil
            _ = try journal.append([event], at: context.now(), actor: context.actor, signer: nil) {
                context.randomNonce()
            }
        } catch {
            if case .file(let error) = error { throw Self.converted(error, layout) }
            throw .journal(error)
        }
    }

    /// Writes into the journal, and with an entry into the log, that recordings were exported; works beside a writer, then
    /// without an entry of its own, since only the key's holder adds those.
    ///
    /// - Parameters:
    ///   - ids: The recordings.
    ///   - format: The format of the export.
    ///   - filter: The filter that chose them; nil where they were named.
    /// - Throws: `ArchiveError`.
    public func noteExport(
        of ids: [String], format: String, filter: RecordingFilter?
    ) throws(ArchiveError) {
        guard isWritable else {
            // What anybody may have written is kept short, so many recordings take several lines.
            for start in stride(from: 0, to: max(1, ids.count), by: Self.unsignedBatch) {
                let part = Array(ids[start..<min(start + Self.unsignedBatch, ids.count)])
                try noteAccess(try RecordingsExported(part, format: format, filter: filter))
            }
            return
        }
        try record(try RecordingsExported(ids, format: format, filter: filter))
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
