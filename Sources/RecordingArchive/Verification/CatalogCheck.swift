internal import AuditTrail
internal import GRDB

/// Holds what the catalog has beside the rows of recordings against the journal, and SQLite's structures against
/// themselves.
struct CatalogCheck {
    let layout: ArchiveLayout
    let catalog: Catalog
    /// What the journal says; nil where it is damaged.
    let state: JournalState?

    func run(_ report: (ArchiveFinding) -> Void) throws(ArchiveError) {
        let problem = try catalog.readNow { database in
            try String.fetchAll(database, sql: "PRAGMA quick_check (1)").first { $0 != "ok" }
        }
        if let problem {
            report(
                ArchiveFinding(
                    .catalogDamaged, item: layout.catalog,
                    "\(layout.catalog) is damaged (\(problem)); run rebuild-catalog"))
        }
        if try !catalog.readNow(Self.isTallied) { report(altered("the sums over its recordings")) }
        guard let state else { return }
        let (listed, replicas, lines) = try catalog.readNow { database in
            (
                try Row.fetchOne(database, sql: "SELECT COUNT(*) AS n, ifnull(SUM(count), 0) AS c FROM listed"),
                try CatalogQueries.replicas(database), try Progress.position(.applied, database).lines
            )
        }
        // Others have gone on writing, so the two are not of the same moment.
        guard lines == state.lines else { return }
        let expected = try state.listed()
        if listed?["n"] != expected.messages || listed?["c"] != expected.count {
            report(altered("the messages that PBXs have listed"))
        }
        if try state.replicas() != replicas { report(altered("the list of replicas")) }
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
