internal import DurableFiles
internal import RecordingArchive

/// Writes into an archive that is being read, without keeping others from it for longer than a moment.
struct BriefWriter {
    /// How an attempt to write ended.
    enum Outcome {
        case written
        /// Another process has the archive open for writing.
        case inUse
        /// This user cannot write to it at all, or has not got the key.
        case readOnly
    }

    let reader: RecordingArchive
    let key: KeyOption
    let context: ArchiveContext

    /// Opens the archive for writing, does something, and closes it again.
    func attempt(_ body: (RecordingArchive) async throws -> Void) async throws -> Outcome {
        guard try hasKey() else { return .readOnly }
        let writer: RecordingArchive
        do throws(ArchiveError) {
            writer = try await RecordingArchive.open(
                at: reader.path, access: .write, key: key.existingFinder, context: context)
        } catch {
            if case .inUse = error { return .inUse }
            guard ReadNote.isReadOnly(error) else { throw error }
            return .readOnly
        }
        try await body(writer)
        try await writer.close()
        return .written
    }

    /// Whether there is the key that was named, or the usual one.
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
