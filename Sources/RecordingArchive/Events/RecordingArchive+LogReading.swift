internal import DurableFiles
package import TransparencyLog

extension RecordingArchive {
    /// The keys that the log's signatures are checked with, the oldest first; none where the archive has no log yet.
    ///
    /// - Returns: The keys.
    /// - Throws: `ArchiveError`.
    package nonisolated func verifierKeys() throws(ArchiveError) -> [VerifierKey] {
        try VerifierKeyList.read(layout.verifierKeys, operations)
    }

    /// Opens the log for reading, at its newest checkpoint.
    ///
    /// - Returns: The log; nil where the archive has none yet.
    /// - Throws: `ArchiveError` where its checkpoint cannot be trusted.
    package nonisolated func logReader() throws(ArchiveError) -> LogReader? {
        let keys = try verifierKeys()
        guard !keys.isEmpty else { return nil }
        do throws(LogError) {
            return try LogReader(at: layout.log, keys: keys, operations: operations)
        } catch {
            // Between the keys and the first entry there is no checkpoint.
            if case .checkpointMissing = error { return nil }
            throw .log(error)
        }
    }
}
