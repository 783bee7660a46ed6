internal import AuditTrail
internal import DurableFiles
internal import TransparencyLog

/// A replica that can be reached, while it is verified.
struct CheckedReplica {
    let layout: ArchiveLayout
    let position: JournalPosition
    /// Whether it has all lines of the journal.
    let isUpToDate: Bool
    /// How many entries of the log it has got by what the catalog knows.
    let loggedEntries: UInt64
    /// Whether it has got the log at least once.
    let hasLog: Bool
    /// Whether it has got all that lies beside the journal's newest line, too.
    let isFinished: Bool

    var path: String { layout.root }

    /// Compares the replica's journal with the archive's, line by line, besides lines that are known to be wrong there.
    ///
    /// Without the archive's, whose own damage says nothing about the copy, only the copy's form is checked.
    func checkJournal(
        against archive: ArchiveLayout?, besides wrongLines: Set<Int>, _ operations: any FileOperations,
        _ report: (ArchiveFinding) -> Void
    ) {
        do throws(JournalError) {
            var copies = try JournalReader(of: layout, operations: operations)
            var originals: JournalReader?
            if let archive { originals = try JournalReader(of: archive, operations: operations) }
            while let copy = try copies.next() {
                guard let original = try originals?.next() else { continue }
                guard original == copy || wrongLines.contains(copy.number) else {
                    return report(
                        ArchiveFinding(
                            .journalDiffers, item: layout.journal, replica: path,
                            "line \(copy.number) of \(layout.journal) is not that of the archive; "
                                + "find out which of the two the log proves"))
                }
            }
        } catch {
            report(ArchiveFinding(.journalDamaged, item: layout.journal, replica: path, error.description))
        }
    }

    /// Computes the replica's log anew, and compares it with its signed checkpoint.
    func checkLog(_ keys: [VerifierKey], _ report: (ArchiveFinding) -> Void) {
        guard !keys.isEmpty else { return }
        do throws(LogError) {
            _ = try LogReader(at: layout.log, keys: keys).verify { finding in
                report(ArchiveVerifier.converted(finding, replica: path))
            }
        } catch {
            // A replica of an archive whose log was not begun has none.
            if case .checkpointMissing = error, position.entries == 0 { return }
            report(
                ArchiveFinding(
                    .logSignature, item: Folder.path(layout.log, "checkpoint"), replica: path,
                    error.description))
        }
    }
}
