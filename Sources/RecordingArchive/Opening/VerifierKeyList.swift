internal import AuditTrail
internal import DurableFiles
internal import TransparencyLog

/// `verifier-keys.txt`: the keys that the log's signatures are checked with, the oldest first.
enum VerifierKeyList {
    /// Room for thousands of keys.
    private static let largestSize = 1 << 20

    /// Reads the keys; none where the archive has no log yet.
    ///
    /// A path that a person names may be a symbolic link.
    static func read(
        _ path: String, _ operations: any FileOperations, followingLinks: Bool = false
    ) throws(ArchiveError) -> [VerifierKey] {
        let content: [UInt8]?
        do throws(FileError) {
            content = try operations.contentsIfThere(
                of: path, limit: largestSize, followingLinks: followingLinks)
        } catch {
            throw .file(error)
        }
        guard let bytes = content else { return [] }
        var keys: [VerifierKey] = []
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            guard let key = VerifierKey(line) else { throw .verifierKeysDamaged(path: path) }
            keys.append(key)
        }
        return keys
    }

    static func write(
        _ keys: [VerifierKey], _ layout: ArchiveLayout, replacing: Bool, _ operations: any FileOperations
    ) throws(FileError) {
        try PendingFile.writeFile(
            Array(keys.map { $0.text + "\n" }.joined().utf8), to: layout.verifierKeys, replacing: replacing,
            temporaryFolder: layout.incoming, operations: operations)
    }

    /// The keys of an archive's log whose private parts are at hand: the newest of the list, and one that came after it, of
    /// which an archive that was set back does not know.
    static func keysAtHand(
        _ layout: ArchiveLayout, _ id: String, _ find: LogKey.Finder, _ operations: any FileOperations
    ) -> [VerifierKey] {
        let count = (try? read(layout.verifierKeys, operations))?.count ?? 0
        return Set([max(1, count), count + 1].map { find(id, $0).path }).sorted().compactMap { path in
            let key = try? SigningKey.verifierKey(ofKeyAt: path, operations: operations)
            return key?.name == LogKey.origin(archiveID: id) ? key : nil
        }
    }

    /// The keys of the list, then others that are trusted besides; none of a list that is damaged, which others tell.
    static func trusted(
        _ layout: ArchiveLayout, besides others: [VerifierKey], _ operations: any FileOperations
    ) -> [VerifierKey] {
        let listed = (try? read(layout.verifierKeys, operations)) ?? []
        return listed + others.filter { !listed.contains($0) }
    }
}

extension JournalTrust {
    /// What an archive's or a replica's list of verifier keys tells, and keys that are known besides; nothing where it tells
    /// of none, or is damaged, which others tell.
    init(
        _ layout: ArchiveLayout, besides others: [VerifierKey] = [], _ operations: any FileOperations
    ) {
        self.init(keys: VerifierKeyList.trusted(layout, besides: others, operations))
    }
}

extension JournalReader {
    /// Goes to a place in the journal of an archive or a replica.
    ///
    /// - Parameters:
    ///   - layout: The archive or replica.
    ///   - position: The place.
    ///   - trust: What is known of the keys that sign; nil for what the list of verifier keys tells.
    ///   - operations: The system calls.
    /// - Throws: `JournalError`.
    init(
        of layout: ArchiveLayout, from position: JournalPosition = .start,
        trusting trust: JournalTrust? = nil,
        operations: any FileOperations
    ) throws(JournalError) {
        try self.init(
            at: layout.journal, from: position, trusting: trust ?? JournalTrust(layout, operations),
            operations: operations)
    }
}
