public import RecordingArchive

extension RecordingArchive {
    /// Opens an archive for writing, and makes it where it is missing.
    ///
    /// - Parameters:
    ///   - path: The archive's folder.
    ///   - key: The file of the key that signs; by default beside the folder.
    ///   - context: Clock, randomness, system calls and the actor.
    /// - Returns: The archive.
    /// - Throws: `ArchiveError`.
    public static func begun(
        at path: String, key: String? = nil, context: ArchiveContext = ArchiveContext()
    ) async throws -> RecordingArchive {
        let key = LogKey(path: key ?? path + ".key")
        do throws(ArchiveError) {
            return try await open(at: path, access: .write, key: { _, _ in key }, context: context)
        } catch {
            guard case .missing = error else { throw error }
        }
        return try await create(at: path, key: { _, _ in key }, retention: .undecided, context: context)
    }
}
