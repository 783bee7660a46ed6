internal import AuditTrail
internal import Digests
internal import GRDB

/// Holds what the catalog has beside the rows of recordings against the journal.
struct CatalogCheck {
    let layout: ArchiveLayout
    let catalog: Catalog
    /// What the journal says.
    let state: JournalState?
    /// How far the catalog had come when the journal was read.
    let applied: JournalPosition
    /// The key that message keys are made with; nil where it is not known.
    let key: Digest?

    func run(_ report: (ArchiveFinding) -> Void) throws(ArchiveError) {
        let isTallied = try catalog.readNow { try Self.isTallied($0) }
        if !isTallied { report(altered("the sums over its recordings")) }
        if try catalog.readNow({ try Progress.text(.erasedOnPages, $0) }) != nil {
            report(
                ArchiveFinding(
                    .erasureUnfinished, item: layout.catalog,
                    "\(layout.catalog) may still have bytes of what was erased, as another process reads it or a run was "
                        + "cut short; the next run that writes removes them"))
        }
        guard let state, state.isWhole else { return }
        let (listed, missing, completeness, settings, replicas, position) = try catalog.readNow { database in
            (
                try Self.listed(database), try Self.missing(database), try Self.completeness(database),
                try Progress.settings(database), try CatalogQueries.replicas(database),
                try Progress.position(.applied, database)
            )
        }
        // Where others have gone on writing, the two are not of the same moment.
        guard position == applied else { return }
        var areListed = try state.listed() == listed
        if areListed { areListed = try areRight(missing, state) }
        if !areListed { report(altered("the messages that PBXs have listed")) }
        if try state.completeness() != completeness { report(altered("what became of listed messages")) }
        if try state.settings() != settings { report(altered("the settings")) }
        if try state.replicas() != replicas { report(altered("the list of replicas")) }
    }

    /// How many messages were listed, and how often all of them together.
    static func listed(_ database: Database) throws -> [Int] {
        let row = try Row.fetchOne(
            database, sql: "SELECT COUNT(*) AS n, ifnull(SUM(count), 0) AS c FROM listed")
        return [row?["n"] ?? 0, row?["c"] ?? 0]
    }

    private static func missing(_ database: Database) throws -> [Listing] {
        try ListingFile.names(database).values.flatMap { try ListingFile(of: $0, database).missing }
    }

    /// Whether messages that are missing are those that were listed, since when and how often, and what they are in clear.
    private func areRight(_ missing: [Listing], _ state: JournalState) throws(ArchiveError) -> Bool {
        for listing in missing {
            guard let known = try state.listed(listing.messageKey, by: listing.pbx),
                known.since == listing.firstListed, listing.count <= known.count, listing.isTrue(key)
            else { return false }
        }
        return true
    }

    /// What became of listed messages, a text each.
    static func completeness(_ database: Database) throws -> [String] {
        try String.fetchAll(
            database,
            sql: """
                SELECT 'adopt ' || line || ' ' || record || ' ' || messageKey FROM adoption
                UNION ALL SELECT 'replace ' || worse || ' ' || better || ' ' || final FROM replacement
                UNION ALL SELECT 'refetch ' || messageKey || ' ' || tries || ' ' || at FROM refetch
                UNION ALL SELECT 'accept ' || messageKey || ' ' || count || ' ' || at || ' ' || pbx || ' '
                    || actor || ' ' || reason FROM acceptance
                UNION ALL SELECT 'box ' || address || ' ' || pbx || ' ' || ifnull(serial, '') FROM box
                ORDER BY 1
                """)
    }

    private static func isTallied(_ database: Database) throws -> Bool {
        let sums = "state, verdict, count, sourceSize, storedSize, milliseconds"
        let rows = """
            SELECT state, verdict, COUNT(*), SUM(sourceSize), SUM(storedSize), SUM(ifnull(milliseconds, 0))
            FROM recording GROUP BY state, verdict
            """
        return try Int.fetchOne(
            database,
            sql: """
                SELECT EXISTS (\(rows) EXCEPT SELECT \(sums) FROM tally)
                    OR EXISTS (SELECT \(sums) FROM tally EXCEPT \(rows))
                """) == 0
    }

    private func altered(_ what: String) -> ArchiveFinding {
        ArchiveFinding(
            .rowAltered, item: layout.catalog,
            "\(what) in \(layout.catalog) are not what the journal says; run rebuild-catalog")
    }
}
