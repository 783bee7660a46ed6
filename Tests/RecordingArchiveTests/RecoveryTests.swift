import AuditTrail
import DurableFiles
import FileFaults
import Foundation
import RecordingArchive
import TestSupport
import Testing
import TransparencyLog

/// Opening an archive that an earlier run, or somebody else, did not leave as it should be.
struct RecoveryTests {
    private func failure(_ scratch: ScratchArchive) async -> ArchiveError? {
        do {
            _ = try await scratch.open()
            return nil
        } catch let error as ArchiveError {
            return error
        } catch {
            return nil
        }
    }

    /// An archive with one recording, closed; then a copy of it in which there is one more, and a hold.
    private func olderAndNewer() async throws -> (older: ScratchArchive, newer: ScratchArchive) {
        let older = try ScratchArchive()
        let first = try await older.open()
        let recording = try await first.addMessage(from: "3000")
        try await first.close()
        let newer = try ScratchArchive(copying: older)
        let second = try await newer.open()
        try await second.addMessage(from: "3001")
        _ = try await second.placeHold(
            case: "A", on: .ids([recording.id]), future: false, reason: "a lawsuit")
        try await second.close()
        return (older, newer)
    }

    /// Puts a part of one archive in the place of another's.
    private func replace(_ name: String, of scratch: ScratchArchive, from other: ScratchArchive) throws {
        try FileManager.default.removeItem(atPath: scratch.folder("archive/" + name))
        try FileManager.default.copyItem(
            atPath: other.folder("archive/" + name), toPath: scratch.folder("archive/" + name))
    }

    @Test(arguments: ["{\"details\":", "{}", String(repeating: "x", count: 100_000)])
    func `cuts off a line that a crash left half written`(tail: String) async throws {
        let (_, scratch) = try await olderAndNewer()
        let journal = URL(filePath: scratch.folder("archive/journal/000000.jsonl"))
        let content = try Data(contentsOf: journal)
        try (content + Data(tail.utf8)).write(to: journal)
        #expect(!(try await scratch.findings()).contains { $0.kind.isDamage })
        try await scratch.open().close()
        #expect(try Data(contentsOf: journal) == content)
        #expect(try await scratch.findings().isEmpty)
    }

    @Test func `takes into an older catalog what the journal has more of`() async throws {
        let (_, newer) = try await olderAndNewer()
        let older = try ScratchArchive(copying: newer)
        let archive = try await newer.open()
        let hold = try await archive.placeHold(
            case: "B", on: .matching(RecordingFilter()), future: true, reason: "another")
        try await archive.close()
        let dump = try newer.dump()
        // The log has the entry, too, and only the catalog does not know it.
        try replace("catalog.sqlite", of: newer, from: older)
        #expect(Set(try await newer.findings().map(\.kind)) == [.catalogBehind])
        let reopened = try await newer.open()
        #expect(try await reopened.holds().last == hold)
        try await reopened.close()
        #expect(try newer.dump() == dump)
        #expect(try newer.journalAgreesWithLog())
        #expect(try await newer.findings().isEmpty)
    }

    @Test func `leaves no recording out where the catalog is an older copy`() async throws {
        let (older, newer) = try await olderAndNewer()
        let dump = try newer.dump()
        try replace("catalog.sqlite", of: newer, from: older)
        guard case .catalogDamaged(_, let reason) = await failure(newer) else {
            Issue.record("it was opened")
            return
        }
        #expect(reason == "it is an older copy, which lacks recordings that the journal has")
        _ = try await newer.rebuild()
        #expect(try newer.dump() == dump)
    }

    @Test func `adds to the log what an earlier run has left in the journal`() async throws {
        let (_, scratch) = try await olderAndNewer()
        do {
            let dropped = try await scratch.open()
            try await dropped.addMessage(from: "3002")
            #expect(try await dropped.status().pendingEntries == 1)
        }
        #expect(try !scratch.journalAgreesWithLog())
        #expect(try await scratch.findings().map(\.kind) == [.logPending])
        try await scratch.open().close()
        #expect(try scratch.journalAgreesWithLog())
        #expect(try await scratch.findings().isEmpty)
    }

    @Test func `refuses a log that is an older copy, and lets readers in`() async throws {
        let (older, newer) = try await olderAndNewer()
        try replace("log", of: newer, from: older)
        let error = await failure(newer)
        guard case .log(.rolledBack) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(
            error?.description.contains("has 2 entries, but had 4 before; restore its newest copy") == true)
        #expect(try await newer.openForReading().all().count == 2)
        #expect(try await newer.findings().contains { $0.kind.isDamage || $0.kind == .logPending })
    }

