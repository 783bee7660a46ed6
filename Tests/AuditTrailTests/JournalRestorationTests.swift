import AuditTrail
import DurableFiles
import FileFaults
import Foundation
import Synchronization
import TestSupport
import Testing
import TransparencyLog

struct JournalRestorationTests {
    /// A journal of nine lines in segments of three, and a copy that has come as far as the fifth.
    private func makeJournal() throws -> ScratchFolder {
        let folder = try ScratchFolder(inMemory: true)
        var journal = try folder.journal()
        try journal.add(ingest(0))
        try journal.addUnsigned(read(1))
        try journal.add(ingest(2), ingest(3), read(4), ingest(5), read(6), ingest(7))
        var copy = try Journal(at: folder("copy"), trusting: Keys.trusted, segmentLength: 3)
        try copy.append(copying: Array(try folder.lines().lines.prefix(5)))
        return folder
    }

    private func restoration(_ folder: ScratchFolder, limit: Int = .max) -> JournalRestoration {
        JournalRestoration(
            of: folder.journalPath, from: folder("copy"), limit: limit, trusting: Keys.trusted,
            segmentLength: 3)
    }

    private func numbers(_ restoration: JournalRestoration) throws -> [Int] {
        var numbers: [Int] = []
        try restoration.forEachLine { numbers.append($0.number) }
        return numbers
    }

    private func alter(_ folder: ScratchFolder, _ name: String, _ change: (inout [String]) -> Void) throws {
        var lines = try #require(folder.text(name)).split(separator: "\n").map { String($0) + "\n" }
        change(&lines)
        try folder.write(lines.joined().utf8, to: name)
    }

    private func segment(_ folder: ScratchFolder, _ number: Int) -> String {
        folder("journal/00000\(number).jsonl")
    }

    @Test func `takes from the copy what it has, and behind that the journal's own lines`() throws {
        let folder = try makeJournal()
        let whole = folder.journalBytes
        #expect(try restoration(folder).publish() == [])
        try alter(folder, "journal/000000.jsonl") { $0[1] = $0[1].replacing("alice", with: "malle") }
        try alter(folder, "journal/000001.jsonl") { $0.swapAt(0, 1) }
        #expect(try numbers(restoration(folder)) == Array(0..<9))
        #expect(try restoration(folder).publish() == [segment(folder, 0), segment(folder, 1)])
        #expect(folder.journalBytes == whole)
    }

    @Test func `keeps foreign lines among its own where the next line binds them`() throws {
        let folder = try makeJournal()
        var journal = try folder.journal()
        try folder.write(Array("no line\nnor this\n".utf8), to: "journal/000003.jsonl")
        try journal.add(ingest(8))
        let whole = folder.journalBytes
        try folder.write(Array("nor this\n".utf8), to: "journal/000004.jsonl")
        try alter(folder, "journal/000000.jsonl") { $0[1] = $0[1].replacing("alice", with: "malle") }
        // What nobody has gone on from goes.
        #expect(try restoration(folder).publish() == [segment(folder, 0), segment(folder, 4)])
        #expect(folder.journalBytes == whole)
        #expect(try folder.lines().lines.map(\.isForeign).suffix(3) == [true, true, false])
    }

    @Test func `makes a journal that is gone anew, as far as the copy goes`() throws {
        let folder = try makeJournal()
        try FileManager.default.removeItem(atPath: folder.journalPath)
        #expect(try restoration(folder).publish() == [segment(folder, 0), segment(folder, 1)])
        #expect(folder.text("journal/000000.jsonl") == folder.text("copy/000000.jsonl"))
        #expect(folder.text("journal/000001.jsonl") == folder.text("copy/000001.jsonl"))
    }

    @Test func `leaves out what was put in between its own lines`() throws {
        let folder = try makeJournal()
        let whole = folder.journalBytes
        try alter(folder, "journal/000002.jsonl") { $0 = ["no line\n", $0[1], $0[0], $0[0], $0[1], $0[2]] }
        #expect(try numbers(restoration(folder)) == Array(0..<9))
        #expect(try restoration(folder).publish() == [segment(folder, 2)])
        #expect(folder.journalBytes == whole)
    }

    @Test func `ends where its own lines do not follow each other any more`() throws {
        let folder = try makeJournal()
        try alter(folder, "journal/000001.jsonl") { $0.remove(at: 2) }
        #expect(try numbers(restoration(folder)) == Array(0..<5))
        #expect(try restoration(folder).publish() == [segment(folder, 2)])
        #expect(try folder.lines().lines.map(\.number) == Array(0..<5))
    }

    // The last line of a segment, of the copy, and one that the journal alone has.
    @Test(arguments: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    func `has no more lines than it is to have`(limit: Int) throws {
        let folder = try makeJournal()
        #expect(try numbers(restoration(folder, limit: limit)) == Array(0..<min(limit, 9)))
        _ = try restoration(folder, limit: limit).publish()
        #expect(try folder.lines().lines.map(\.number) == Array(0..<min(limit, 9)))
    }

    private func lost(_ restoration: JournalRestoration) throws -> [Int?] {
        var records: [Int?] = []
        try restoration.forEachLostLine { records.append($0.record) }
        return records
    }

    @Test func `tells of its own lines that it would have no more, in every segment`() throws {
        let folder = try makeJournal()
        #expect(try lost(restoration(folder)) == [])
        #expect(try lost(restoration(folder, limit: 4)) == [3, 4, 5, 6, 7])
        #expect(try lost(restoration(folder, limit: 0)) == [nil] + Array(0..<8))
        // A line that is whole by itself, one that is none, one of somebody who may not add any, and those behind the gap.
        try alter(folder, "journal/000000.jsonl") {
            $0[1] = $0[1].replacing("\"0\"", with: "\"10\"")
            $0[2] = $0[2].replacing("\"1\"", with: "\"11\"")
        }
        try alter(folder, "journal/000001.jsonl") { $0[2] = "no line\n" }
        #expect(try lost(restoration(folder)) == [11, 5, 6, 7])
        try FileManager.default.removeItem(atPath: segment(folder, 0))
        #expect(try lost(restoration(folder)) == [5, 6, 7])
    }

    @Test func `names the line of the copy that is damaged`() throws {
        let folder = try makeJournal()
        let lines = try #require(folder.text("copy/000001.jsonl"))
        try folder.write(lines.replacing("\"n\":3", with: "\"n\":5").utf8, to: "copy/000001.jsonl")
        #expect(throws: JournalError.damaged(path: folder("copy/000001.jsonl"), line: 3, .forged)) {
            try restoration(folder).publish()
        }
    }

    @Test func `lets nobody add a line while it is put together`() throws {
        let folder = try makeJournal()
        try alter(folder, "journal/000000.jsonl") { $0[1] = $0[1].replacing("alice", with: "malle") }
        let lock = folder("journal/lock")
        let unlocked = Mutex<[String]>([])
        let operations = FaultyFileOperations(before: { step, path in
            guard path != lock, path.hasPrefix(folder.journalPath + "/"),
                (try? FolderLock.holder(of: lock)) == nil
            else { return }
            unlocked.withLock { $0.append(step) }
        })
        let changed = try JournalRestoration(
            of: folder.journalPath, from: folder("copy"), trusting: Keys.trusted, segmentLength: 3,
            operations: operations
        ).publish()
        #expect(changed == [segment(folder, 0)])
        #expect(operations.trace.count > 5)
        #expect(unlocked.withLock { $0 } == [])
        #expect(try FolderLock.holder(of: lock) == nil)
    }
}
