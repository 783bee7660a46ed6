internal import AuditTrail
internal import Digests
internal import GRDB

/// A message whose recording lacks audio in part or altogether, or one that is listed several times and of which there is
/// one recording; and how often it was fetched again.
public struct DoubtfulMessage: Sendable, Hashable {
    /// A recording of it.
    public struct Part: Sendable, Hashable {
        /// The recording's id.
        public var id: String
        /// How good it is.
        public var quality: AudioQuality
        /// When it was archived, ISO 8601.
        public var archivedAt: String
        /// Whether the PBX ended each download before its end, so that a passing fault may have been the cause.
        public var isCutShort: Bool
    }

    /// Its recordings that lack audio; several where several messages are listed alike.
    public var parts: [Part] = []
    /// How often it was fetched again in vain.
    public var refetches = 0
    /// When it was fetched again last, ISO 8601; nil where it was not.
    public var lastRefetch: String?
}

/// How much of a message's audio there is; more is greater.
public struct AudioQuality: Sendable, Hashable, Comparable {
    /// The verdict of its inspection.
    public let verdict: String
    /// Frames that can be decoded.
    public let frames: Int64

    /// Names a quality.
    public init(verdict: String, frames: Int64) {
        self.verdict = verdict
        self.frames = frames
    }

    /// Whether audio is missing, doubtful, or not there at all.
    public var isDoubtful: Bool { rank < 2 }

    private var rank: Int {
        switch verdict {
        case "rejected": 0
        case "salvaged": 1
        default: 2
        }
    }

    /// Whether there is less audio; of two whole ones none is better.
    public static func < (left: AudioQuality, right: AudioQuality) -> Bool {
        left.rank == right.rank
            ? left.isDoubtful && left.frames < right.frames : left.rank < right.rank
    }
}

extension RecordingArchive {
    /// The messages of which better audio is wanted.
    ///
    /// - Parameter identities: What a PBX lists.
    /// - Returns: Those of them whose recordings are salvaged or in quarantine, and were not replaced by better ones, and
    ///   those that are listed more often than there are recordings, all the same audio; without
    ///   those of which one that is listed alike was erased, for that one must not come back in better audio.
    /// - Throws: `ArchiveError`.
    public nonisolated func doubtful(
        among identities: some Sequence<MessageIdentity>
    ) async throws(ArchiveError) -> [MessageIdentity: DoubtfulMessage] {
        let found = try await catalog.read { try CatalogQueries.doubtful($0) }
        guard !found.isEmpty else { return [:] }
        var messages: [MessageIdentity: DoubtfulMessage] = [:]
        for identity in identities where messages[identity] == nil {
            messages[identity] = found[messageKey(of: identity)]
        }
        return messages
    }

    /// Takes down that a message was fetched again, and that what came was no better.
    ///
    /// - Parameter identity: The message as it is listed.
    /// - Throws: `ArchiveError`.
    public func noteRefetch(of identity: MessageIdentity) throws(ArchiveError) {
        try record(MessageRefetched(messageKey(of: identity)))
    }

