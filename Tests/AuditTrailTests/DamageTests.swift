import AuditTrail
import Foundation
import TestSupport
import Testing
import TransparencyLog

struct DamageTests {
    /// Six lines in two segments, the last of which commits to the reads.
    private func makeJournal() throws -> ScratchFolder {
        let folder = try ScratchFolder(inMemory: true)
        var journal = try folder.journal()
        try journal.add(ingest(0), read(1), ingest(2), read(3))
        try journal.addAccess()
        return folder
    }

    @Test(arguments: [0x01, 0x0A, 0x80] as [UInt8])
    func `is found in every byte, by reading or by the transparency log`(mask: UInt8) throws {
        let folder = try makeJournal()
        let entries = try folder.lines().lines.compactMap(\.logEntry)
        for name in ["journal/000000.jsonl", "journal/000001.jsonl"] {
            let bytes = Array(try #require(folder.text(name)).utf8)
            for index in bytes.indices {
                for value in [bytes[index] ^ mask, mask] where value != bytes[index] {
                    var altered = bytes
                    altered[index] = value
                    try folder.write(altered, to: name)
                    let found = try? folder.lines()
                    let isFound =
                        found == nil || found?.tornBytes != 0
                        || found?.lines.compactMap(\.logEntry) != entries
                    #expect(isFound, "\(name), byte \(index): \(value)")
                }
            }
            try folder.write(bytes, to: name)
        }
        #expect(try folder.lines().lines.count == 6)
    }

    private func damage(_ folder: ScratchFolder) throws -> (line: Int, damage: JournalDamage, path: String)? {
        var reader = try folder.reader()
        do throws(JournalError) {
            while try reader.next() != nil {}
        } catch .damaged(let path, let line, let damage) {
            // A reader does not go on behind damage.
            #expect(throws: JournalError.damaged(path: path, line: line, damage)) { try reader.next() }
            return (line, damage, path)
        }
        return nil
    }

    private func alter(_ folder: ScratchFolder, _ name: String, _ change: (inout [String]) -> Void) throws {
        var lines = try #require(folder.text(name)).split(separator: "\n").map { String($0) + "\n" }
        change(&lines)
        try folder.write(lines.joined().utf8, to: name)
    }

    @Test func `names the line and the segment`() throws {
        let first = "journal/000000.jsonl"
        let cases: [(JournalDamage, Int, (inout [String]) -> Void)] = [
            (.misplaced, 1, { $0.swapAt(1, 2) }), (.misplaced, 1, { $0.remove(at: 1) }),
            (.missing, 2, { $0.removeLast() }), (.unbound, 0, { $0.removeFirst() }),
            (.notCanonical, 1, { $0[1] = " " + $0[1] }), (.notCanonical, 1, { $0.insert("\n", at: 1) }),
            (.incomplete, 1, { $0[1] = "{}\n" }),
            (.forged, 0, { $0[0] = $0[0].replacing("alice", with: "malle") }),
            (.forged, 1, { $0[1] = $0[1].replacing("alice", with: "malle") }),
            (.forged, 2, { $0[2] = $0[2].replacing("\"restore\"", with: "\"listen\"") }),
            (.misplaced, 2, { $0[2] = $0[1] }),
        ]
        for (expected, line, change) in cases {
            let folder = try makeJournal()
            #expect(try damage(folder) == nil)
            try alter(folder, first, change)
            let found = try damage(folder)
            #expect(
                found?.damage == expected && found?.line == line, "\(expected): \(String(describing: found))")
            #expect(found?.path == folder(first))
        }
    }

    @Test func `is found in lines that are not signed by the next one that is`() throws {
        for change: (inout [String]) -> Void in [
            { $0[1] = $0[1].replacing("bob", with: "eve") }, { $0[1] = "nothing\n" }, { $0[2] = "nothing\n" },
            { $0.swapAt(1, 2) },
        ] {
            let folder = try ScratchFolder(inMemory: true)
            var journal = try folder.journal(segmentLength: 9)
            try journal.addUnsigned(read(1), read(2))
            try journal.add(ingest(3))
            try alter(folder, "journal/000000.jsonl", change)
            #expect(throws: JournalError.self) { try folder.lines(segmentLength: 9) }
        }
    }

    @Test func `is a segment that is gone`() throws {
        let folder = try makeJournal()
        try FileManager.default.removeItem(atPath: folder("journal/000000.jsonl"))
        let found = try damage(folder)
        #expect(found?.damage == .missing && found?.line == 0)
    }

    @Test func `is a torn line that others follow`() throws {
        let folder = try makeJournal()
        let text = try #require(folder.text("journal/000000.jsonl"))
        try folder.write(text.dropLast(1).utf8, to: "journal/000000.jsonl")
        #expect(try damage(folder)?.damage == .missing)
    }

    @Test func `is a line without end, which is not taken into memory`() throws {
        let folder = try ScratchFolder()
        try folder.write([], to: "journal/000000.jsonl")
        #expect(truncate(folder("journal/000000.jsonl"), 1 << 40) == 0)
        let found = try damage(folder)
        #expect(found?.damage == .tooLong && found?.line == 0)
    }

    @Test func `keeps others from being added`() throws {
        let folder = try makeJournal()
        try alter(folder, "journal/000000.jsonl") { $0[1] = $0[1].replacing("alice", with: "malle") }
        var journal = try folder.journal()
        let expected = JournalError.damaged(path: folder("journal/000000.jsonl"), line: 1, .forged)
        for _ in 0..<2 {
            #expect(throws: expected) { try journal.add(ingest(9)) }
            #expect(throws: expected) { try journal.rest() }
        }
        #expect(folder.journalBytes.count { $0 == UInt8(ascii: "\n") } == 6)
    }
}
