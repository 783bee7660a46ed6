internal import AuditTrail
internal import DurableFiles
internal import Foundation
internal import GRDB

/// Whether an archive has all that it should have.
public struct ArchiveStatus: Sendable, Hashable {
    /// The last contact with a PBX.
    public struct Contact: Sendable, Hashable {
        /// The name of the PBX.
        public let pbx: String
        /// When it listed its messages, ISO 8601.
        public let at: String
        /// How many it listed.
        public let messages: Int
    }

    /// What the last recorded verification found.
    public struct Verification: Sendable, Hashable {
        /// When, ISO 8601.
        public let at: String
        /// How many recordings were looked at.
        public let checked: Int
        /// How many findings were damage.
        public let damage: Int
        /// Whether originals were rebuilt.
        public let deep: Bool
    }

    /// How a replica stands.
    public struct Copy: Sendable, Hashable {
        /// The replica's folder.
        public let path: String
        /// Lines of the journal that it lacks; nil where it cannot be reached.
        public let linesBehind: Int?
        /// Recordings that are not yet there; nil where it cannot be reached.
        public let recordingsBehind: Int?
        /// Erased recordings that have files there still.
        public let erasuresBehind: Int
    }

    /// Counts and sums of what is there.
    public var statistics: ArchiveStatistics
    /// Messages that PBXs have ever listed; one that was listed in several forms counts once.
    public var expected: Int
    /// Recordings that were lawfully erased.
    public var erased: Int
    /// Whether the catalog's files may still have bytes of one, see `RecordingArchive.hasErasedPages()`.
    public var hasErasedPages: Bool
    /// Recordings of which better audio came later.
    public var replaced: Int
    /// Listed messages that a sync is fetching at this moment.
    public var underWay = 0
    /// Listed messages that the archive lacks, and of which nobody has accepted that, but for those that are under way.
    public var missing: Int
    /// Listed messages that the archive lacks, which somebody has accepted.
    public var acceptedMissing: Int
    /// Of these, the one that was listed first; nil where nothing is missing.
    public var oldestMissing: Listing?
    /// The holds in force.
    public var holds: Int
    /// Each PBX with its last contact, ordered by name.
    public var contacts: [Contact]
    /// The last recorded verification; nil where there was none.
    public var verification: Verification?
    /// Entries that wait in the journal for the log.
    public var pendingEntries: Int
    /// The replicas, ordered by path.
    public var copies: [Copy]
    /// Free bytes on the archive's disk; nil where the system does not tell.
    public var freeBytes: Int64?
    /// What is wrong with the end of the journal, a sentence; nil where it is as catalog and log know it.
    public var journalProblem: String?
    /// Days until the disk is full at the average rate since the archive was made; nil where nothing tells.
    public var daysUntilFull: Int?
}

extension RecordingArchive {
    /// How the archive stands, in the time of a few reads however much it holds.
    ///
    /// - Returns: The status.
    /// - Throws: `ArchiveError`.
    public nonisolated func status() async throws(ArchiveError) -> ArchiveStatus {
        // Read before the catalog, which is ahead of the log at every moment.
        let logged = JournalGuard.loggedEntries(layout, operations) ?? 0
        let (found, applied, replicas) = try await standing()
        var status = found
        for (number, replica) in replicas.enumerated() {
            let path = replica.path
            let position = try? Replica(path: path, operations: operations).reachedPosition(
                of: layout, id: id, besides: replicas[..<number].map(\.path), hint: replica.hint)
            let (lines, end) = (position?.lines ?? 0, applied.lines)
            let recordings = try await catalog.read {
                try CatalogQueries.rowCount($0, from: lines, before: end)
            }
            status.copies.append(
                .init(
                    path: path, linesBehind: position.map { max(0, applied.lines - $0.lines) },
                    recordingsBehind: position == nil ? nil : recordings + replica.gaps,
                    erasuresBehind: replica.erasures))
        }
        status.journalProblem = journalProblem(applied, logged: logged)
        let attributes = try? FileManager.default.attributesOfFileSystem(forPath: path)
        status.freeBytes = (attributes?[.systemFreeSize] as? NSNumber)?.int64Value
        status.daysUntilFull = try daysUntilFull(status)
        return status
    }

    /// What the catalog knows of a replica.
    private struct KnownReplica: Sendable {
        let path: String
        let hint: JournalPosition
        /// Recordings before that place that it lacks all the same.
        let gaps: Int
        /// Erased recordings that it has still.
        let erasures: Int
    }

    private typealias Standing = (
        status: ArchiveStatus, applied: JournalPosition, replicas: [KnownReplica]
    )

    /// How often is looked again where a sync begins, goes on or ends meanwhile.
    private static let looks = 5