    /// Lets the better recording of a message take the place of the worse.
    ///
    /// Where there are more recordings of an identity than it was ever listed, some are of one message. Which ones, is known
    /// where all are of one, or where just one is doubtful. Where as many are whole as it was ever listed, each message has a
    /// whole one, and no doubtful one is needed; in which order they take their places does not matter. Else none is
    /// replaced. Both stay. Lists and exports have the
    /// better one alone; holds on either are on both, and the better one is kept at least as long.
    ///
    /// - Parameters:
    ///   - identity: The message as it is listed.
    ///   - count: How often it is listed now.
    /// - Returns: The ids of the recordings that were replaced, each with that of the better one.
    /// - Throws: `ArchiveError`.
    @discardableResult
    public func replaceWorse(
        of identity: MessageIdentity, listed count: Int
    ) throws(ArchiveError) -> [(worse: String, better: String)] {
        try checkWritable()
        let messageKey = messageKey(of: identity)
        let (count, surplus, found) = try catalog.readNow { database in
            let listed = try Listing.counts(database, pbx: identity.pbx, keys: [messageKey])[messageKey] ?? 0
            let most = max(listed, count)
            return (
                most, try CatalogQueries.count(database, messageKey: messageKey) - most,
                try CatalogQueries.recordings(database, standingFor: messageKey)
            )
        }
        guard surplus > 0 else { return [] }
        let doubtful = found.filter(\.quality.isDoubtful)
        let whole = found.filter { !$0.quality.isDoubtful }
        let betters: [CatalogQueries.Rival]
        if found.count - surplus == 1 || doubtful.count == 1 {
            let best = found.max { ($0.quality, $0.sequence) < ($1.quality, $1.sequence) }
            betters = doubtful.compactMap { _ in best }
        } else if Set(whole.map(\.source)).count >= count {
            let newest = whole.suffix(doubtful.count)
            betters = doubtful.indices.compactMap { newest.dropFirst($0).first ?? newest.last }
        } else {
            return []
        }
        let pairs = zip(doubtful, betters).filter { $0.sequence < $1.sequence && $0.quality < $1.quality }
        for (better, worse) in Dictionary(grouping: pairs, by: \.1.id).sorted(by: { $0.key < $1.key }) {
            try replace(worse.map(\.0.id), by: better, messageKey: messageKey)
        }
        return pairs.map { ($0.id, $1.id) }
    }

    /// Makes a recording the better one of a message, and keeps it no less than the worse.
    private func replace(
        _ replaced: [String], by better: String, messageKey: String
    ) throws(ArchiveError) {
        let holds = try catalog.readNow { database in
            Set(try (replaced + [better]).flatMap { try Hold.marks(on: $0, database).map(\.hold) })
        }.sorted()
        let recording = try existing(better)
        var (policy, date) = (recording.retention.policy, recording.retention.event)
        var events: [any ArchiveEvent] = []
        for worse in replaced {
            events.append(
                RecordingReplaced(worse, by: better, messageKey: messageKey, holds: holds))
            let old = try existing(worse).retention
            if !policy.isAtLeastAsLong(as: old.policy, created: recording.facts.retentionStart, event: date) {
                policy = old.policy
            }
            date = date ?? old.event
        }
        let reason = "it replaces \(replaced.joined(separator: ", "))"
        if policy != recording.retention.policy {
            events.append(RetentionChanged(of: [better], to: policy, reason: reason))
        }
        if case .sinceEvent = policy, let date, date != recording.retention.event {
            events.append(RetentionEventSet(of: [better], on: date, reason: reason))
        }
        try record(events)
    }

    /// The recordings of the messages that some recordings are of: themselves, those that replaced them, and those that they
    /// have replaced.
    func withSameMessages(_ ids: [String]) throws(ArchiveError) -> [String] {
        let pairs = try catalog.readNow { try CatalogQueries.replacements($0) }
        guard !pairs.isEmpty else { return ids }
        var others: [String: [String]] = [:]
        for (worse, better) in pairs {
            others[worse, default: []].append(better)
            others[better, default: []].append(worse)
        }
        var found: [String] = []
        var seen: Set<String> = []
        for id in ids {
            var waiting = [id]
            while let next = waiting.popLast() {
                guard seen.insert(next).inserted else { continue }
                found.append(next)
                waiting += others[next] ?? []
            }
        }
        // Of a message, some may have been erased.
        return try catalog.readNow { database in
            try found.filter { id in
                try others[id] == nil || CatalogQueries.recording(database, id: id) != nil
            }
        }
    }

    /// What has taken a recording's place, and what its place it has taken; of recordings of one message.
    ///
    /// - Parameter id: The recording.
    /// - Returns: The best recording of the message, nil where that is this one; and the worse ones.
    /// - Throws: `ArchiveError`.
    public nonisolated func replacements(
        of id: String
    ) async throws(ArchiveError) -> (best: String?, worse: [String]) {
        try await catalog.read {
            (
                try String.fetchOne(
                    $0,
                    sql: """
                        SELECT final FROM replacement
                        WHERE worse = ? AND final IN (SELECT id FROM recording)
                        """, arguments: [id]),
                try CatalogQueries.replaced($0, by: id)
            )
        }
    }
}

