internal import AuditTrail
public import Digests
internal import GRDB

/// What a PBX lists at one time, by the keys that tell its messages again.
public struct ListedMessages: Sendable {
    let keys: Set<String>

    /// Whether a message that is missing is listed.
    public func contains(_ listing: Listing) -> Bool { keys.contains(listing.messageKey) }
}

extension RecordingArchive {
    /// Prepares for `adopt(_:as:among:where:)`.
    ///
    /// - Parameter identities: All that a PBX lists of some mailboxes.
    /// - Returns: The keys of the messages.
    public nonisolated func listed(_ identities: some Sequence<MessageIdentity>) -> ListedMessages {
        ListedMessages(keys: Set(identities.map { messageKey(of: $0) }))
    }

    /// Finds the recording of a message whose listing has changed its form, and takes down that the two are one.
    ///
    /// It has the same audio, is of the same mailbox, and is no longer listed as it was. Of one that was erased only the key
    /// is left, so that the form that it had must be guessed.
    ///
    /// - Parameters:
    ///   - source: SHA-256 of what the PBX sent.
    ///   - identity: The message as it is listed now.
    ///   - listed: All that is listed now of its mailbox.
    ///   - forms: Other forms that the message may have had.
    ///   - difference: Says how another identity may be the same message in another form; nil where it is another one.
    /// - Returns: The recording's id, and the difference; nil where there is none.
    /// - Throws: `ArchiveError`.
    public func adopt(
        _ source: Digest, as identity: MessageIdentity, among listed: ListedMessages,
        guessing forms: @Sendable () -> [MessageIdentity] = { [] },
        where difference: @Sendable (MessageIdentity) -> String?
    ) throws(ArchiveError) -> (record: String, difference: String)? {
        try checkWritable()
        let messageKey = messageKey(of: identity)
        let others = listed.keys.subtracting([messageKey])
        let candidates = try catalog.readNow { database in
            try CatalogQueries.recordings(database, source: source, inMailboxOf: identity).filter {
                try CatalogQueries.messageKeys(database, of: $0).isDisjoint(with: others)
            }
        }
        for recording in candidates {
            guard let difference = difference(recording.facts.identity) else { continue }
            try record(ListingAdopted(by: recording.id, messageKey: messageKey, reason: difference))
            return (recording.id, difference)
        }
        let erased = try catalog.readNow { try Tombstone.keys($0, source: source) }
        guard !erased.isEmpty else { return nil }
        for form in forms() {
            let key = self.messageKey(of: form)
            guard !others.contains(key), let id = erased[key], let difference = difference(form) else {
                continue
            }
            try record(ListingAdopted(by: id, messageKey: messageKey, reason: difference))
            return (id, difference)
        }
        return nil
    }

    /// Takes down that some of the messages that are listed alike are one message, listed more than once.
    ///
    /// - Parameters:
    ///   - identity: What is listed.
    ///   - count: How often it is listed.
    /// - Returns: How many of these are more than there are messages.
    /// - Throws: `ArchiveError`.
    public func adoptRepetitions(
        of identity: MessageIdentity, listed count: Int
    ) throws(ArchiveError) -> Int {
        try checkWritable()
        let messageKey = messageKey(of: identity)
        let (archived, holder) = try catalog.readNow {
            (
                try CatalogQueries.count($0, messageKey: messageKey),
                try CatalogQueries.holder($0, messageKey: messageKey)
            )
        }
        guard archived < count, let holder else { return 0 }
        let adoption = ListingAdopted(
            by: holder, messageKey: messageKey, reason: "listed \(count) times")
        let adoptions = Array(repeating: adoption, count: count - archived)
        // It is looked at again later: their places may have changed all the while.
        try record(adoptions + [MessageRefetched(messageKey)] as [any ArchiveEvent])
        return count - archived
    }
}

extension CatalogQueries {
    /// The recordings of a mailbox whose source has a SHA-256, the oldest message first.
    static func recordings(
        _ database: Database, source: Digest, inMailboxOf identity: MessageIdentity
    ) throws -> [Recording] {
        // The index has all that is asked for, so the wide rows of a mailbox of years are not read.
        try RecordingRow.fetchAll(
            database,
            sql: """
                SELECT * FROM recording WHERE position IN (
                    SELECT position FROM recording INDEXED BY recordingByMessage
                    WHERE extension = ? AND pbx = ? AND sourceSHA256 = ?)
                ORDER BY position
                """,
            arguments: [
                NULFreeText.encode(identity.extension), NULFreeText.encode(identity.pbx), source.hexadecimal,
            ]
        ).map(\.recording)
    }

    /// The keys under which a recording's message was listed.
    static func messageKeys(_ database: Database, of recording: Recording) throws -> Set<String> {
        try String.fetchSet(
            database, sql: "SELECT messageKey FROM adoption WHERE record = ?", arguments: [recording.id]
        ).union([recording.messageKey])
    }

    /// A recording that a key stands for, perhaps an erased one; nil where there is none.
    static func holder(_ database: Database, messageKey: String) throws -> String? {
        try String.fetchOne(
            database,
            sql: """
                SELECT id FROM recording WHERE messageKey = ?1
                UNION ALL SELECT record FROM adoption WHERE messageKey = ?1
                UNION ALL SELECT id FROM tombstone WHERE messageKey = ?1
                LIMIT 1
                """,
            arguments: [messageKey])
    }
}

extension Tombstone {
    /// The ids of erased recordings of a source, by the keys of their messages.
    static func keys(_ database: Database, source: Digest) throws -> [String: String] {
        let rows = try Row.fetchAll(
            database, sql: "SELECT messageKey, id FROM tombstone WHERE original = ?",
            arguments: [source.hexadecimal])
        var ids: [String: String] = [:]
        for row in rows { ids[try row.decode(forColumn: "messageKey")] = try row.decode(forColumn: "id") }
        return ids
    }
}
