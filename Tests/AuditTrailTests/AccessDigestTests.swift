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
        #expect(line.details["from"] == 4 && line.details["to"] == 6 && line.entry?["count"] == 1)
        #expect(try folder.lines().lines.count == 7)
    }

    @Test func `is the same whether the lines were read from the beginning or not`() throws {
        let folder = try ScratchFolder()
        var journal = try folder.journal()
        try journal.add(read(0), ingest(1))
        try journal.addAccess()
        try journal.add(read(3), ingest(4), read(5), ingest(6))
        let position = journal.position
        let whole = folder.journalBytes
        let expected = try #require(try journal.addAccess().last?.entry?["digest"])
        try folder.write(whole.suffix(whole.count - segments(whole, 2)), to: "journal/000002.jsonl")
        var opened = try folder.journal(from: position)
        let line = try #require(try opened.addAccess().last)
        #expect(line.entry?["digest"] == expected && line.entry?["count"] == 2)
    }

    /// How many bytes so many segments of three lines have.
    private func segments(_ bytes: [UInt8], _ count: Int) -> Int {
        bytes.indices.filter { bytes[$0] == UInt8(ascii: "\n") }[3 * count - 1] + 1
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
