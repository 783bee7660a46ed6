import AuditTrail
import Digests
import DurableFiles
import FileFaults
import Foundation
import TestSupport
import Testing
import TransparencyLog

struct JournalTests {
    @Test func `writes a line of canonical JSON for each event, signed over all before it`() throws {
        let folder = try ScratchFolder()
        var journal = try folder.journal()
        let first = folder.journalBytes
        let lines = try journal.append(
            [ingest(7), read(8)], at: moment, actor: "alice", signer: Keys.owner, nonce: { 0xAB })
        let nonce = String(repeating: "0", count: 30) + "ab"
        let details =
            #"{"actor":"alice","at":"2026-11-25T07:10:00.123Z","event":"ingest","n":1,"nonce":"\#(nonce)","#
            + "\"path\":\"recordings/\u{E9}/7.flac\",\"record\":\"7\"}"
        let digest = try #require(lines.first?.entry?["details"]?.stringValue)
        let contents = [
            #"{"details":\#(details),"entry":{"at":"2026-11-25T07:10:00.123Z","details":"\#(digest)","#
                + #""record":"7","size":7000,"type":"ingest","v":1}}"#,
            #"{"details":{"actor":"alice","at":"2026-11-25T07:10:00.123Z","event":"read","how":"restore","#
                + #""n":2,"nonce":"\#(nonce)","record":"8"}}"#,
        ]
        var chain = [UInt8](repeating: 0, count: 32)
        var previous = first
        for (line, content) in zip(lines, contents) {
            chain = SHA256Hasher.digest(of: chain + SHA256Hasher.digest(of: previous).bytes).bytes
            let before = try #require(Digest(bytes: chain)).hexadecimal
            let key = Keys.owner.verifierKey
            let signature = try #require(
                Keys.owner.sign(LineStatement(origin: key.name, before: before, content: content.utf8)))
            let expected =
                #"{"before":"\#(before)",\#(content.dropFirst().dropLast()),"key":"\#(key.hexadecimalID)","#
                + #""sig":"\#(signature)"}"# + "\n"
            #expect(String(decoding: line.bytes, as: UTF8.self) == expected)
            previous = line.bytes
        }
        #expect(folder.journalBytes == first + lines.flatMap(\.bytes))
        #expect(try folder.lines().lines.map(\.bytes) == [first] + lines.map(\.bytes))
        #expect(lines.map(\.event) == ["ingest", "read"] && lines.map(\.actor) == ["alice", "alice"])
        #expect(lines.map(\.number) == [1, 2])
        #expect(lines[0].logEntry?.bytes == (try lines[0].entry?.encoded()) && lines[1].logEntry == nil)
        #expect(journal.position.lines == 3 && journal.position.entries == 2 && journal.position.unbound == 1)
    }

    @Test func `has nonces that no two lines share`() throws {
        let folder = try ScratchFolder()
        var journal = try folder.journal()
        try journal.add(read(1), read(1), read(1))
        try journal.add(read(1))
        #expect(Set(try folder.lines().lines.map { $0.details["nonce"] }).count == 5)
    }

    @Test func `begins a new segment when one is full`() throws {
        let folder = try ScratchFolder()
        var journal = try folder.journal()
        try journal.add(ingest(0), ingest(1))
        try journal.add(read(2), ingest(3), ingest(4), read(5), ingest(6), ingest(7))
        #expect(journal.position.lines == 9 && journal.position.entries == 7)
        #expect(
            folder.files() == [
                "journal/000000.jsonl", "journal/000001.jsonl", "journal/000002.jsonl", "journal/lock",
            ])
        try journal.add(ingest(8))
        #expect(folder.text("journal/000003.jsonl")?.hasSuffix("\n") == true)
        #expect(try folder.lines().lines.compactMap(\.record) == Array(0..<9))
    }

    @Test func `has the 10,000 lines in a segment that the archive's format says`() throws {
        let folder = try ScratchFolder(inMemory: true)
        var journal = try folder.journal(segmentLength: Journal.segmentLength)
        _ = try journal.append((0..<10_000).map(read), at: moment, actor: "alice", signer: Keys.owner)
        let segments = ["journal/000000.jsonl", "journal/000001.jsonl"]
        #expect(
            segments.map { name in folder.bytes(name).count { $0 == UInt8(ascii: "\n") } } == [10_000, 1])
    }

    @Test func `is read on from every place in it`() throws {
        let folder = try ScratchFolder()
        var journal = try folder.journal()
        var positions = [journal.position]
        for number in 0..<10 {
            if number == 4 {
                try journal.addAccess()
            } else {
                try journal.add(number % 2 == 0 ? ingest(number) : read(number))
            }
            positions.append(journal.position)
        }
        let all = try folder.lines().lines
        for position in positions {
            let kept = try JSONDecoder().decode(JournalPosition.self, from: JSONEncoder().encode(position))
            var reader = try folder.reader(from: kept)
            var opened = try folder.journal(from: kept)
            for line in all[kept.lines...] {
                #expect(try reader.next() == line)
                #expect(try opened.next() == line)
            }
            #expect(try reader.next() == nil)
            #expect(try opened.next() == nil)
            #expect(reader.position == journal.position && opened.position == journal.position)
        }
    }

    @Test func `follows what is added while it is read`() throws {
        let folder = try ScratchFolder()
        var reader = try folder.reader()
        #expect(try reader.next() == nil)
        var journal = try folder.journal()
        #expect(try reader.next()?.event == "key")
        for number in 0..<7 {
            try journal.add(ingest(number))
            #expect(try reader.next()?.record == number)
            #expect(try reader.next() == nil)
        }
    }

    @Test func `tells each of two writers what the other has added`() throws {
        let folder = try ScratchFolder()
        var one = try folder.journal()
        var other = try folder.journal()
        for number in stride(from: 0, to: 12, by: 3) {
            #expect(
                try one.add(ingest(number)).compactMap(\.record)
                    == (number == 0 ? [0] : [number - 2, number - 1, number]))
            #expect(
                try other.add(read(number + 1), ingest(number + 2)).compactMap(\.record) == [
                    number, number + 1, number + 2,
                ])
        }
        try one.refresh()
        #expect(try one.rest().map(\.record) == [10, 11])
        #expect(try one.rest().isEmpty && other.rest().isEmpty)
        #expect(one.position == other.position)
        #expect(try folder.lines().lines.compactMap(\.record) == Array(0..<12))
    }

    @Test func `tells of the others' lines even after events that could not be written`() throws {
        let folder = try ScratchFolder()
        var one = try folder.journal()
        var other = try folder.journal()
        try other.add(ingest(0))
        var twice = ingest(1)
        twice.details.append(.init("actor", "bob"))
        #expect(throws: JournalError.unwritable(event: "ingest", .duplicateName("actor"))) {
            try one.add(twice)
        }
        var large = ingest(1)
        large.entry?.append(.init("text", .string(String(repeating: "x", count: 65_536))))
        #expect(throws: JournalError.tooLarge(event: "ingest", limit: 65_535)) {
            try one.add(large)
        }
        var huge = read(1)
        huge.details.append(.init("text", .string(String(repeating: "x", count: 64 << 20))))
        #expect(throws: JournalError.tooLarge(event: "read", limit: 64 << 20)) {
            try one.add(huge)
        }
        #expect(throws: JournalError.tooLarge(event: "read", limit: 64 << 10)) { try one.addUnsigned(huge) }
        #expect(try one.add(ingest(1)).map(\.record) == [0, 1])
        #expect(try folder.lines().lines.compactMap(\.record) == [0, 1])
    }

    @Test func `cuts off a torn line, which readers pass over`() throws {
        let folder = try ScratchFolder()
        var journal = try folder.journal()
        try journal.add(ingest(0))
        let whole = folder.journalBytes
        let torn = Array(whole.prefix(100))
        try folder.write(whole + torn, to: "journal/000000.jsonl")
        var reader = try folder.reader()
        #expect(try reader.next() != nil && reader.next() != nil && reader.next() == nil)
        #expect(reader.tornBytes == torn.count)
        // A value that was open all the while, and one that opens now.
        try journal.add(ingest(1))
        #expect(try reader.next()?.record == 1)
        #expect(try reader.next() == nil && reader.tornBytes == 0)
        try folder.write(torn, to: "journal/000001.jsonl")
        _ = try folder.journal()
        #expect(folder.text("journal/000001.jsonl") == "")
        try journal.add(ingest(2))
        #expect(try folder.lines().lines.map(\.record) == [nil, 0, 1, 2])
    }

    @Test func `mixes no torn line with the one that takes its place`() throws {
        let folder = try ScratchFolder()
        var journal = try folder.journal()
        try journal.add(ingest(0))
        try folder.write(folder.journalBytes + folder.journalBytes.prefix(50), to: "journal/000000.jsonl")
        var reader = try folder.reader()
        #expect(try reader.next()?.event == "key")
        // The reader has the torn bytes in memory, perhaps, when they are cut off.
        try journal.add(ingest(1))
        #expect(try reader.next()?.record == 0 && reader.next()?.record == 1 && reader.next() == nil)
    }

    @Test func `has lines that take many pieces to read`() throws {
        let folder = try ScratchFolder(inMemory: true)
        var journal = try folder.journal()
        for size in [(1 << 18) - 300, 1 << 18, (1 << 18) + 1, 1 << 20] {
            var event = read(size)
            event.details.append(.init("text", .string(String(repeating: "x", count: size))))
            try journal.add(event)
        }
        var reader = try folder.reader()
        var sizes: [Int] = []
        while let line = try reader.next() {
            if let record = line.record { sizes.append(line.bytes.count - record) }
        }
        #expect(sizes.count == 4 && sizes.allSatisfy { (1..<1000).contains($0) })
    }

    @Test func `copies lines byte for byte, in order only`() throws {
        let folder = try ScratchFolder()
        var journal = try folder.journal()
        try journal.add(ingest(0), read(1), ingest(2), ingest(3))
        try journal.addAccess()
        let lines = try folder.lines().lines
        var copy = try Journal(at: folder("copy"), trusting: Keys.trusted, segmentLength: 3)
        try copy.append(copying: Array(lines.prefix(1)))
        #expect(throws: JournalError.outOfOrder(path: folder("copy"), line: 2, next: 1)) {
            try copy.append(copying: Array(lines.dropFirst(2)))
        }
        try copy.append(copying: Array(lines.dropFirst()))
        for name in ["000000.jsonl", "000001.jsonl"] {
            #expect(folder.text("copy/\(name)") == folder.text("journal/\(name)"))
        }
        #expect(copy.position == journal.position)
    }

    @Test func `refuses a journal that is not the one that was known`() throws {
        let folder = try ScratchFolder()
        var journal = try folder.journal()
        try journal.add(ingest(0), ingest(1))
        let earlier = folder.journalBytes
        try journal.add(ingest(2), ingest(3))
        let known = journal.position
        let changed = JournalError.changed(path: folder.journalPath, known: 5)
        #expect(throws: Never.self) { try folder.journal(from: known) }
        // An older copy, then one that went on otherwise.
        try FileManager.default.removeItem(atPath: folder("journal/000001.jsonl"))
        #expect(throws: changed) { try folder.journal(from: known) }
        #expect(throws: changed) { try folder.reader(from: known) }
        try folder.write(earlier, to: "journal/000000.jsonl")
        #expect(throws: changed) { try folder.journal(from: known) }
        var fork = try folder.journal()
        #expect(try fork.rest().count == 3)
        try fork.add(ingest(2), ingest(3))
        #expect(throws: changed) { try folder.journal(from: known) }
        #expect(throws: JournalError.changed(path: folder.journalPath, known: 3)) {
            try FileManager.default.removeItem(atPath: folder("journal"))
            _ = try folder.journal(
                from: JSONDecoder().decode(
                    JournalPosition.self,
                    from: Data(#"{"lines":3,"entries":3,"boundLines":0,"unbound":0}"#.utf8)))
        }
    }
}
