internal import RecordingArchive

/// What a command does about the copies of recordings that it has erased.
enum ErasedCopies {
    /// Erases them in the replicas that are there, and tells honestly of those that are not.
    ///
    /// - Returns: How the command ends.
    static func remove(from archive: RecordingArchive, on console: Console) async throws -> ExitStatus {
        guard try await !ReplicationRun(archive: archive, console: console).perform() else { return .success }
        console.alert(
            "What was erased still exists in each replica that is not up to date, until replicate has reached it."
        )
        return .itemsNeedAttention
    }
}
