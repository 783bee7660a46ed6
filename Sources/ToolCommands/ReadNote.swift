internal import DurableFiles
internal import RecordingArchive

/// Writes into an archive's audit trail that a recording is given out, before it is.
enum ReadNote {
    /// Writes the note; where the archive cannot be written to, the person is warned instead.
    ///
    /// - Parameters:
    ///   - id: The recording.
    ///   - how: What it is given out for: `restore`, `prove`.
    ///   - archive: The archive.
    ///   - console: Where the person is warned.
    /// - Returns: Whether it was written.
    /// - Throws: `ArchiveError` where the audit trail is there for writing, and yet cannot be.
    @discardableResult
    static func write(
        _ id: String, how: String = "restore", in archive: RecordingArchive, on console: Console
    ) async throws -> Bool {
        do throws(ArchiveError) {
            try await archive.noteRead(of: id, how: how)
            return true
        } catch {
            guard isReadOnly(error) else { throw error }
            console.alert(
                "WARNING: The archive cannot be written to, so that its audit trail will not tell of this.")
            return false
        }
    }

    /// Whether an error says that this user cannot write to an archive at all.
    static func isReadOnly(_ error: ArchiveError) -> Bool {
        switch error {
        case .readOnly: true
        case .file(let error): error.kind == .notPermitted || error.kind == .readOnly
        default: false
        }
    }
}
