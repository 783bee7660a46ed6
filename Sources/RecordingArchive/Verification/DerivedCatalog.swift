internal import AuditTrail
internal import Digests
internal import DurableFiles
internal import GRDB
internal import TransparencyLog

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// A catalog made of what is left of an archive and its copies, to hold the files against; it is never put in the place
/// of a lost one.
struct DerivedCatalog {
    let catalog: Catalog

    /// The place whose journal it was made of.
    let journal: ArchiveLayout

    /// How many entries of the log it has taken in.
    let entries: UInt64

    /// Makes a catalog of the archive's journal, or where that is damaged of the copy's that comes furthest.
    ///
    /// What no journal tells of, the log does: which recordings there are, and what their sidecars must say.
    init(
        _ layout: ArchiveLayout, copies: [ArchiveLayout], _ description: ArchiveDescription?,
        _ operations: any FileOperations
    ) throws(ArchiveError) {
        let journal = Self.bestJournal([layout] + copies, operations)
        var maker = CatalogMaker(
            journal: journal, places: [layout] + copies, pseudonymKey: description?.pseudonymKey,
            operations: operations, isLenient: true)
        let log = Self.log([layout] + copies, operations)
        var entries: UInt64 = 0
        catalog = try Catalog.makeTemporary(for: layout) { database in
            try maker.fill(database) { database, maker in
                entries = UInt64(maker.position.entries)
                guard let log, log.size > entries else { return }
                try Self.add(log, maker, description, database)
                entries = log.size
            }
        }
        self.journal = journal
        self.entries = entries
    }

    private static func bestJournal(
        _ places: [ArchiveLayout], _ operations: any FileOperations
    ) -> ArchiveLayout {
        var best = (place: places[0], lines: -1)
        for place in places {
            let (position, isWhole) = length(of: place, operations)
            let logged = JournalGuard.loggedEntries(place, operations) ?? 0
            if place == places[0], isWhole, position.lines > 0, position.entries >= logged { return place }
            if position.lines > best.lines { best = (place, position.lines) }
        }
        return best.place
    }

    /// How far a journal can be read, and whether to its end.
    static func length(
        of place: ArchiveLayout, _ operations: any FileOperations
    ) -> (position: JournalPosition, isWhole: Bool) {
        guard var reader = try? JournalReader(of: place, operations: operations) else {
            return (.start, false)
        }
        do throws(JournalError) {
            while try reader.next() != nil {}
            return (reader.position, true)
        } catch {
            return (reader.position, false)
        }
    }

    /// The largest log of these that a key of the archive has signed.
    private static func log(_ places: [ArchiveLayout], _ operations: any FileOperations) -> LogReader? {
        var best: LogReader?
        let lists = places.map { (try? VerifierKeyList.read($0.verifierKeys, operations)) ?? [] }
        guard let keys = lists.first(where: { !$0.isEmpty }) else { return nil }
        for place in places {
            guard let log = try? LogReader(at: place.log, keys: keys, operations: operations),
                log.size > best?.size ?? 0
            else { continue }
            best = log
        }
        return best
    }

    /// Adds the recordings, and the erasures, of which only the log tells.
    private static func add(
        _ log: LogReader, _ maker: CatalogMaker, _ description: ArchiveDescription?, _ database: Database
    ) throws {
        var failure: (any Error)?
        var ingests: [String: (index: UInt64, content: CanonicalJSON)] = [:]
        let (lines, known) = (UInt64(maker.position.lines), UInt64(maker.position.entries))
        try database.inTransaction {
            _ = log.verify(from: known) { index, entry in
                guard index >= known, let content = CanonicalJSON(canonical: entry.bytes),
                    let record = content["record"]?.stringValue
                else { return true }
                do {
                    switch content["type"]?.stringValue {
                    case "ingest":
                        ingests[record] = (index, content)
                        guard let expected = RecordingCheck.Expected(content) else { break }
                        let (sidecar, _) = try maker.sidecar(
                            of: record, expected.commitment.hexadecimal, database)
                        guard let sidecar else { break }
                        try add(
                            sidecar, expected, line: lines + index - known, index: index, description,
                            database)
                    case "erase":
                        try erase(record, content, index: index, ingests[record]?.index, database)
                    default: break
                    }
                    return true
                } catch {
                    failure = error
                    return false
                }
            } report: { _ in
                // What is damaged, the verification of the log tells.
            }
            if let failure { throw failure }
            return .commit
        }
    }

    private static func add(
        _ sidecar: Sidecar, _ expected: RecordingCheck.Expected, line: UInt64, index: UInt64,
        _ description: ArchiveDescription?, _ database: Database
    ) throws {
        let facts = sidecar.facts
        let policy = RetentionPolicy(expected.retention) ?? .forever
        let key = description.map {
            ArchiveDescription.messageKey(of: facts.identity, key: $0.pseudonymKey)
        }
        let recording = Recording(
            id: sidecar.id, sequence: Int64(line), ordinal: sidecar.ordinal, state: sidecar.state,
            path: sidecar.path, messageKey: key ?? String(repeating: "0", count: 32),
            ingestEntry: Int64(index), retention: Retention(policy: policy, created: facts.retentionStart),
            facts: facts)
        try CatalogQueries.insert(database, recording, salt: sidecar.salt.hexadecimal)
    }

    private static func erase(
        _ record: String, _ content: CanonicalJSON, index: UInt64, _ ingest: UInt64?, _ database: Database
    ) throws {
        let row = try CatalogQueries.recording(database, id: record)
        func text(_ name: String) -> String { content[name]?.stringValue ?? "" }
        try database.execute(
            sql: """
                INSERT INTO tombstone
                    (id, erasedAt, kind, ground, actor, messageKey, state, ingestEntry, eraseEntry, stored, original)
                VALUES (?, ?, ?, '', '', ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                record, text("at"), text("kind") == "expired" ? "expired" : "request",
                row?.messageKey ?? "", (row?.state ?? .archived).rawValue,
                row?.ingestEntry ?? ingest.map { Int64($0) } ?? -1, Int64(index), text("stored"),
                text("original"),
            ])
        try database.execute(sql: "UPDATE recording SET holds = 0 WHERE id = ?", arguments: [record])
        try database.execute(sql: "DELETE FROM recording WHERE id = ?", arguments: [record])
    }
}