    /// Reads all that the catalog tells at one moment, and what was being fetched at that moment.
    private nonisolated func standing() async throws(ArchiveError) -> Standing {
        var underWay = ListingUnderWay.now(layout, operations)
        var look = 1
        while true {
            let before = underWay
            let standing = try await catalog.read { try Self.standing($0, before) }
            underWay = ListingUnderWay.now(layout, operations)
            if underWay == before || look == Self.looks { return standing }
            look += 1
        }
    }

    private static func standing(
        _ database: Database, _ underWay: [ListingUnderWay]
    ) throws -> Standing {
        var status = try status(database)
        status.underWay = try underWay.reduce(0) { $0 + (try $1.count(database)) }
        if status.underWay > 0 {
            status.missing = max(0, status.missing - status.underWay)
            status.oldestMissing =
                status.missing == 0
                ? nil
                : try MissingMessage.open(database).first { listing in
                    !underWay.contains { $0.covers(listing) }
                }
        }
        let replicas = try CatalogQueries.replicas(database).map { path in
            KnownReplica(
                path: path, hint: try Progress.position(.replica(path), database),
                gaps: try ReplicaGap.all(place: path, database).count,
                erasures: try Removal.count(database, place: path))
        }
        return (status, try Progress.position(.applied, database), replicas)
    }

    /// Looks at the newest line that is known, and whether the log has more.
    private nonisolated func journalProblem(_ applied: JournalPosition, logged: Int) -> String? {
        do throws(JournalError) {
            _ = try JournalReader(of: layout, from: applied, operations: operations)
        } catch {
            return error.description
        }
        guard logged > applied.entries else { return nil }
        return ArchiveError.journalRolledBack(path: path, entries: applied.entries, known: logged).description
    }

    private static func status(_ database: Database) throws -> ArchiveStatus {
        let sums = try Row.fetchOne(
            database,
            sql: """
                SELECT ifnull(SUM(count), 0) - (
                    SELECT ifnull(SUM(count - max(count - adopted, min(count, archived))), 0) FROM (
                        SELECT listed.count, adopted, \(CatalogQueries.archivedCount("listed.messageKey")) - adopted
                            AS archived
                        FROM (SELECT messageKey, COUNT(*) AS adopted FROM adoption GROUP BY messageKey) AS known
                        JOIN listed USING (messageKey))) AS expected
                FROM listed
                """)
        let entries = try Progress.position(.applied, database).entries
        return ArchiveStatus(
            statistics: try CatalogQueries.statistics(database),
            expected: try sums?.decode(forColumn: "expected") ?? 0,
            erased: try Int.fetchOne(database, sql: "SELECT COUNT(*) FROM tombstone") ?? 0,
            hasErasedPages: try Progress.text(.erasedOnPages, database) != nil,
            replaced: try Int.fetchOne(
                database,
                sql: "SELECT COUNT(*) FROM replacement WHERE worse IN (SELECT id FROM recording)") ?? 0,
            missing: try MissingMessage.openCount(database),
            acceptedMissing: try MissingMessage.acceptedCount(database),
            oldestMissing: try MissingMessage.open(database, limit: 1).first,
            holds: try Int.fetchOne(
                database, sql: "SELECT COUNT(*) FROM hold WHERE releasedAt IS NULL") ?? 0,
            contacts: try Row.fetchAll(database, sql: "SELECT * FROM contact ORDER BY pbx").map {
                .init(
                    pbx: NULFreeText.decode(try $0.decode(forColumn: "pbx")),
                    at: try $0.decode(forColumn: "at"),
                    messages: try $0.decode(forColumn: "messages"))
            },
            verification: try Progress.text(.verification, database).flatMap(ArchiveStatus.Verification.init),
            pendingEntries: entries - (try Progress.position(.logged, database).entries), copies: [])
    }

    private nonisolated func daysUntilFull(_ status: ArchiveStatus) throws(ArchiveError) -> Int? {
        guard let free = status.freeBytes, status.statistics.storedSize > 0,
            let created = try? Date(
                try ArchiveDescription.read(layout, operations).created, strategy: .iso8601)
        else { return nil }
        // An archive of less than a day says nothing about the days to come.
        let days = context.now().timeIntervalSince(created) / 86_400
        guard days >= 1 else { return nil }
        return Int(min(1_000_000, Double(free) / (Double(status.statistics.storedSize) / days)))
    }
}

extension ArchiveStatus.Verification {
    private struct Details: Decodable {
        var at: String
        var checked: Int
        var damage: Int
        var deep: Bool
    }

    /// Reads the details of a line of the journal.
    init?(_ json: String) {
        guard let details = try? JSONDecoder().decode(Details.self, from: Data(json.utf8)) else { return nil }
        self.init(at: details.at, checked: details.checked, damage: details.damage, deep: details.deep)
    }
}