extension CatalogQueries {
    /// A recording of a message, as far as it is compared with others.
    struct Rival {
        let id: String
        let sequence: Int64
        let quality: AudioQuality
        let source: String
    }

    /// The recordings that a key stands for and that none has replaced.
    static func recordings(_ database: Database, standingFor messageKey: String) throws -> [Rival] {
        try Row.fetchAll(
            database,
            sql: """
                SELECT id, sequence, verdict, ifnull(frames, 0) AS frames, sourceSHA256 FROM recording
                WHERE (messageKey = ?1 OR id IN (SELECT record FROM adoption WHERE messageKey = ?1))
                    AND id NOT IN (SELECT worse FROM replacement)
                ORDER BY sequence
                """,
            arguments: [messageKey]
        ).map { row in
            Rival(
                id: try row.decode(forColumn: "id"), sequence: try row.decode(forColumn: "sequence"),
                quality: AudioQuality(
                    verdict: try row.decode(forColumn: "verdict"), frames: try row.decode(forColumn: "frames")
                ), source: try row.decode(forColumn: "sourceSHA256"))
        }
    }

    /// The messages of which better audio is wanted, by each key that stands for them; none of which one was erased.
    static func doubtful(_ database: Database) throws -> [String: DoubtfulMessage] {
        let rows = try Row.fetchCursor(
            database,
            sql: """
                WITH doubtful AS (
                    SELECT id, messageKey, verdict, ifnull(frames, 0) AS frames, archivedAt,
                        instr(warnings, '"pbx.cut-short"') > 0 AS isCutShort
                    FROM recording INDEXED BY recordingByVerdict
                    WHERE verdict IN ('rejected', 'salvaged') AND id NOT IN (SELECT worse FROM replacement)
                        AND messageKey NOT IN (SELECT messageKey FROM tombstone))
                SELECT messageKey AS key, doubtful.* FROM doubtful
                UNION ALL SELECT adoption.messageKey AS key, doubtful.*
                    FROM doubtful JOIN adoption ON adoption.record = doubtful.id
                    WHERE adoption.messageKey <> doubtful.messageKey
                """)
        var messages: [String: DoubtfulMessage] = [:]
        while let row = try rows.next() {
            let part = DoubtfulMessage.Part(
                id: try row.decode(forColumn: "id"),
                quality: AudioQuality(
                    verdict: try row.decode(forColumn: "verdict"), frames: try row.decode(forColumn: "frames")
                ), archivedAt: try row.decode(forColumn: "archivedAt"),
                isCutShort: try row.decode(forColumn: "isCutShort"))
            messages[try row.decode(forColumn: "key"), default: DoubtfulMessage()].parts.append(part)
        }
        let repeated = try String.fetchAll(
            database,
            sql: """
                SELECT DISTINCT adoption.messageKey FROM adoption JOIN recording
                ON recording.id = adoption.record AND recording.messageKey = adoption.messageKey
                """)
        for key in repeated where messages[key] == nil { messages[key] = DoubtfulMessage() }
        for row in try Row.fetchAll(database, sql: "SELECT messageKey, tries, at FROM refetch") {
            let key: String = try row.decode(forColumn: "messageKey")
            messages[key]?.refetches = try row.decode(forColumn: "tries")
            messages[key]?.lastRefetch = try row.decode(forColumn: "at")
        }
        return messages
    }

    /// The pairs of recordings of which the second has taken the place of the first.
    static func replacements(_ database: Database) throws -> [(worse: String, better: String)] {
        try Row.fetchAll(database, sql: "SELECT worse, better FROM replacement ORDER BY worse").map {
            (try $0.decode(forColumn: "worse"), try $0.decode(forColumn: "better"))
        }
    }

    /// The recordings whose place one has taken, itself or by taking that of one that had; erased ones are not named.
    static func replaced(_ database: Database, by id: String) throws -> [String] {
        try String.fetchAll(
            database,
            sql: """
                WITH RECURSIVE chain (id) AS (
                    SELECT worse FROM replacement WHERE better = ?
                    UNION SELECT worse FROM replacement JOIN chain ON replacement.better = chain.id)
                SELECT id FROM chain WHERE id IN (SELECT id FROM recording) ORDER BY id
                """,
            arguments: [id])
    }
}
