import DurableFiles
import FileFaults
import Foundation
import RecordingArchive
import TestSupport
import Testing

struct RebuildingTests {
    /// Twenty years after the recordings were made.
    private static let later = ScratchArchive.start + 20 * 366 * 86_400

    /// An archive in which all kinds of things have happened, closed.
    private func history() async throws -> ScratchArchive {
        let scratch = try ScratchArchive()
        let alice = try await scratch.open()
        let callers = ["3000", "3001", "3002", "3003", "3004", "3005"]
        let listed = callers.map { MessageIdentity.message(from: $0) }
        try await alice.noteListing(of: "office", listed + [listed[5]])
        let first = try await alice.addMessage(from: "3000", retention: .tenYears)
        let held = try await alice.addMessage(from: "3001")
        let broken = try await alice.quarantineSample(
            .sample(listed[2], source: "broken", stored: "broken"), source: "broken")
        let future = try await alice.placeHold(
            case: "A", on: .matching(RecordingFilter(extension: "1000")), future: true, reason: "a lawsuit")
        let contract = try #require(RetentionPolicy("event+6y"))
        let late = try await alice.addMessage(from: "3003", retention: contract)
        _ = try await alice.placeHold(case: "B", on: .ids([held.id]), future: false, reason: "another")
        _ = try await alice.release(hold: future.id, reason: "settled")
        _ = try await alice.setEvent(
            of: .ids([late.id]), to: try #require(CalendarDate("2026-03-01")),
            reason: "the end of the contract")
        _ = try await alice.extendRetention(
            of: .ids([first.id]), to: try #require(RetentionPolicy("12y")), reason: "a new rule")
        for text in ["hullo", "hello"] {
            let answer = try #require(
                HookAnswer(Array(#"{"text":"\#(text)"}"#.utf8), hook: "transcribe", at: scratch.now))
            _ = try await alice.store([held.id: answer, first.id: answer])
        }
        try await alice.addReplica(scratch.folder("replica"))
        try await alice.close()

        let bob = try await scratch.open(as: "bob")
        _ = try await bob.release(hold: future.id, reason: "settled")
        try await bob.erase([broken.id], ground: "a request")
        await #expect(throws: ArchiveError.self) { try await bob.erase([held.id], ground: "a request") }
        try await bob.noteRead(of: held.id, how: "restore")
        try await bob.noteExport(of: [held.id], format: "bagit", filter: RecordingFilter(extension: "1000"))
        _ = try await bob.replicate(to: scratch.folder("replica"))
        try await bob.noteVerification(
            try bob.verify(VerificationPlan()) { _ in }, from: 0, isDeep: false)
        scratch.now = Self.later
        _ = try await bob.expire(isDryRun: true)
        let expiry = try await bob.expire(isDryRun: false)
        #expect(Set(expiry.ids) == [first.id, late.id])
        // Listed again after its erasure, and archived again under the name that is free now.
        try await bob.noteListing(of: "office", listed + [listed[0]])
        try await bob.addMessage(from: "3000")
        try await bob.addMessage(from: "3001")
        try await bob.updateListing(of: "office")
        try await bob.close()
        return scratch
    }

    @Test func `makes a lost catalog anew, equal to the one that was lost`() async throws {
        let scratch = try await history()
        let before = try scratch.dump()
        #expect(
            before.contains("a lawsuit") && before.contains("retention 12y") && before.contains("listed\n"))
        try scratch.removeCatalog()
        let error = await #expect(throws: ArchiveError.self) { try await scratch.open() }
        #expect(error == .catalogMissing(path: scratch.path))
        #expect(error?.description.contains("run rebuild-catalog") == true)

        let summary = try await scratch.rebuild()
        #expect(summary == RebuildSummary(recordings: 3))
        #expect(try scratch.dump() == before)
        #expect(try scratch.folder.sqlite("PRAGMA integrity_check") == "ok\n")
        #expect(!scratch.folder.files().contains { $0.contains("catalog.sqlite.damaged") })
        #expect(!(try await scratch.findings()).contains { $0.kind.isDamage })
        let archive = try await scratch.open()
        #expect(try await archive.catalogSetting("journal_mode") == "wal")
        #expect(try await archive.addMessage(from: "3001").ordinal == 3)
    }

    @Test func `makes the same catalog out of one that is there`() async throws {
        let scratch = try await history()
        let before = try scratch.dump()
        _ = try await scratch.rebuild()
        #expect(try scratch.dump() == before)
    }

    @Test func `forgets no file that a replica has yet to remove`() async throws {
        let scratch = try await history()
        let copies = { scratch.folder.files().filter { $0.hasPrefix("replica/") && $0.hasSuffix(".flac") } }
        #expect(copies().count == 3)
        try scratch.removeCatalog()
        _ = try await scratch.rebuild()
        let archive = try await scratch.open()
        let summary = try await archive.replicate(to: scratch.folder("replica"))
        #expect(summary.removed == 2)
        #expect(copies().count == 3)
        try await archive.close()
        #expect(try await scratch.findings().isEmpty)
    }

    @Test func `comes to what the next run comes to, wherever an erasure was killed`() async throws {
        let template = try ScratchArchive()
        let archive = try await template.open()
        let recording = try await archive.addMessage(from: "3000")
        let broken = try await archive.quarantineSample(
            .sample(source: "broken", stored: "broken"), source: "broken")
        try await archive.addMessage(from: "3001")
        try await archive.close()
        let first = try await template.operationsOfOpening() + 1
        var position = first
        while true {
            let scratch = try ScratchArchive(copying: template)
            let operations = FaultyFileOperations(.kill, at: position)
            do {
                let archive = try await scratch.open(operations: operations)
                try await archive.erase([recording.id, broken.id], ground: "a request")
                try await archive.close()
            } catch is ArchiveError {}
            let step: Comment = "\(operations.trace.prefix(position).suffix(3)), operation \(position)"
            #expect(!(try await scratch.findings()).contains { $0.kind.isDamage }, step)

            let other = try ScratchArchive(copying: scratch)
            try other.removeCatalog()
            let summary = try await other.rebuild()
            #expect(summary.lost.isEmpty && summary.damaged.isEmpty, step)
            let next = try await scratch.open()
            try await next.close()
            #expect(try other.dump(withProgress: false) == scratch.dump(withProgress: false), step)
            #expect(other.folder.content() == scratch.folder.content(), step)
            #expect(try await scratch.findings().isEmpty, step)
            #expect(try await other.findings().isEmpty, step)
            if !operations.hasStruck { break }
            position += FaultCoverage.stride
        }
        #expect(position - first > 40)
    }

    @Test(arguments: ["", "{", "other facts", "nothing"])
    func `names a sidecar that is lost or was changed, and lists the others`(change: String) async throws {
        let scratch = try await history()
        let before = try scratch.dump()
        let reader = try await scratch.openForReading()
        let recording = try #require(try await reader.all().first { $0.facts.identity.caller == "3000" })
        let path = scratch.folder("archive/" + recording.path.dropLast(4) + "json")
        let content = try #require(FileManager.default.contents(atPath: path))
        try FileManager.default.removeItem(atPath: path)
        switch change {
        case "nothing": break
        case "other facts":
            // As canonical as before, but another caller.
            let text = String(decoding: content, as: UTF8.self).replacing(
                #""caller":"3000""#, with: #""caller":"9999""#)
            try Data(text.utf8).write(to: URL(filePath: path))
        default: try Data(change.utf8).write(to: URL(filePath: path))
        }
        try scratch.removeCatalog()
        let summary = try await scratch.rebuild()
        #expect(summary.recordings == 2)
        #expect(summary.lost == [recording.id])
        #expect(summary.damaged == (change == "nothing" ? [] : [path]))
        let found = try await scratch.findings().filter(\.kind.isDamage).map(\.kind)
        #expect(found.contains(.rowMissing))

        try content.write(to: URL(filePath: path))
        _ = try await scratch.rebuild()
        #expect(try scratch.dump() == before)
    }

    @Test(arguments: [FaultyFileOperations.Fault.failure, .failureAfterwards, .kill])
    func `can be tried again, whatever went wrong`(fault: FaultyFileOperations.Fault) async throws {
        let template = try ScratchArchive()
        let archive = try await template.open()
        try await archive.addMessage(from: "3000")
        try await archive.close()
        let before = try template.dump()
        var position = 1
        while true {
            let scratch = try ScratchArchive(copying: template)
            let operations = FaultyFileOperations(fault, at: position)
            _ = try? RecordingArchive.rebuildCatalog(
                at: scratch.path, context: scratch.context(operations: operations))
            let step: Comment = "\(operations.trace.prefix(position).suffix(3)), operation \(position)"
            #expect(try await scratch.openForReading().all().count == 1, step)
            _ = try await scratch.rebuild()
            #expect(try scratch.dump() == before, step)
            #expect(!scratch.folder.content().contains { $0.hasPrefix("incoming/") }, step)
            if !operations.hasStruck { break }
            position += FaultCoverage.stride
        }
        #expect(position > 20)
    }

    @Test func `replaces a damaged catalog together with its log`() async throws {
        let scratch = try await history()
        let before = try scratch.dump()
        for name in ["catalog.sqlite", "catalog.sqlite-wal", "catalog.sqlite-shm"] {
            try Data(repeating: 0x55, count: 8192).write(to: URL(filePath: scratch.folder("archive/" + name)))
        }
        _ = try await scratch.rebuild()
        #expect(try scratch.dump() == before)
        #expect(scratch.folder.text("archive/catalog.sqlite.damaged") == String(repeating: "U", count: 8192))
    }

    @Test func `leaves the catalog of a writer alone`() async throws {
        let scratch = try ScratchArchive()
        let writer = try await scratch.open()
        let recording = try await writer.addSample()
        let error = #expect(throws: ArchiveError.self) {
            try RecordingArchive.rebuildCatalog(at: scratch.path)
        }
        #expect(error == .inUse(path: scratch.path, process: TemporaryName.currentProcess))
        #expect(try await writer.all() == [recording])
        #expect(!scratch.folder.content().contains { $0.hasPrefix("incoming/") })
    }

    @Test func `needs an archive to work on`() async throws {
        let scratch = try ScratchArchive()
        let error = #expect(throws: ArchiveError.self) {
            try RecordingArchive.rebuildCatalog(at: scratch.path)
        }
        #expect(error == .missing(path: scratch.path))
    }
}
