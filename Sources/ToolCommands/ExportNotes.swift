internal import RecordingArchive

/// Tells the audit trail of an archive what was exported from it.
struct ExportNotes {
    let writer: BriefWriter

    /// Gives the log the entries that wait in the journal, so that they can be proved, where nobody else is at work.
    func bringUpToDate() async throws {
        _ = try await writer.attempt { _ in }
    }

    /// Notes an export: as the writer, or else in the journal alone, from where the next writer takes it to the log.
    ///
    /// - Throws: `ArchiveError` where the archive is there for writing, and yet the note cannot be written.
    func write(_ ids: [String], format: String, filter: RecordingFilter?, on console: Console) async throws {
        let outcome = try await writer.attempt {
            try await $0.noteExport(of: ids, format: format, filter: filter)
        }
        guard outcome != .written else { return }
        do throws(ArchiveError) {
            try await writer.reader.noteExport(of: ids, format: format, filter: filter)
        } catch {
            guard ReadNote.isReadOnly(error) else { throw error }
            console.alert(
                "WARNING: The archive cannot be written to, so that its audit trail will not tell of this export."
            )
        }
    }
}