    @Test func `refuses a journal that is an older copy, also with a catalog that was made anew`()
        async throws
    {
        let (older, newer) = try await olderAndNewer()
        try replace("journal", of: newer, from: older)
        guard case .journal(.changed) = await failure(newer) else {
            Issue.record("a journal that had lost lines was added to")
            return
        }
        #expect(try await newer.openForReading().all().count == 2)
        let rolledBack = ArchiveError.journalRolledBack(path: newer.path, entries: 2, known: 4)
        #expect(throws: rolledBack) {
            try RecordingArchive.rebuildCatalog(at: newer.path, context: newer.context())
        }
        // One that is lost is made anew all the same, and tells no more than the journal does.
        try FileManager.default.removeItem(atPath: newer.path + "/catalog.sqlite")
        _ = try RecordingArchive.rebuildCatalog(at: newer.path, context: newer.context())
        #expect(await failure(newer) == rolledBack)
    }

    @Test func `refuses a whole archive that is an older copy, by what the key has signed`() async throws {
        let (older, newer) = try await olderAndNewer()
        let key = LogKey(path: newer.folder("log.key"))
        do {
            _ = try await RecordingArchive.open(
                at: older.path, access: .write, key: { _, _ in key }, context: older.context())
            Issue.record("a fork of the log was begun")
        } catch {
            guard case .log(.rolledBack) = error else {
                Issue.record("\(error)")
                return
            }
        }
    }

    @Test func `refuses the key of another archive, and says where a missing one was looked for`()
        async throws
    {
        let (_, scratch) = try await olderAndNewer()
        let other = try ScratchArchive()
        try await other.open().close()
        let foreign = LogKey(path: other.folder("log.key"))
        let error = await #expect(throws: ArchiveError.self) {
            try await RecordingArchive.open(at: scratch.path, access: .write, key: { _, _ in foreign })
        }
        guard case .foreignKey(foreign.path, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        try FileManager.default.removeItem(atPath: scratch.folder("log.key"))
        let missing = await failure(scratch)
        #expect(missing == .signing(.missing(path: scratch.folder("log.key"))))
        #expect(
            missing?.description.contains("there is no key at \(scratch.folder("log.key"))") == true)
        // A new key would make the log another's.
        #expect(!scratch.folder.files().contains("log.key"))
    }

    @Test func `takes no file of another name for an ingest that broke off`() async throws {
        let (_, scratch) = try await olderAndNewer()
        try scratch.folder.write("{}".utf8, to: "archive/incoming/note.json")
        let empty = String(repeating: "0", count: 32)
        try scratch.folder.write("".utf8, to: "archive/incoming/\(empty).json")
        try await scratch.open().close()
        #expect(scratch.folder.content().filter { $0.hasPrefix("incoming/") } == ["incoming/note.json"])
    }

    @Test(arguments: [FaultyFileOperations.Fault.failure, .failureAfterwards, .kill])
    func `comes to the end when it goes wrong itself`(fault: FaultyFileOperations.Fault) async throws {
        let template = try await brokenOff()
        var position = 1
        while true {
            let scratch = try ScratchArchive(copying: template)
            let operations = FaultyFileOperations(fault, at: position)
            do {
                try await scratch.open(operations: operations).close()
            } catch is ArchiveError {}
            let step: Comment = "\(operations.trace.prefix(position).suffix(3)), operation \(position)"
            #expect(!(try await scratch.findings()).contains { $0.kind.isDamage }, step)
            let archive = try await scratch.open()
            #expect(try await archive.all().map(\.facts.identity.caller) == ["3001"], step)
            try await archive.close()
            #expect(try await scratch.findings().isEmpty, step)
            #expect(try scratch.journalAgreesWithLog(), step)
            if !operations.hasStruck { break }
            position += FaultCoverage.stride
        }
        #expect(position > 60)
    }

    /// An archive that was killed in an erasure, and then, by a run without the key, in an ingest.
    private func brokenOff() async throws -> ScratchArchive {
        let whole = try ScratchArchive()
        let archive = try await whole.open()
        let recording = try await archive.addMessage(from: "3000")
        try await archive.close()
        var position = 1
        while true {
            let scratch = try ScratchArchive(copying: whole)
            do {
                let archive = try await scratch.open(operations: FaultyFileOperations(.kill, at: position))
                try await archive.erase([recording.id], ground: "a request")
            } catch is ArchiveError {}
            position += 1
            guard try await scratch.findings().contains(where: { $0.kind == .erasureUnfinished }) else {
                continue
            }
            return try await withIngestBrokenOff(scratch)
        }
    }

    /// Stops an ingest between its file and its line of the journal.
    private func withIngestBrokenOff(_ whole: ScratchArchive) async throws -> ScratchArchive {
        let identity = MessageIdentity.message(from: "3001")
        let facts = RecordingFacts.sample(identity, stored: "stored", date: "2020-01-02T12:00:00Z")
        let path = "archive/recordings/office/2020/01/02/" + FileNaming.name(of: facts) + ".flac"
        var position = 1
        while true {
            let scratch = try ScratchArchive(copying: whole)
            let other = try ScratchArchive(copying: scratch)
            do {
                let archive = try await other.open(operations: FaultyFileOperations(.kill, at: position))
                try await archive.addSample(facts)
            } catch is ArchiveError {
            } catch is FileError {}
            position += 1
            guard FileManager.default.fileExists(atPath: other.folder(path)) else { continue }
            // The intent and the file come to the archive in which the erasure is unfinished.
            for name in other.folder.content() where name.hasPrefix("incoming/") && !name.hasSuffix(".tmp") {
                try FileManager.default.copyItem(
                    atPath: other.folder("archive/" + name), toPath: scratch.folder("archive/" + name))
            }
            try FileManager.default.copyItem(atPath: other.folder(path), toPath: scratch.folder(path))
            return scratch
        }
    }
}
