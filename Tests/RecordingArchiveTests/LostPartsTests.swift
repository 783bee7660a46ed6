import DurableFiles
import Foundation
import RecordingArchive
import TestSupport
import Testing

/// Opening an archive of which a part is gone, that the others know of.
struct LostPartsTests {
    private func archive() async throws -> ScratchArchive {
        let scratch = try ScratchArchive()
        let archive = try await scratch.open()
        try await archive.addMessage(from: "1")
        try await archive.noteListing(of: "office", [.message(from: "1"), .message(from: "2")])
        try await archive.close()
        return scratch
    }

    private func failure(_ body: () async throws -> Void) async -> ArchiveError? {
        do {
            try await body()
            return nil
        } catch {
            return error as? ArchiveError
        }
    }

    private func remove(_ names: [String], of scratch: ScratchArchive) throws {
        for name in names {
            try FileManager.default.removeItem(atPath: scratch.folder("archive/" + name))
        }
    }

    @Test(arguments: ["journal", "journal/000000.jsonl"])
    func `takes no archive without its journal for an empty one`(journal: String) async throws {
        let scratch = try await archive()
        try remove([journal], of: scratch)
        let missing = ArchiveError.journalMissing(path: scratch.path)
        let before = try scratch.tree()
        #expect(missing.description.contains("run verify --repair"))
        #expect(await failure { _ = try await scratch.openForReading() } == missing)
        #expect(await failure { _ = try await scratch.open() } == missing)
        #expect(await failure { _ = try AuditWalk(at: scratch.path) } == missing)
        #expect(await failure { _ = try await scratch.rebuild() } == missing)
        #expect(try scratch.tree() == before)
    }

    /// What is gone beside the catalog and the journal; what is left of the archive knows of the rest all the same.
    private static let losses: [[String]] = [
        [], ["log"], ["log", "verifier-keys.txt"], ["log", "recordings"], ["log", "recordings", "listings"],
        ["recordings", "listings", "verifier-keys.txt"],
    ]

    @Test(arguments: losses)
    func `makes no catalog, no journal and no key where all of them are gone`(others: [String]) async throws {
        let scratch = try await archive()
        try remove(["catalog.sqlite", "journal"] + others, of: scratch)
        let before = try scratch.tree()
        let keys = try Data(contentsOf: URL(filePath: scratch.folder("log.key")))
        let signed = try Data(contentsOf: URL(filePath: scratch.folder("log.key.checkpoint")))
        let isKnown = !others.contains("log") || !others.contains("listings")
        let failure = await failure { _ = try await scratch.rebuild() }
        if isKnown {
            #expect(failure == .journalMissing(path: scratch.path))
        } else if case .log = failure {
            // Nothing in the archive knows of the journal, and the key does.
        } else {
            Issue.record("\(String(describing: failure))")
        }
        let after = try scratch.tree()
        #expect(after["journal/000000.jsonl"] == nil)
        if isKnown { #expect(after == before) }
        #expect(try Data(contentsOf: URL(filePath: scratch.folder("log.key"))) == keys)
        #expect(try Data(contentsOf: URL(filePath: scratch.folder("log.key.checkpoint"))) == signed)
    }

    @Test func `makes no list of keys anew where the log was begun`() async throws {
        let scratch = try await archive()
        try remove(["verifier-keys.txt"], of: scratch)
        let missing = ArchiveError.verifierKeysMissing(path: scratch.folder("archive/verifier-keys.txt"))
        let lines = try scratch.events()
        #expect(await failure { _ = try await scratch.open() } == missing)
        try remove(["log"], of: scratch)
        #expect(await failure { _ = try await scratch.open() } == missing)
        #expect(try scratch.events() == lines)
        #expect(scratch.folder.text("archive/verifier-keys.txt") == nil)
    }

    @Test func `tells a journal that has lost its end in the status`() async throws {
        let scratch = try await archive()
        #expect(try await scratch.openForReading().status().journalProblem == nil)
        let lines = scratch.folder.lines("archive/journal/000000.jsonl")
        let rest = lines.dropLast().map { $0 + "\n" }.joined()
        try scratch.folder.write(rest.utf8, to: "archive/journal/000000.jsonl")
        let problem = try await scratch.openForReading().status().journalProblem
        #expect(problem?.contains("does not have the \(lines.count) lines that it had before") == true)
        try remove(["catalog.sqlite"], of: scratch)
        _ = try RecordingArchive.rebuildCatalog(at: scratch.path, context: scratch.context())
        let other = try await scratch.openForReading().status().journalProblem
        #expect(other?.contains("but its log has \(scratch.journalEntries().count + 1)") == true)
    }

    @Test func `refuses a catalog that is older than journal and log`() async throws {
        let scratch = try await archive()
        let older = try Data(contentsOf: URL(filePath: scratch.folder("archive/catalog.sqlite")))
        let archive = try await scratch.open()
        try await archive.addMessage(from: "2")
        try await archive.close()
        let dump = try scratch.dump()
        try older.write(to: URL(filePath: scratch.folder("archive/catalog.sqlite")))
        let failure = await failure { _ = try await scratch.openForReading() }
        guard case .catalogDamaged(_, let reason) = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
        #expect(reason.contains("it is an older copy"))
        _ = try await scratch.rebuild()
        #expect(try scratch.dump() == dump)
    }

    private static let changes = [
        ("DROP INDEX recordingByCaller", "it lacks the index recordingByCaller"),
        ("DROP TABLE dryRun", "it lacks the table dryRun"),
        ("DROP TRIGGER heldKept", "it lacks the trigger heldKept"),
        ("DROP VIEW recordingWords", "it lacks the view recordingWords"),
        ("CREATE TABLE other (name)", "it has a table other that is not ours"),
        (
            "DROP INDEX recordingByPBX; CREATE INDEX recordingByPBX ON recording (caller)",
            "its index recordingByPBX is another one"
        ),
        ("ALTER TABLE contact ADD COLUMN name TEXT", "its table contact is another one"),
    ]

    @Test(arguments: changes)
    func `refuses a sound database that is no catalog of this version`(change: String, reason: String)
        async throws
    {
        let scratch = try await archive()
        let dump = try scratch.dump()
        #expect(try scratch.folder.sqlite(change + "; SELECT 'done'") == "done\n")
        let damaged = ArchiveError.catalogDamaged(path: scratch.path, reason: reason)
        #expect(await failure { _ = try await scratch.openForReading() } == damaged)
        #expect(await failure { _ = try await scratch.open() } == damaged)
        _ = try await scratch.rebuild()
        #expect(try scratch.dump() == dump)
    }
}
