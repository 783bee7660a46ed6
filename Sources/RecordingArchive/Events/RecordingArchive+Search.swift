package import AuditTrail
internal import DurableFiles
internal import TransparencyLog

extension RecordingArchive {
    /// The keys that have signed the journal; the newest where the list is lost.
    private nonisolated func journalKeys() throws(ArchiveError) -> [VerifierKey] {
        let keys = JournalTrust(layout, operations).keys
        return keys.isEmpty ? [try position(.applied).signer].compactMap(\.self) : keys
    }

    /// Reads the lines of the journal that name recordings or holds, in order; a hold that takes one of these in is
    /// followed to its release.
    ///
    /// - Parameters:
    ///   - ids: The recordings, and the holds on them that do not name them.
    ///   - line: The number of the first line to look at.
    ///   - body: Takes each line.
    /// - Throws: `ArchiveError`, or what the body throws.
    package nonisolated func forEachLine(
        naming ids: some Sequence<String>, from line: Int = 0, _ body: (JournalLine) throws -> Void
    ) throws {
        do {
            var search = try JournalSearch(
                at: layout.journal, from: line, naming: ids, signedBy: try journalKeys(),
                operations: operations)
            while let line = try search.next() {
                if let placed = line.telling(HoldPlaced.self) { search.add(placed.hold) }
                try body(line)
            }
        } catch let error as JournalError {
            throw ArchiveError.journal(error)
        }
    }
}
