internal import RecordingArchive

/// What a command does about the remains of recordings that it has erased.
enum ErasedRemains {
    /// What is said of an archive whose catalog has not got rid of all bytes yet.
    static let onPages =
        "bytes of what was erased are still in the catalog's pages while another process reads it; the next run that "
        + "writes removes them"

    /// Erases the copies in the replicas that are there, and tells honestly of those that are not, and of bytes that are
    /// still in the catalog.
    ///
    /// - Returns: How the command ends.
    static func remove(from archive: RecordingArchive, on console: Console) async throws -> ExitStatus {
        var isDone = true
        if try archive.hasErasedPages() {
            isDone = false
            console.alert("Erased, but \(onPages).")
        }
        if try await !ReplicationRun(archive: archive, console: console).perform() {
            isDone = false
            console.alert(
                "What was erased still exists in each replica that is not up to date, until replicate has reached it."
            )
        }
        return isDone ? .success : .itemsNeedAttention
    }
}
