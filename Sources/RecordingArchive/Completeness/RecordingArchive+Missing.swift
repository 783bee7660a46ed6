internal import AuditTrail
internal import GRDB

/// A message that a PBX has listed and that the archive lacks, with what somebody has said of that.
public struct MissingMessage: Sendable, Hashable {
    /// What was said of it: that it is known to be missing.
    public struct Acceptance: Sendable, Hashable {
        /// When, ISO 8601.
        public let at: String
        /// By whom.
        public let actor: String
        /// Why.
        public let reason: String
    }

    /// The message; its count is how many of it are missing, and were or were not accepted.
    public let listing: Listing
    /// nil where nobody has accepted that it is missing.
    public let acceptance: Acceptance?
}

extension RecordingArchive {
    /// The messages that are missing, what was listed first coming first.
    ///
    /// - Parameters:
    ///   - pbx: The name of a PBX; nil for all.
    ///   - isAccepted: Whether those are wanted that somebody has accepted as missing, and not the others.
    /// - Returns: The messages.
    /// - Throws: `ArchiveError`.
    public nonisolated func missing(
        of pbx: String? = nil, isAccepted: Bool = false
    ) async throws(ArchiveError) -> [MissingMessage] {
        try await catalog.read { database in
            isAccepted
                ? try MissingMessage.accepted(database, pbx: pbx)
                : try MissingMessage.open(database, pbx: pbx).map {
                    MissingMessage(listing: $0, acceptance: nil)
                }
        }
    }

    /// Whether messages of an identity are missing, and somebody has accepted that of all of them.
    ///
    /// - Parameter identity: The message as it is listed.
    /// - Returns: false also where none is missing.
    /// - Throws: `ArchiveError`.
    public nonisolated func isAcceptedMissing(_ identity: MessageIdentity) async throws(ArchiveError) -> Bool
    {
        let key = messageKey(of: identity)
        return try await catalog.read { database in
            try Bool.fetchOne(
                database,
                sql: """
                    SELECT archived < listed.count AND listed.count <= acceptance.count
                    FROM listed JOIN acceptance USING (pbx, messageKey) WHERE pbx = ? AND messageKey = ?
                    """,
                arguments: [NULFreeText.encode(identity.pbx), key]) ?? false
        }
    }

    /// Takes down that somebody knows that messages are missing: they count as missing no more.
    ///
    /// They are fetched all the same, should the PBX still list them.
    ///
    /// - Parameters:
    ///   - keys: The messages, by their keys; nil for all that are missing.
    ///   - reason: Why, for the audit trail.
    /// - Returns: The messages that were accepted.
    /// - Throws: `ArchiveError`: `noMissing` for a key of which none is missing.
    @discardableResult
    public func acceptMissing(_ keys: [String]?, reason: String) throws(ArchiveError) -> [Listing] {
        try checkWritable()
        let open = try catalog.readNow { try MissingMessage.open($0) }
        if let wrong = keys?.first(where: { key in !open.contains { $0.messageKey == key } }) {
            throw .noMissing(key: wrong)
        }
        let wanted = keys.map(Set.init)
        let accepted = open.filter { wanted?.contains($0.messageKey) ?? true }
        var events: [any ArchiveEvent] = []
        for (pbx, listings) in Dictionary(grouping: accepted, by: \.pbx).sorted(by: { $0.key < $1.key }) {
            let known = try catalog.readNow {
                try Listing.counts($0, pbx: pbx, keys: listings.map(\.messageKey))
            }
            let messages = listings.map {
                KeyCount(key: $0.messageKey, count: Int64(known[$0.messageKey] ?? $0.count))
            }.sorted { $0.key < $1.key }
            events.append(MissingAccepted(of: pbx, messages, reason: reason))
        }
        guard !events.isEmpty else { return [] }
        try record(events)
        try flush()
        return accepted
    }
}

extension MissingMessage {
    private static let columns = """
        listed.*, ifnull(acceptance.count, 0) AS upTo,
        acceptance.at, acceptance.actor, acceptance.reason
        """

    /// Messages that are missing, accepted ones among them, and up to how many of each may be.
    private static let source = "listed LEFT JOIN acceptance USING (pbx, messageKey)"

    /// How many messages are missing that nobody has accepted.
    static func openCount(_ database: Database) throws -> Int {
        try Int.fetchOne(
            database,
            sql: """
                SELECT ifnull(SUM(max(0, listed.count - max(archived, ifnull(acceptance.count, 0)))), 0)
                FROM \(source) WHERE archived < listed.count
                """) ?? 0
    }

    /// How many messages are missing and accepted.
    static func acceptedCount(_ database: Database) throws -> Int {
        try Int.fetchOne(
            database,
            sql: """
                SELECT ifnull(SUM(min(listed.count, acceptance.count) - archived), 0)
                FROM \(source) WHERE archived < listed.count AND acceptance.count > archived
                """) ?? 0
    }

    /// Those that nobody has accepted, what was listed first coming first.
    static func open(_ database: Database, pbx: String? = nil, limit: Int = -1) throws -> [Listing] {
        try rows(
            database, "listed.count > ifnull(acceptance.count, 0)", pbx: pbx, limit: limit
        ).map { try Listing($0) { count, archived, upTo in count - max(archived, upTo) } }
    }

    /// Those that somebody has accepted, what was listed first coming first.
    static func accepted(_ database: Database, pbx: String? = nil) throws -> [MissingMessage] {
        try rows(database, "acceptance.count > archived", pbx: pbx, limit: -1).map { row in
            MissingMessage(
                listing: try Listing(row) { count, archived, upTo in min(count, upTo) - archived },
                acceptance: Acceptance(
                    at: try row.decode(forColumn: "at"), actor: try row.decode(forColumn: "actor"),
                    reason: try row.decode(forColumn: "reason")))
        }
    }

    private static func rows(
        _ database: Database, _ condition: String, pbx: String?, limit: Int
    ) throws -> [Row] {
        try Row.fetchAll(
            database,
            sql: """
                SELECT \(columns) FROM \(source)
                WHERE archived < listed.count AND \(condition) \(pbx == nil ? "" : "AND listed.pbx = ?2")
                ORDER BY firstListed, messageKey LIMIT ?1
                """,
            arguments: pbx.map { [limit, NULFreeText.encode($0)] } ?? [limit])
    }
}

extension Listing {
    /// Reads a row of messages that are missing.
    fileprivate init(
        _ row: Row, count: (_ listed: Int, _ archived: Int, _ accepted: Int) -> Int
    ) throws {
        func text(_ column: String) throws -> String? {
            try row.decode(String?.self, forColumn: column).map(NULFreeText.decode)
        }
        self.init(
            messageKey: try row.decode(forColumn: "messageKey"), pbx: try text("pbx") ?? "",
            extension: try text("extension"), date: try text("date"), caller: try text("caller"),
            length: try text("length"), firstListed: try row.decode(forColumn: "firstListed"),
            count: count(
                try row.decode(forColumn: "count"), try row.decode(forColumn: "archived"),
                try row.decode(forColumn: "upTo")))
    }
}
