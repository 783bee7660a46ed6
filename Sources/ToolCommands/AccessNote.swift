internal import RecordingArchive

/// Leaves a line in the audit trail for a recording that was read.
enum AccessNote {
    /// Writes the line; an archive that cannot be written to is read all the same, and that is said.
    static func write(_ id: String, how: String, in archive: RecordingArchive, on console: Console) async {
        do {
            try await archive.noteRead(of: id, how: how)
        } catch {
            console.alert(
                "WARNING: that \(id) was read is not in the audit trail. \(Failure(describing: error).description)")
        }
    }
}
