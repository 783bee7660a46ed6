internal import DurableFiles
internal import RecordingArchive

/// Writes into an archive that it was exported from, without keeping others from it for longer than a moment.
struct ExportNotes {
    let reader: RecordingArchive
    let key: KeyOption
    let context: ArchiveContext

    /// Gives the log the entries that wait in the journal, so that they can be proved, where nobody else is at work.
    func bringUpToDate() async throws {
        _ = try await withWriter { _ in }
    }

    /// Notes an export: as the writer, or else in the journal alone, from where the next writer takes it to the log.
    ///
    /// - Throws: `ArchiveError` where the archive is there for writing, and yet the note cannot be written.
    func write(_ ids: [String], format: String, filter: RecordingFilter?, on console: Console) async throws {
        let isWritten = try await withWriter {
            try await $0.noteExport(of: ids, format: format, filter: filter)
        }
        guard !isWritten else { return }
        do throws(ArchiveError) {
            try await reader.noteExport(of: ids, format: format, filter: filter)
        } catch {
            guard ReadNote.isReadOnly(error) else { throw error }
            console.alert(
                "WARNING: The archive cannot be written to, so that its audit trail will not tell of this export."
            )
        }
    }

    /// Opens the archive for writing; returns false where somebody else has it open so, or it cannot be written to.
    private func withWriter(_ body: (RecordingArchive) async throws -> Void) async throws -> Bool {
        let writer: RecordingArchive
        do throws(ArchiveError) {
            writer = try await RecordingArchive.open(
                at: reader.path, access: .write, key: try hasKey() ? key.existingFinder : nil,
                context: context)
        } catch {
            if case .inUse = error { return false }
            guard ReadNote.isReadOnly(error) else { throw error }
            return false
        }
        try await body(writer)
        try await writer.close()
        return true
    }

    /// Whether there is the key that was named, or the usual one; without any, entries wait in the journal.
    private func hasKey() throws(ArchiveError) -> Bool {
        if key.keyFile != nil { return true }
        let path = key.path(archiveID: reader.id, generation: max(1, try reader.verifierKeys().count))
        do throws(FileError) {
            return try context.operations.status(of: path) != nil
        } catch {
            throw .file(error)
        }
    }
}
