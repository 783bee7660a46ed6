import Digests
import Foundation
import RecordingArchive
import TestSupport
import Testing
import TransparencyLog

struct ErasureTests {
    @Test func `leaves nothing of a recording but a tombstone, and no trace of its caller`() async throws {
        let scratch = try ScratchArchive()
        let archive = try await scratch.open()
        let gone = try await archive.addMessage(from: "5551234567")
        let kept = try await archive.addMessage(from: "2")
        let alone = try await archive.addMessage(from: "3", day: 3)
        let salt = Data(try #require(try scratch.sidecar(of: gone)["salt"] as? String).utf8)
        scratch.now += 5
        try await archive.erase([gone.id, alone.id], ground: "request of 3 May")
        #expect(try await archive.all() == [kept])
        let tombstone = try #require(try await archive.tombstone(id: gone.id))
        #expect(tombstone.kind == "request")
        #expect(tombstone.ground == "request of 3 May")
        #expect(tombstone.actor == "alice")
        #expect(tombstone.erasedAt == "2026-01-05T10:00:05.000Z")
        #expect(tombstone.state == "archived")
        #expect(tombstone.ingestEntry == gone.ingestEntry)
        #expect(tombstone.eraseEntry > gone.ingestEntry)
        #expect(tombstone.stored == gone.facts.stored.sha256.hexadecimal)
        #expect(tombstone.original == gone.facts.source.sha256.hexadecimal)
        #expect(try await archive.tombstone(id: kept.id) == nil)
        #expect(scratch.folder.text("archive/" + gone.path) == nil)
        #expect(scratch.folder.text("archive/" + gone.path.dropLast(4) + "json") == nil)
        let manifest =
            kept.path.split(separator: "/").dropLast().joined(separator: "/") + "/manifest-sha256.txt"
        let keptName = kept.path.split(separator: "/").last ?? ""
        #expect(
            scratch.folder.text("archive/" + manifest)
                == "\(kept.facts.stored.sha256.hexadecimal)  \(keptName)\n")
        // Of a day of which nothing is left, the manifest goes too.
        #expect(!scratch.folder.files().contains { $0.contains("/2020/01/03/") })
        // Neither the salt nor the caller is anywhere, the pages of the catalog included, while it is open.
        for file in scratch.folder.files() {
            let data = try Data(contentsOf: URL(filePath: scratch.folder(file)))
            #expect(data.range(of: Data("5551234567".utf8)) == nil, "in \(file)")
            #expect(data.range(of: salt) == nil, "in \(file)")
        }
        try await archive.close()
        #expect(try await scratch.findings() == [])
    }

    @Test func `erases a source in quarantine with its report and its sidecar`() async throws {
        let scratch = try ScratchArchive()
        let archive = try await scratch.open()
        let recording = try await archive.quarantineSample(.sample(source: "source", stored: "source"))
        #expect(scratch.folder.files().count { $0.contains("/quarantine/") } == 4)
        try await archive.erase([recording.id], ground: "request")
        #expect(!scratch.folder.files().contains { $0.contains("/quarantine/") })
        #expect(try await archive.tombstone(id: recording.id)?.state == "quarantined")
        try await archive.close()
        #expect(try await scratch.findings() == [])
    }

    @Test func `is not asked for the same message again`() async throws {
        let scratch = try ScratchArchive()
        var archive = try await scratch.open()
        let identity = MessageIdentity.message(from: "1")
        let first = try await archive.addMessage(from: "1")
        let second = try await archive.addMessage(from: "1")
        #expect(second.ordinal == 2)
        try await archive.erase([first.id, first.id], ground: "request")
        for isRebuilt in [false, true] {
            if isRebuilt {
                try await archive.close()
                _ = try RecordingArchive.rebuildCatalog(at: scratch.path, context: scratch.context())
                archive = try await scratch.open()
            }
            #expect(try await archive.count(of: identity) == 2)
            #expect(try await archive.archivedSources(of: identity) == [first.facts.source.sha256])
            #expect(try await archive.count(of: .message(from: "2")) == 0)
        }
        try await archive.erase([second.id], ground: "request")
        #expect(try await archive.count(of: identity) == 2)
        // A message that comes all the same is archived beside the tombstones.
        let third = try await archive.addMessage(from: "1")
        #expect(try await archive.count(of: identity) == 3)
        await #expect(throws: ArchiveError.noRecording(id: first.id)) {
            try await archive.erase([third.id, first.id], ground: "request")
        }
        #expect(try await archive.all() == [third])
        try await archive.close()
        #expect(try await scratch.findings() == [])
    }

    @Test func `leaves proofs that were made before as good as they were`() async throws {
        let scratch = try ScratchArchive()
        let archive = try await scratch.open()
        let recording = try await archive.addMessage(from: "1")
        try await archive.flush()
        let text = try #require(scratch.folder.lines("archive/verifier-keys.txt").last)
        let key = try #require(VerifierKey(text))
        let index = UInt64(recording.ingestEntry)
        let reader = try LogReader(at: scratch.folder("archive/log"), keys: [key])
        let entry = try reader.entry(at: index)
        let file = try reader.proof(of: index).bytes
        try await archive.erase([recording.id], ground: "request")
        for number in 2...300 { try await archive.addMessage(from: "\(number)") }
        try await archive.close()
        let proof = try LogProof(file)
        try proof.verify(entry, with: [key])
        let grown = try LogReader(at: scratch.folder("archive/log"), keys: [key])
        #expect(grown.size > 256)
        // The log still has the entry, and extends what the proof is for.
        #expect(try grown.entry(at: index) == entry)
        _ = try grown.consistencyProof(from: proof.checkpoint.head)
        #expect(String(decoding: entry.bytes, as: UTF8.self).contains(recording.id))
        #expect(try await scratch.findings() == [])
    }
}
