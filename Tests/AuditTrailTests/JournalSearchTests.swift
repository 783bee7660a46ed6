import AuditTrail
import Foundation
import TestSupport
import Testing
import TransparencyLog

struct JournalSearchTests {
    private static let id = "0123456789abcdef0a9bf0e1d2c3b4a5"
    private static let other = "f0000000000000000000000000000000"

    private func event(_ values: String...) -> JournalEvent {
        JournalEvent("read", details: ["ids": .array(values.map { .string($0) })])
    }

    private func found(_ folder: ScratchFolder, _ ids: String..., from line: Int = 0) throws -> [Int] {
        var search = try JournalSearch(
            at: folder.journalPath, from: line, naming: ids, signedBy: [Keys.owner.verifierKey],
            segmentLength: 3)
        var numbers: [Int] = []
        while let line = try search.next() { numbers.append(line.number) }
        return numbers
    }

    @Test func `finds the lines that name an id, wherever they stand and whatever else they name`() throws {
        let folder = try ScratchFolder()
        var journal = try folder.journal()
        try journal.add(
            event(Self.id), event("nobody"), event("nobody", Self.id), event(Self.other),
            event(Self.other, Self.id), event())
        #expect(try found(folder, Self.id) == [1, 3, 5])
        #expect(try found(folder, Self.other) == [4, 5])
        #expect(try found(folder, Self.id, Self.other) == [1, 3, 4, 5])
        #expect(try found(folder, Self.id, from: 2) == [3, 5])
        #expect(try found(folder, Self.id, from: 7) == [])
        #expect(try found(folder) == [])
    }

    @Test func `takes no other text for an id`() throws {
        let folder = try ScratchFolder()
        var journal = try folder.journal()
        let last = String(Self.id.dropLast()) + "6"
        let first = "1" + Self.id.dropFirst()
        try journal.add(
            event(last), event(first), event(Self.id.uppercased()), event("x" + Self.id),
            event(Self.id + "x"),
            event(String(Self.id.dropLast())), event(String(Self.id.dropLast()) + "g"))
        #expect(try found(folder, Self.id) == [])
        #expect(try found(folder, first) == [2])
        for text in [Self.id.uppercased(), "x" + Self.id, String(Self.id.dropLast()) + "g", ""] {
            #expect(try found(folder, text) == [])
        }
    }

    // A digit that is read as another, or that alters the one before it, would make one id of two.
    @Test(arguments: [0, 1, 30, 31])
    func `tells every digit from every other`(place: Int) throws {
        let folder = try ScratchFolder(inMemory: true)
        var journal = try folder.journal()
        let ids = "0123456789abcdef".map { "\(Self.id.prefix(place))\($0)\(Self.id.dropFirst(place + 1))" }
        for id in ids { try journal.add(event(id)) }
        for (number, id) in ids.enumerated() { #expect(try found(folder, id) == [number + 1]) }
    }

    @Test func `looks for an id that is added from there on`() throws {
        let folder = try ScratchFolder()
        var journal = try folder.journal()
        try journal.add(event(Self.other), event(Self.id), event(Self.other))
        var search = try JournalSearch(
            at: folder.journalPath, naming: [Self.id], signedBy: [Keys.owner.verifierKey], segmentLength: 3)
        #expect(try search.next()?.number == 2)
        search.add(Self.other)
        #expect(try search.next()?.number == 3)
        #expect(try search.next() == nil)
    }

    @Test func `passes over what nobody made who may`() throws {
        let folder = try ScratchFolder()
        var journal = try folder.journal(segmentLength: 10)
        try journal.add(event(Self.id), event(Self.id))
        try journal.addUnsigned(event(Self.id))
        let lines = try #require(folder.text("journal/000000.jsonl")).split(separator: "\n").map(String.init)
        let forged = [
            lines[1], lines[2].replacing("alice", with: "malle"),
            lines[3].replacing("\"read\"", with: "\"hold\""),
            lines[3].replacing("\"n\":3", with: "\"n\":7"), "\"\(Self.id)\"",
        ]
        try folder.write((lines + forged).map { $0 + "\n" }.joined().utf8, to: "journal/000000.jsonl")
        var search = try JournalSearch(
            at: folder.journalPath, naming: [Self.id], signedBy: [Keys.owner.verifierKey], segmentLength: 10)
        var numbers: [Int] = []
        while let line = try search.next() { numbers.append(line.number) }
        #expect(numbers == [1, 2, 3, 7])
    }
}
