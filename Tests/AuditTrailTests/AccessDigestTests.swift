import AuditTrail
import TestSupport
import Testing
import TransparencyLog

struct AccessDigestTests {
    @Test func `is written only where there are lines without an entry`() throws {
        let folder = try ScratchFolder()
        var journal = try folder.journal()
        #expect(try journal.addAccess().isEmpty)
        try journal.add(ingest(0), read(1))
        #expect(try journal.addAccess().map(\.event) == ["access"])
        #expect(try journal.addAccess().isEmpty)
        try journal.add(ingest(3))
        #expect(try journal.addAccess().isEmpty)
        try journal.add(read(4))
        let line = try #require(try journal.addAccess().last)
        #expect(line.details["from"] == 3 && line.details["to"] == 5 && line.entry?["count"] == 1)
        #expect(try folder.lines().lines.count == 6)
    }

    @Test func `is the same whether the lines were read from the beginning or not`() throws {
        let folder = try ScratchFolder()
        var journal = try folder.journal()
        try journal.add(read(0), ingest(1))
        try journal.addAccess()
        try journal.add(read(3), ingest(4), read(5), ingest(6))
        let position = journal.position
        try journal.addAccess()
        let expected = try #require(try folder.lines().lines.last?.entry?["digest"])

        let other = try ScratchFolder()
        for (index, lines) in [0..<3, 3..<6, 6..<7].enumerated() {
            let bytes = try folder.lines().lines[lines].flatMap(\.bytes)
            try other.write(bytes, to: "journal/00000\(index).jsonl")
        }
        var opened = try other.journal(from: position)
        let line = try #require(try opened.addAccess().last)
        #expect(line.entry?["digest"] == expected && line.entry?["count"] == 2)
        try opened.add(read(8))
        try opened.addAccess()
        #expect(try other.lines().lines.count == 10)
    }

    @Test func `takes in the lines of others`() throws {
        let folder = try ScratchFolder()
        var one = try folder.journal()
        var other = try folder.journal()
        try one.add(read(0))
        try other.add(read(1))
        #expect(try one.addAccess().map(\.event) == ["read", "access"])
        #expect(try folder.lines().lines.last?.entry?["count"] == 2)
        #expect(try other.addAccess().map(\.event) == ["access"])
    }
}
