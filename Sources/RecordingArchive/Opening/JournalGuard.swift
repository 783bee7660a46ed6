internal import AuditTrail
internal import DurableFiles
internal import TransparencyLog

/// Keeps an archive whose journal is gone from being taken for one in which nothing has happened yet.
enum JournalGuard {
    /// Makes sure that a journal is there, where anything else in the archive knows of one.
    ///
    /// It takes a look at a few names, however long the journal is; whether the lines are the right ones, others find
    /// out. Where there is no catalog, it has not come beyond the beginning.
    static func check(
        _ layout: ArchiveLayout, applied: JournalPosition, _ operations: any FileOperations
    ) throws(ArchiveError) {
        guard try !hasLines(layout, applied, operations) else { return }
        guard applied == .start else { throw .journalMissing(path: layout.root) }
        guard try !isKnown(layout, operations) else { throw .journalMissing(path: layout.root) }
    }

    /// How many entries the log has by its checkpoint, whoever signed it; nil where it has none that can be read.
    static func loggedEntries(_ layout: ArchiveLayout, _ operations: any FileOperations) -> Int? {
        let path = Folder.path(layout.log, "checkpoint")
        guard let bytes = try? operations.contents(of: path, limit: SignedNote.largestSize + 1) else {
            return nil
        }
        return (try? Checkpoint(bytes)).map { Int($0.head.size) }
    }

    /// Whether the segments are there that must be: the first one, and the one with the newest line that is known.
    private static func hasLines(
        _ layout: ArchiveLayout, _ applied: JournalPosition, _ operations: any FileOperations
    ) throws(ArchiveError) -> Bool {
        for line in [0, max(0, applied.lines - 1)] {
            let path = Journal.path(ofLine: line, in: layout.journal)
            let status = try RecordingArchive.files(layout) { () throws(FileError) in
                let status = try operations.status(of: path, followingLinks: false)
                // Of what is no file the journal is not gone, and the error says what is there.
                if let status, status.kind != .file { _ = try operations.contents(of: path, limit: 1) }
                return status
            }
            guard let status, status.kind == .file, status.size > 0 else { return false }
        }
        return true
    }

    /// Whether something is there that only comes to be when the journal has lines: entries in the log, recordings
    /// whose ingest is over, what PBXs have listed, time stamps.
    private static func isKnown(
        _ layout: ArchiveLayout, _ operations: any FileOperations
    ) throws(ArchiveError) -> Bool {
        if loggedEntries(layout, operations) ?? 0 > 0 { return true }
        do {
            var found = false
            var places = ["listings", "log/tile"]
            // An ingest that was cut short before its line leaves a file, and an intent.
            let incoming = try operations.status(of: layout.incoming)?.kind == .folder
            let names = incoming ? try operations.names(inFolder: layout.incoming) : []
            // A replica, which has no lock, gets recordings and anchors before the lines that tell of them.
            let isReplica = try operations.status(of: layout.lock, followingLinks: false) == nil
            if !isReplica { places.append("anchors") }
            if !isReplica, !names.contains(where: { $0.hasSuffix(".json") }) {
                places += Recording.State.allCases.map(ArchiveLayout.folderName)
            }
            for place in places where !found {
                try FolderWalk.files(below: place, in: layout, operations) { _ in found = true }
            }
            return found
        } catch let error as FileError {
            throw RecordingArchive.converted(error, layout)
        } catch {
            throw .unreadable(path: layout.root, reason: "\(error)")
        }
    }
}
