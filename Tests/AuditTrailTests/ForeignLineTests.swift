import AuditTrail
import DurableFiles
import Foundation
import TestSupport
import Testing
import TransparencyLog

/// What somebody without the key writes into a journal.
struct ForeignLineTests {
    private static let file = "journal/000000.jsonl"

    /// A journal of the owner's in one long segment: its key, an ingest, and a read of a process without the key.
    private func makeJournal() throws -> ScratchFolder {
        let folder = try ScratchFolder(inMemory: true)
        var journal = try folder.journal(segmentLength: 100)
        try journal.add(ingest(0))
        try journal.addUnsigned(read(1))
        return folder
    }

    private func append(_ bytes: some Collection<UInt8>, to folder: ScratchFolder) throws {
        try folder.write(folder.bytes(Self.file) + Array(bytes), to: Self.file)
    }

    private func lines(_ folder: ScratchFolder, _ trust: JournalTrust = Keys.trusted) throws -> [JournalLine]
    {
        try folder.lines(trusting: trust, segmentLength: 100).lines
    }

    /// The lines that somebody else would add in a journal that is his own, as bytes.
    private func forged(_ folder: ScratchFolder, _ events: JournalEvent...) throws -> [UInt8] {
        let own = try ScratchFolder(inMemory: true)
        try own.write(folder.bytes(Self.file), to: Self.file)
        var journal = try Journal(at: own.journalPath, trusting: .unknown, segmentLength: 100)
        let length = folder.bytes(Self.file).count
        _ = try journal.append(
            [key(Keys.attacker)] + events, at: moment, actor: "mallory", signer: Keys.attacker)
        return Array(own.bytes(Self.file).dropFirst(length))
    }

    /// Bytes that stand for nothing, and why.
    private func foreign(_ folder: ScratchFolder) throws -> [(JournalDamage, [UInt8])] {
        let own = try lines(folder)
        let text = { (line: JournalLine) in String(decoding: line.bytes, as: UTF8.self) }
        let read = text(own[2]).replacing("\"n\":2", with: "\"n\":3")
        return [
            (.notCanonical, Array("{\"details\": {}}\n".utf8)), (.notCanonical, [0xFF, 0xFE, 0x0A]),
            (.notCanonical, [0x0A]), (.incomplete, Array("{}\n".utf8)),
            (.incomplete, Array(read.replacing("\"read\"", with: "\"foreign\"").utf8)),
            (.unsigned, Array(read.replacing("\"read\"", with: "\"erase\"").utf8)),
            (.misplaced, own[1].bytes), (.misplaced, own[0].bytes), (.misplaced, own[2].bytes),
            (.forged, Array(text(own[1]).replacing("alice", with: "malle").utf8)),
            (.forged, Array(text(own[1]).replacing("\"n\":1", with: "\"n\":3").utf8)),
        ]
    }

