internal import AuditTrail
internal import DurableFiles
internal import TransparencyLog

/// A replica that can be reached, while it is verified.
struct CheckedReplica {
    let layout: ArchiveLayout
    let position: JournalPosition
    /// Whether it has all lines of the journal.
    let isUpToDate: Bool

    var path: String { layout.root }

    /// What the key had signed when the log was last copied.
    func head(signedBy keys: [VerifierKey]) -> TreeHead? {
        try? LogReader(at: layout.log, keys: keys).checkpoint.head
    }

    /// Compares the replica's description with the archive's.
    func checkDescription(
        against archive: ArchiveLayout, _ operations: any FileOperations, _ report: (ArchiveFinding) -> Void
    ) {
        guard let copy = try? ArchiveDescription.read(layout, operations),
            let original = try? ArchiveDescription.read(archive, operations), copy != original
        else { return }
        report(
            ArchiveFinding(
                .descriptionAltered, item: layout.description, replica: path,
                "\(layout.description) is not that of the archive; find out which of the two was changed"))
    }

    /// Compares the replica's journal with the archive's, line by line.
    func checkJournal(
        against archive: ArchiveLayout, _ operations: any FileOperations, _ report: (ArchiveFinding) -> Void
    ) {
        do throws(JournalError) {
            var copies = try JournalReader(at: layout.journal, operations: operations)
            var originals = try JournalReader(at: archive.journal, operations: operations)
            while let copy = try copies.next() {
                guard try originals.next() == copy else {
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
            report(ArchiveFinding(.logSignature, item: layout.log, replica: path, error.description))
        }
    }
}
