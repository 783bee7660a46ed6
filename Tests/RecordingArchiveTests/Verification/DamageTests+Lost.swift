import Foundation
import RecordingArchive
import TestSupport

extension DamageTests {
    private static let noCatalog = "catalog.damaged archive/catalog.sqlite"
    private static let noJournal = "journal.damaged archive/journal"
    private static let file = "archive/journal/000000.jsonl"

    /// Damage to the catalog, alone and together with what it could be made anew from.
    static let catalogs: [Case] = [
        Case("the catalog is gone", { try $0.remove("archive/catalog.sqlite") }) { _ in [noCatalog] },
        Case("the catalog is empty", { try $0.replace("archive/catalog.sqlite", Data()) }) { _ in [noCatalog]
        },
        Case("a page of the catalog", { try $0.flip("archive/catalog.sqlite", at: 5 * 4096, bit: 255) }) {
            _ in
            [noCatalog]
        },
        Case("an index is gone", { try $0.sqlite("DROP INDEX recordingByCaller") }) { _ in [noCatalog] },
        Case("a table is gone", { try $0.sqlite("DROP TABLE dryRun") }) { _ in [noCatalog] },
        Case(
            "an index lacks a row",
            {
                try $0.sqlite(
                    """
                    PRAGMA writable_schema = ON;
                    CREATE TABLE t AS SELECT rootpage FROM sqlite_schema WHERE name = 'recordingByCaller';
                    UPDATE sqlite_schema SET rootpage =
                        (SELECT rootpage FROM sqlite_schema WHERE name = 'tombstoneByMessageKey')
                    WHERE name = 'recordingByCaller'; DROP TABLE t
                    """)
            }
        ) { _ in [noCatalog] },
        Case("an older catalog", { try $0.rollBack(["catalog.sqlite"]) }) { _ in [noCatalog] },
        Case(
            "a catalog that lacks an erasure",
            { try $0.rollBack(["catalog.sqlite", "catalog.sqlite-wal", "catalog.sqlite-shm"]) }
        ) { _ in ["catalog.behind archive/catalog.sqlite"] },
        Case(
            "no catalog, and a file",
            {
                try $0.remove("archive/catalog.sqlite")
                try $0.flip("archive/\($0.second.path)")
                try $0.flip("replica/\($0.manifest($0.first))")
            }
        ) {
            [
                noCatalog, "file.altered archive/\($0.second.path)",
                "manifest.differs replica/\($0.manifest($0.first))",
            ]
        },
        Case(
            "no catalog, and sidecars",
            {
                try $0.remove("archive/catalog.sqlite")
                try $0.remove("archive/\($0.sidecar($0.first))")
                try $0.flip("archive/\($0.sidecar($0.quarantined))")
            }
        ) {
            [
                noCatalog, "sidecar.missing archive/\($0.sidecar($0.first))",
                "sidecar.altered archive/\($0.sidecar($0.quarantined))",
            ]
        },
        Case(
            "no catalog, and a sidecar that no copy has",
            {
                try $0.remove("archive/catalog.sqlite")
                try $0.remove("archive/\($0.sidecar($0.third))")
                try $0.remove("replica/\($0.sidecar($0.third))")
            }
        ) { _ in
            // Its files are not called strangers.
            [noCatalog, "sidecar.missing recording 3"]
        },
        Case(
            "no catalog, and the log",
            {
                try $0.remove("archive/catalog.sqlite")
                try $0.remove("archive/log/checkpoint")
            }
        ) { _ in [noCatalog, "log.signature archive/log/checkpoint"] },
        Case(
            "no catalog, and the description",
            {
                try $0.remove("archive/catalog.sqlite")
                try $0.remove("archive/archive.json")
            }
        ) { _ in [noCatalog, "archive.altered archive/archive.json"] },
        Case(
            "neither catalog nor journal",
            {
                try $0.remove("archive/catalog.sqlite")
                try $0.remove("archive/journal")
            }
        ) { _ in [noCatalog, noJournal] },
        Case(
            "no catalog, and a line of the journal",
            {
                try $0.remove("archive/catalog.sqlite")
                try $0.edit(file, "letter of May", "letter of Mai")
                try $0.flip("replica/\($0.second.path)")
            }
        ) { [noCatalog, noJournal, "file.altered replica/\($0.second.path)"] },
        Case(
            "catalog, journal and replica are gone, and a file",
            {
                try $0.remove("archive/catalog.sqlite")
                try $0.remove("archive/journal")
                try $0.remove("replica")
                try $0.flip("archive/\($0.third.path)")
            }
        ) { [noCatalog, noJournal, "file.altered archive/\($0.third.path)"] },
        Case(
            "catalog, journal, log and replica are gone",
            {
                for name in ["archive/catalog.sqlite", "archive/journal", "archive/log", "replica"] {
                    try $0.remove(name)
                }
            }
        ) { _ in [noCatalog, noJournal, "log.signature archive/log/checkpoint"] },
    ]
}