    @Test func `is told of by its number, and of nothing else`() throws {
        let folder = try makeJournal()
        let whole = folder.bytes(Self.file)
        for (reason, bytes) in try foreign(folder) {
            try folder.write(whole + bytes, to: Self.file)
            let found = try lines(folder)
            #expect(found.count == 4, "\(reason)")
            let line = try #require(found.last)
            #expect(line.isForeign && line.damage == reason, "\(reason): \(String(describing: line.damage))")
            #expect(line.number == 3 && line.event == JournalLine.foreignEvent && line.actor.isEmpty)
            #expect(
                line.details == .object([]) && line.entry == nil && line.logEntry == nil && !line.isSigned)
        }
    }

    @Test func `is bound by what the owner adds, who goes on`() throws {
        let folder = try makeJournal()
        for (_, bytes) in try foreign(folder) { try append(bytes, to: folder) }
        let count = try foreign(folder).count
        var journal = try folder.journal(segmentLength: 100)
        #expect(try journal.rest().count { $0.isForeign } == count)
        let added = try journal.add(ingest(9))
        #expect(added.map(\.number) == [3 + count])
        try journal.addAccess()
        let found = try lines(folder)
        #expect(found.map(\.number) == Array(0..<(5 + count)))
        #expect(found.count { $0.isForeign } == count && found.compactMap(\.record) == [0, 1, 9])
        #expect(found.last?.entry?["count"] == .integer(Int64(1 + count)))
        // Whoever alters one of them now alters what the owner has gone on from.
        let altered = folder.bytes(Self.file)
        for (place, byte) in altered.enumerated() where byte == 0xFE || byte == 0xFF {
            var bytes = altered
            bytes[place] = 0xFD
            try folder.write(bytes, to: Self.file)
            #expect(throws: JournalError.self) { try lines(folder) }
        }
    }

    @Test func `may come while the owner is at work, and is copied byte for byte`() throws {
        let folder = try makeJournal()
        var journal = try folder.journal(segmentLength: 100)
        for number in 2..<6 {
            try append(Array("not ours \(number)\n".utf8), to: folder)
            let told = try journal.add(ingest(number))
            #expect(told.count { $0.isForeign } == 1 && told.last?.record == number)
        }
        var copy = try Journal(at: folder("copy"), trusting: Keys.trusted, segmentLength: 100)
        try copy.append(copying: try lines(folder))
        #expect(folder.bytes("copy/000000.jsonl") == folder.bytes(Self.file))
        #expect(copy.position == journal.position)
        // Where they are gone by then, nothing is copied.
        let found = try lines(folder)
        try folder.write([], to: Self.file)
        var other = try Journal(at: folder("other"), trusting: Keys.trusted, segmentLength: 100)
        #expect(throws: JournalError.unread(path: folder(Self.file))) { try other.append(copying: found) }
        #expect(folder.bytes("other/000000.jsonl") == [])
    }

    @Test(arguments: [true, false])
    func `of more than a line can have is not taken into memory, with an end or without one`(isEnded: Bool)
        throws
    {
        let folder = try makeJournal()
        let size = folder.bytes(Self.file).count
        #expect(truncate(folder(Self.file), size + (1 << 26) + (isEnded ? 1 : 700_000)) == 0)
        if isEnded {
            let handle = try FileHandle(forWritingTo: URL(filePath: folder(Self.file)))
            try handle.seekToEnd()
            try handle.write(contentsOf: Data("\n".utf8))
            try handle.close()
        }
        var journal = try folder.journal(segmentLength: 100)
        try journal.add(ingest(2))
        let found = try lines(folder)
        #expect(found.map(\.damage) == [nil, nil, nil, .tooLong, nil])
        #expect(found.last?.record == 2 && found.map(\.bytes.count).max() ?? 0 < 1000)
        var copy = try Journal(at: folder("copy"), trusting: Keys.trusted, segmentLength: 100)
        try copy.append(copying: found)
        #expect(copy.position == journal.position)
    }

    @Test func `behind the last line of a full segment is no part of the journal`() throws {
        let folder = try ScratchFolder(inMemory: true)
        var journal = try folder.journal()
        try journal.add(ingest(0), ingest(1))
        try append(Array("one too many\n".utf8), to: folder)
        try journal.add(ingest(2))
        var reader = try folder.reader()
        var records: [Int?] = []
        while let line = try reader.next() { records.append(line.record) }
        #expect(records == [nil, 0, 1, 2] && reader.surplus == [folder(Self.file)])
        try append(Array("and more".utf8), to: folder)
        #expect(try folder.lines().lines.count == 4)
    }

    // The attacker's own key, named by nobody else.
    @Test func `is all that a key says which names itself, where the owner's is known`() throws {
        let folder = try makeJournal()
        try append(try forged(folder, ingest(7)), to: folder)
        #expect(try lines(folder).suffix(2).map(\.damage) == [.usurping, .forged])
        // Who knows nothing of the keys believes that the owner has lost his.
        #expect(try lines(folder, .unknown).last?.record == 7)
        // The owner is not shut out.
        var journal = try folder.journal(segmentLength: 100)
        try journal.add(ingest(8))
        #expect(try lines(folder).last?.record == 8)
    }

    @Test func `is what a key of another log signs, whoever reads`() throws {
        let folder = try makeJournal()
        let other = try ScratchFolder(inMemory: true)
        try SigningKey.create(at: other("key"), name: "elsewhere", seed: [UInt8](repeating: 9, count: 32))
        let signer = try SigningKey.open(at: other("key")).lineSigner
        var journal = try Journal(at: folder.journalPath, trusting: .unknown, segmentLength: 100)
        _ = try journal.append([key(signer)], at: moment, actor: "mallory", signer: signer)
        #expect(try lines(folder, .unknown).last?.damage == .usurping)
    }

    @Test func `would have counted with the owner's signature`() throws {
        let folder = try makeJournal()
        let forged = try self.forged(folder, JournalEvent("release", entry: ["hold": "1"]))
        try append(forged, to: folder)
        #expect(try lines(folder).count { $0.event == "release" } == 0)
        var journal = try folder.journal(segmentLength: 100)
        try journal.add(JournalEvent("release", entry: ["hold": "1"]))
        #expect(try lines(folder).count { $0.event == "release" } == 1)
    }

    @Test func `is not written by a process without the key`() throws {
        let folder = try makeJournal()
        var journal = try folder.journal(segmentLength: 100)
        let path = folder.journalPath
        #expect(throws: JournalError.needsKey(path: path, event: "ingest")) {
            try journal.addUnsigned(ingest(2))
        }
        #expect(throws: JournalError.needsKey(path: path, event: "export")) {
            try journal.addUnsigned(JournalEvent("export", entry: ["count": 1]))
        }
        #expect(throws: JournalError.wrongSigner(path: path, key: Keys.next.verifierKey.text)) {
            _ = try journal.append([ingest(2)], at: moment, actor: "alice", signer: Keys.next)
        }
        try journal.addUnsigned(JournalEvent("export"), JournalEvent("refused"))
        #expect(try lines(folder).count == 5)
    }

    // MARK: Keys

    @Test func `is what the old key signs after a new one came, and the journal goes on with that`() throws {
        let folder = try makeJournal()
        var journal = try folder.journal(segmentLength: 100)
        try journal.add(key(Keys.next, insteadOf: Keys.owner))
        #expect(journal.position.signer == Keys.next.verifierKey)
        #expect(throws: JournalError.wrongSigner(path: folder.journalPath, key: Keys.owner.verifierKey.text))
        {
            try journal.add(ingest(2))
        }
        _ = try journal.append([ingest(2)], at: moment, actor: "alice", signer: Keys.next)
        let trust = JournalTrust(keys: [Keys.owner.verifierKey, Keys.next.verifierKey])
        for trust in [trust, Keys.trusted, .unknown] {
            #expect(try lines(folder, trust).map(\.damage) == [nil, nil, nil, nil, nil])
        }
        // Whoever has got hold of the old key writes as at the old place.
        let old = try ScratchFolder(inMemory: true)
        try old.write(Array(try lines(folder).prefix(3).flatMap(\.bytes)), to: Self.file)
        var stale = try old.journal(segmentLength: 100)
        let line = try #require(try stale.add(ingest(6)).last)
        try append(line.bytes, to: folder)
        #expect(try lines(folder, trust).last?.damage == .forged)
        // A line of the new key without the one that names it tells that this is gone.
        try folder.write(
            Array(try lines(folder, trust).enumerated().filter { $0.offset != 3 }.flatMap(\.element.bytes)),
            to: Self.file)
        #expect(throws: JournalError.self) { try lines(folder, trust) }
    }

    @Test func `is no lost key's successor that the owner knows`() throws {
        let folder = try makeJournal()
        let trust = JournalTrust(keys: [Keys.owner.verifierKey, Keys.next.verifierKey])
        var journal = try folder.journal(trusting: trust, segmentLength: 100)
        _ = try journal.append(
            [key(Keys.next, insteadOf: Keys.owner)], at: moment, actor: "alice", signer: Keys.next)
        _ = try journal.append([ingest(2)], at: moment, actor: "alice", signer: Keys.next)
        #expect(try lines(folder, trust).map(\.damage) == [nil, nil, nil, nil, nil])
        #expect(try lines(folder, .unknown).map(\.damage) == [nil, nil, nil, nil, nil])
        #expect(try lines(folder, Keys.trusted).map(\.damage) == [nil, nil, nil, .usurping, .forged])
        // Nor does the lost key come back by its own word.
        try append(try forged(folder), to: folder)
        #expect(try lines(folder, trust).last?.damage == .usurping)
    }

    @Test func `is everything before the first line that names a key`() throws {
        let folder = try ScratchFolder(inMemory: true)
        try folder.write(Array("nothing\n".utf8), to: Self.file)
        #expect(try lines(folder).map(\.damage) == [.notCanonical])
        var journal = try Journal(at: folder.journalPath, trusting: Keys.trusted, segmentLength: 100)
        #expect(throws: JournalError.wrongSigner(path: folder.journalPath, key: Keys.owner.verifierKey.text))
        {
            try journal.add(ingest(0))
        }
        try journal.add(key(Keys.owner))
        #expect(try lines(folder).map(\.damage) == [.notCanonical, nil])
        #expect(try lines(folder, JournalTrust(keys: [Keys.next.verifierKey])).last?.damage == .usurping)
    }
}
