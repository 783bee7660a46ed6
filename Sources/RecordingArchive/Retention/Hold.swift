internal import GRDB

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// An order to keep recordings whatever their retention says, for a case.
public struct Hold: Sendable, Hashable, Identifiable {
    /// 32 hexadecimal digits.
    public let id: String
    /// The case that it is for.
    public let caseID: String
    /// The filter by which recordings were taken in, as canonical JSON; nil where they were named.
    public let filter: String?
    /// Whether recordings that come later and pass the filter are taken in too.
    public let future: Bool
    /// Why it was placed.
    public let reason: String
    /// Who placed it.
    public let placedBy: String
    /// When, ISO 8601.
    public let placedAt: String
    /// Who asked for its release; nil where nobody has.
    public let requestedBy: String?
    /// When its release was asked for, ISO 8601.
    public let requestedAt: String?
    /// Who released it; nil while it is in force.
    public let releasedBy: String?
    /// When it was released, ISO 8601.
    public let releasedAt: String?
    /// How many recordings it holds or held.
    public let recordings: Int

    /// Whether it keeps recordings now.
    public var isActive: Bool { releasedAt == nil }
}

extension Hold {
    private static let select = """
        SELECT hold.*, (SELECT COUNT(*) FROM holdMember WHERE holdMember.hold = hold.id) AS recordings FROM hold
        """

    init(row: Row) throws {
        id = try row.decode(forColumn: "id")
        caseID = try row.decode(forColumn: "caseID")
        filter = try row.decode(forColumn: "filter")
        future = try row.decode(Int.self, forColumn: "future") != 0
        reason = try row.decode(forColumn: "reason")
        placedBy = try row.decode(forColumn: "placedBy")
        placedAt = try row.decode(forColumn: "placedAt")
        requestedBy = try row.decode(forColumn: "requestedBy")
        requestedAt = try row.decode(forColumn: "requestedAt")
        releasedBy = try row.decode(forColumn: "releasedBy")
        releasedAt = try row.decode(forColumn: "releasedAt")
        recordings = try row.decode(forColumn: "recordings")
    }

    /// The holds in force, the oldest first; with `future`, only those that take in what comes.
    static func active(_ database: Database, future: Bool = false) throws -> [Hold] {
        try Row.fetchAll(
            database,
            sql: select + " WHERE releasedAt IS NULL\(future ? " AND future = 1" : "") ORDER BY line"
        ).map(Hold.init)
    }

    static func all(_ database: Database) throws -> [Hold] {
        try Row.fetchAll(database, sql: select + " ORDER BY line").map(Hold.init)
    }

    static func with(id: String, _ database: Database) throws -> Hold? {
        try Row.fetchOne(database, sql: select + " WHERE id = ?", arguments: [id]).map(Hold.init)
    }

    /// The holds that have taken in a recording, released ones included, the oldest first.
    static func taking(_ record: String, _ database: Database) throws -> [Hold] {
        try Row.fetchAll(
            database,
            sql: select + """
                 WHERE id IN (
                    SELECT holdMember.hold FROM holdMember JOIN recording ON recording.position = holdMember.recording
                    WHERE recording.id = ?)
                ORDER BY line
                """,
            arguments: [record]
        ).map(Hold.init)
    }

    /// The ids of the recordings that a hold has taken in.
    static func members(of id: String, _ database: Database) throws -> [String] {
        try String.fetchAll(
            database,
            sql: """
                SELECT recording.id FROM holdMember JOIN recording ON recording.position = holdMember.recording
                WHERE holdMember.hold = ? ORDER BY recording.sequence
                """,
            arguments: [id])
    }

    /// The holds in force on a recording, ordered by id.
    static func marks(on record: String, _ database: Database) throws -> [Sidecar.Hold] {
        try Row.fetchAll(
            database,
            sql: """
                SELECT hold.id, hold.caseID FROM recording
                JOIN holdMember ON holdMember.recording = recording.position JOIN hold ON hold.id = holdMember.hold
                WHERE recording.id = ? AND hold.releasedAt IS NULL ORDER BY hold.id
                """,
            arguments: [record]
        ).map {
            Sidecar.Hold(hold: try $0.decode(forColumn: "id"), case: try $0.decode(forColumn: "caseID"))
        }
    }

    /// Whether a recording that has just been added passes the filter.
    func takesIn(_ recording: Recording, _ database: Database) throws -> Bool {
        guard let filter else { return false }
        let wanted = try JSONDecoder().decode(RecordingFilter.self, from: Data(filter.utf8))
        return try CatalogQueries.matches(database, wanted, sequence: recording.sequence)
    }
}
