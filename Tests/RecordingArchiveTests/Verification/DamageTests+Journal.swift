import Foundation
import RecordingArchive
import TestSupport

extension DamageTests {
    private static let file = "archive/journal/000000.jsonl"
    private static let damaged = "journal.damaged archive/journal"

    static let journals: [Case] = [
        Case("a reason", { try $0.edit(file, "letter of May", "letter of Mai") }) { _ in [damaged] },
        Case("an entry", { try $0.edit(file, #""storedSize":11"#, #""storedSize":12"#) }) { _ in [damaged] },
        Case(
            "a line that nobody made who may",
            { try $0.replace(file, Data((($0.scratch.folder.text(file) ?? "") + "{}\n").utf8)) }
        ) { _ in
            ["catalog.behind archive/catalog.sqlite", "journal.foreign archive/journal/000000.jsonl"]
        },
        Case("a line without an entry", { try $0.edit(file, #""how":"listen""#, #""how":"prove1""#) }) { _ in
            [damaged]
        },
        Case("a line is gone", { try $0.editLines("archive") { $0.remove(at: 4) } }) { _ in [damaged] },
        Case("a line is there twice", { try $0.editLines("archive") { $0.insert($0[4], at: 4) } }) { _ in
            [damaged]
        },
        Case("lines are swapped", { try $0.editLines("archive") { $0.swapAt(3, 4) } }) { _ in [damaged] },
        Case("the last line is gone", { try $0.editLines("archive") { $0.removeLast() } }) { _ in [damaged] },
        Case(
            "the last line is cut",
            { try $0.replace(file, Data(($0.scratch.folder.text(file) ?? "").dropLast(10).utf8)) }
        ) { _ in
            [damaged]
        },
        Case(
            "part of a line is left at the end",
            { try $0.replace(file, Data((($0.scratch.folder.text(file) ?? "") + #"{"details""#).utf8)) }
        ) { _ in
            ["file.unfinished archive/journal"]
        },
        Case("the journal is gone", { try $0.remove(file) }) { _ in [damaged] },
        Case("the journal is empty", { try $0.replace(file, Data()) }) { _ in [damaged] },
        Case("an older journal", { try $0.rollBack(["journal"]) }) { _ in [damaged] },
        Case(
            "a replica: a reason",
            { try $0.edit("replica/journal/000000.jsonl", "letter of May", "letter of Mai") }
        ) { _ in
            ["journal.damaged replica/journal"]
        },
        Case(
            "a replica: an entry",
            { try $0.edit("replica/journal/000000.jsonl", #""storedSize":11"#, #""storedSize":12"#) }
        ) { _ in
            ["journal.damaged replica/journal"]
        },
        Case("a replica: a line is gone", { try $0.editLines("replica") { $0.remove(at: 4) } }) { _ in
            ["journal.damaged replica/journal"]
        },
        Case("a replica: the last line is gone", { try $0.editLines("replica") { $0.removeLast() } }) { _ in
            ["replica.behind replica"]
        },
        Case("a replica: the journal is gone", { try $0.remove("replica/journal") }) { _ in
            ["journal.damaged replica/journal"]
        },
    ]

    static let others: [Case] = [
        Case("an older log", { try $0.rollBack(["log"]) }) { _ in ["log.rolled-back archive/log"] },
        Case("the id of the archive", { try $0.reverse("id", in: "archive/archive.json") }) { _ in
            ["archive.altered archive/archive.json"]
        },
        Case("the key of pseudonyms", { try $0.reverse("pseudonymKey", in: "archive/archive.json") }) { _ in
            ["archive.altered archive/archive.json"]
        },
        Case("a replica: the id", { try $0.reverse("id", in: "replica/archive.json") }) { _ in
            ["archive.altered replica/archive.json"]
        },
        Case("a replica: the description cannot be read", { try $0.flip("replica/archive.json", at: 0) }) {
            _ in
            ["archive.altered replica/archive.json"]
        },
        Case("a replica is gone", { try $0.remove("replica") }) { _ in ["replica.unreachable replica"] },
        Case(
            "a replica's disk is not mounted",
            {
                try $0.remove("replica")
                try FileManager.default.createDirectory(
                    atPath: $0.scratch.folder("replica"), withIntermediateDirectories: false)
            }
        ) { _ in
            ["replica.unreachable replica"]
        },
    ]
}
