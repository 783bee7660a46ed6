internal import AuditTrail
internal import DurableFiles
package import TransparencyLog

extension RecordingArchive {
    /// Gives the archive a new key, which signs journal and log from now on.
    ///
    /// The old key signs the line that names the new one, so whoever trusts the old key can trust the new one.
    ///
    /// - Parameters:
    ///   - find: Where the new key is to be made: it is asked for the next generation.
    ///   - reason: Why, for the audit trail.
    /// - Returns: The public part of the new key.
    /// - Throws: `ArchiveError`.
    package func rotateKey(to find: LogKey.Finder, reason: String) throws(ArchiveError) -> VerifierKey {
        try checkWritable()
        let old = lineSigner?.verifierKey
        let new = try makeNextKey(find)
        let signer: SigningKey
        do throws(SigningKeyError) {
            signer = try SigningKey.open(at: new.path, operations: operations)
        } catch {
            throw .signing(error)
        }
        try record(KeyChanged(to: new.key, from: old, reason: reason))
        lineSigner = signer.lineSigner
        try flush()
        // The log's lock is the old writer's until it goes.
        log = nil
        try openLog(signer, trusting: trust.keys)
        try flush()
        return new.key
    }

    /// Opens an archive for writing whose key is lost, with a new one.
    ///
    /// Nothing but the word of whoever calls this stands for the change, and the audit trail says so.
    ///
    /// - Parameters:
    ///   - path: The archive's folder.
    ///   - find: Where the new key is to be made: it is asked for the next generation.
    ///   - reason: Why, for the audit trail.
    ///   - context: Clock, randomness, system calls and the actor.
    /// - Returns: The archive.
    /// - Throws: `ArchiveError`.
    package static func openReplacingLostKey(
        at path: String, to find: @escaping LogKey.Finder, reason: String,
        context: ArchiveContext = ArchiveContext()
    ) async throws(ArchiveError) -> RecordingArchive {
        let layout = ArchiveLayout(root: absolute(path))
        guard try describe(layout, context.operations) != nil else { throw .missing(path: layout.root) }
        let archive = try openForWriting(layout, context)
        try await archive.recover(key: find, lost: reason)
        return archive
    }

    /// Makes the key that comes next, and puts it on the list; where that is cut short before the journal names the key, the
    /// next opening goes on.
    @discardableResult
    func makeNextKey(_ find: LogKey.Finder) throws(ArchiveError) -> (key: VerifierKey, path: String) {
        let keys = try verifierKeys()
        guard !keys.isEmpty else {
            throw .refused(
                "the log at \(layout.log) was not begun yet, so there is no key to replace; run init once more"
            )
        }
        let path = find(id, keys.count + 1).path
        let new: VerifierKey
        do throws(SigningKeyError) {
            new = try SigningKey.create(
                at: path, name: LogKey.origin(archiveID: id), seed: context.randomBytes(32),
                operations: operations)
        } catch {
            throw .signing(error)
        }
        try writeVerifierKeys(keys + [new], replacing: true)
        trust = JournalTrust(keys: keys + [new])
        return (new, path)
    }
}
