internal import AuditTrail
internal import DurableFiles
package import TransparencyLog

extension RecordingArchive {
    /// Gives the log a new key, which signs from now on.
    ///
    /// The old key signs an entry that names the new one, so whoever trusts the old key can trust the new one. Where
    /// the old key is lost, the archive was opened without it, and the entry waits for the new key: then only the
    /// word of whoever calls this stands for the change.
    ///
    /// - Parameters:
    ///   - find: Where the new key is to be made: it is asked for the next generation.
    ///   - reason: Why, for the audit trail.
    /// - Returns: The public part of the new key.
    /// - Throws: `ArchiveError`.
    package func rotateKey(to find: LogKey.Finder, reason: String) throws(ArchiveError) -> VerifierKey {
        try checkWritable()
        let keys = try verifierKeys()
        guard let old = keys.last else {
            throw .refused(
                "the log at \(layout.log) was not begun yet, so there is no key to replace; run key new")
        }
        let path = find(id, keys.count + 1).path
        let new: VerifierKey
        let signer: SigningKey
        do throws(SigningKeyError) {
            new = try SigningKey.create(
                at: path, name: LogKey.origin(archiveID: id), seed: context.randomBytes(32),
                operations: operations)
            signer = try SigningKey.open(at: path, operations: operations)
        } catch {
            throw .signing(error)
        }
        try record(KeyChanged(to: new, from: old, reason: reason))
        try flush()
        try writeVerifierKeys(keys + [new], replacing: true)
        // The log's lock is the old writer's until it goes.
        log = nil
        try openLog(signer, trusting: keys + [new])
        try flush()
        return new
    }
}
