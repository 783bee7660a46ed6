import Foundation
import RecordingArchive
import TestSupport

extension DamageTests {
    private static func alteration(_ name: String, _ change: String, of record: Int = 2) -> Case {
        Case(
            name,
            { fixture in
                let id = [fixture.first, fixture.second, fixture.third][record - 1].id
                try fixture.sqlite("UPDATE recording SET \(change) WHERE id = '\(id)'")
            }
        ) { _ in
            ["catalog.row-altered recording \(record)"]
        }
    }

    private static func addition(_ name: String, id: String, path: String, finds: String) -> Case {
        Case(
            name,
            { fixture in
                func value(_ text: String) -> String {
                    text.replacing("ERASED", with: fixture.erased.id).replacing(
                        "PATH", with: fixture.erased.path)
                }
                try fixture.sqlite(
                    """
                    CREATE TEMP TABLE t AS SELECT * FROM recording WHERE id = '\(fixture.second.id)';
                    UPDATE t SET position = position + 1, sequence = 900, id = '\(value(id))', path = \(value(path)),
                        ordinal = 2;
                    INSERT INTO recording SELECT * FROM t
                    """)
            }
        ) { _ in
            [finds]
        }
    }

    static let rows: [Case] = [
        alteration("a caller", "caller = '3'"),
        alteration("a date", "date = '2021-01-02T12:00:00Z'"),
        alteration("a salt", "salt = '\(String(repeating: "0", count: 64))'"),
        alteration("a salt that is none", "salt = 'salt'"),
        alteration("the number of holds", "holds = 0", of: 1),
        alteration("the number of holds where there are none", "holds = 1"),
        alteration("a policy", "retentionPolicy = '1y', retainUntil = 1609588800", of: 1),
        alteration("the end of a retention", "retainUntil = 1609588800", of: 1),
        alteration("an end where there is none", "retainUntil = 1609588800"),
        alteration("a digest", "storedSHA256 = sourceSHA256"),
        alteration("a path", "path = replace(path, '.flac', '-.flac')"),
        alteration("a path that leads away", "path = '../../etc/passwd'"),
        alteration("a message key", "messageKey = '\(String(repeating: "0", count: 32))'"),
        alteration("an entry", "ingestEntry = 77"),
        alteration("a line", "sequence = 77"),
        Case("a row is gone", { try $0.sqlite("DELETE FROM recording WHERE id = '\($0.second.id)'") }) { _ in
            ["catalog.row-missing recording 2"]
        },
        Case("all rows are gone", { try $0.sqlite("UPDATE recording SET holds = 0; DELETE FROM recording") })
        { _ in
            (1...4).map { "catalog.row-missing recording \($0)" }
        },
        Case(
            "a row is taken for erased",
            { fixture in
                try fixture.sqlite(
                    """
                    INSERT INTO tombstone SELECT '\(fixture.second.id)', erasedAt, kind, ground, actor, messageKey,
                        state, \(fixture.second.ingestEntry), eraseEntry, stored, original FROM tombstone;
                    DELETE FROM recording WHERE id = '\(fixture.second.id)'
                    """)
            }
        ) { _ in
            ["catalog.row-missing recording 2"]
        },
        Case("a tombstone is gone", { try $0.sqlite("DELETE FROM tombstone") }) { _ in
            ["catalog.row-missing recording 5"]
        },
        Case("a tombstone", { try $0.sqlite("UPDATE tombstone SET eraseEntry = 0") }) { _ in
            ["catalog.row-altered recording 5"]
        },
        Case("a hold is released", { try $0.sqlite("UPDATE hold SET releasedAt = placedAt") }) { _ in
            ["catalog.row-altered recording 1"]
        },
        Case("a hold is gone", { try $0.sqlite("DELETE FROM holdMember") }) { _ in
            ["catalog.row-altered recording 1"]
        },
        Case("the case of a hold", { try $0.sqlite("UPDATE hold SET caseID = 'B'") }) { _ in
            ["catalog.row-altered recording 1"]
        },
        addition(
            "a row too many", id: String(repeating: "a", count: 32),
            path: "replace(path, '.flac', '-2.flac')",
            finds: "catalog.row-stray \(String(repeating: "a", count: 32))"),
        addition(
            "the row of an erased recording is back", id: "ERASED", path: "'PATH'",
            finds: "catalog.row-altered recording 5"),
    ]
}
