import Foundation
import RecordingArchive
import TestSupport
import Testing

struct CompletenessTests {
    private struct File: Decodable {
        var pbx: String
        var missing: [Listing]
    }

    private func file(_ scratch: ScratchArchive) throws -> File {
        let data = try Data(contentsOf: URL(filePath: scratch.folder("archive/listings/office.json")))
        return try JSONDecoder().decode(File.self, from: data)
    }

    @Test func `knows what is missing, and since when`() async throws {
        let scratch = try ScratchArchive()
        let archive = try await scratch.open()
        let messages = ["1", "2", "3"].map { MessageIdentity.message(from: $0) }
        try await archive.noteListing(of: "office", Array(messages[..<2]))
        scratch.now += 3600
        try await archive.noteListing(of: "office", messages)
        var status = try await archive.status()
        #expect(status.expected == 3)
        #expect(status.missing == 3)
        #expect(status.contacts.map(\.pbx) == ["office"])
        #expect(status.contacts.map(\.messages) == [3])
        #expect(status.contacts.map(\.at) == ["2026-01-05T11:00:00.000Z"])
        #expect(status.oldestMissing?.firstListed == "2026-01-05T10:00:00.000Z")
        #expect(["1", "2"].contains(status.oldestMissing?.caller))
        #expect(try file(scratch).missing.compactMap(\.caller).sorted() == ["1", "2", "3"])

        try await archive.addMessage(from: "1")
        try await archive.addMessage(from: "2")
        try await archive.updateListing(of: "office")
        status = try await archive.status()
        #expect(status.missing == 1)
        #expect(status.oldestMissing?.caller == "3")
        #expect(status.oldestMissing?.extension == "1000")
        #expect(status.oldestMissing?.date == "2020-01-02 12:00:00")
        #expect(status.oldestMissing?.length == "42")
        #expect(status.oldestMissing?.firstListed == "2026-01-05T11:00:00.000Z")
        #expect(try file(scratch).missing == [try #require(status.oldestMissing)])
        #expect(!(scratch.folder.text("archive/listings/office.json") ?? "").contains("\"1\""))

        try await archive.addMessage(from: "3")
        try await archive.updateListing(of: "office")
        status = try await archive.status()
        #expect(status.expected == 3)
        #expect(status.missing == 0)
        #expect(status.oldestMissing == nil)
        #expect(status.statistics.archived == 3)
        #expect(try file(scratch).missing == [])
        // What is deleted on the PBX does not become unexpected.
        try await archive.noteListing(of: "office", [])
        status = try await archive.status()
        #expect(status.expected == 3)
        #expect(status.contacts.map(\.messages) == [0])
        try await archive.close()
        #expect(try await scratch.findings() == [])
    }

    @Test func `puts only keys into the journal, each once`() async throws {
        let scratch = try ScratchArchive()
        let archive = try await scratch.open()
        let identity = MessageIdentity(
            pbx: "office", extension: "4711", listedDate: "2020-01-02 12:00:00", caller: "5551234567",
            listedLength: "42")
        try await archive.noteListing(of: "office", [identity])
        try await archive.noteListing(of: "office", [identity])
        try await archive.close()
        let lines = try scratch.journal().filter { $0["event"] as? String == "listing" }
        #expect(lines.count == 2)
        #expect((lines[0]["new"] as? [[Any]])?.count == 1)
        #expect((lines[0]["new"] as? [[Any]])?.first?.first as? String != nil)
        #expect((lines[1]["new"] as? [[Any]])?.isEmpty == true)
        let journal = try #require(scratch.folder.text("archive/journal/000000.jsonl"))
        for text in ["5551234567", "4711", "2020-01-02"] { #expect(!journal.contains(text)) }
        for file in scratch.folder.files() where file.hasPrefix("archive/log/") {
            let data = try Data(contentsOf: URL(filePath: scratch.folder(file)))
            #expect(data.range(of: Data("5551234567".utf8)) == nil)
        }
    }

    @Test func `counts equal messages as often as they are listed`() async throws {
        let scratch = try ScratchArchive()
        let archive = try await scratch.open()
        let identity = MessageIdentity.message(from: "1")
        try await archive.noteListing(of: "office", [identity, identity])
        #expect(try await archive.status().missing == 2)
        try await archive.addMessage(from: "1")
        #expect(try await archive.status().missing == 1)
        #expect(try await archive.status().oldestMissing?.caller == "1")
        try await archive.noteListing(of: "office", [identity])
        #expect(try await archive.status().expected == 2)
        try await archive.noteListing(of: "office", [identity, identity, identity])
        #expect(try await archive.status().expected == 3)
        #expect(try await archive.status().missing == 2)
        try await archive.addMessage(from: "1")
        try await archive.addMessage(from: "1")
        #expect(try await archive.status().missing == 0)
        // More than were listed do not make up for others.
        try await archive.addMessage(from: "1")
        try await archive.noteListing(of: "office", [identity, .message(from: "2")])
        #expect(try await archive.status().missing == 1)
    }

    @Test func `counts what was archived before it was listed`() async throws {
        let scratch = try ScratchArchive()
        let archive = try await scratch.open()
        try await archive.addMessage(from: "1")
        let quarantined = MessageIdentity.message(from: "2")
        try await archive.quarantineSample(.sample(quarantined, source: "source", stored: "source"))
        try await archive.noteListing(of: "office", [.message(from: "1"), quarantined, .message(from: "3")])
        let status = try await archive.status()
        #expect(status.expected == 3)
        #expect(status.missing == 1)
        #expect(status.statistics.archived == 1)
        #expect(status.statistics.quarantined == 1)
    }

    @Test(arguments: [false, true])
    func `counts what was erased as archived`(isListedBefore: Bool) async throws {
        let scratch = try ScratchArchive()
        var archive = try await scratch.open()
        let identity = MessageIdentity.message(from: "1")
        if isListedBefore { try await archive.noteListing(of: "office", [identity, .message(from: "2")]) }
        let recording = try await archive.addMessage(from: "1")
        try await archive.erase([recording.id], ground: "request")
        if !isListedBefore { try await archive.noteListing(of: "office", [identity, .message(from: "2")]) }
        try await archive.updateListing(of: "office")
        var status = try await archive.status()
        #expect(status.missing == 1)
        #expect(status.erased == 1)
        #expect(status.oldestMissing?.caller == "2")
        try await archive.close()
        let catalog = try scratch.catalog()
        _ = try RecordingArchive.rebuildCatalog(at: scratch.path, context: scratch.context())
        #expect(try scratch.catalog() == catalog)
        archive = try await scratch.open()
        status = try await archive.status()
        #expect(status.missing == 1)
        #expect(status.oldestMissing?.caller == "2")
    }

    @Test func `keeps what it knows in clear only while the message is missing`() async throws {
        let scratch = try ScratchArchive()
        let archive = try await scratch.open()
        let identity = MessageIdentity.message(from: "5551234567")
        try await archive.noteListing(of: "office", [identity])
        #expect(try scratch.folder.sqlite("SELECT caller FROM listed") == "5551234567\n")
        let recording = try await archive.addMessage(from: "5551234567")
        #expect(try scratch.folder.sqlite("SELECT caller, extension, date, length FROM listed") == "|||\n")
        try await archive.updateListing(of: "office")
        try await archive.erase([recording.id], ground: "request")
        try await archive.noteListing(of: "office", [identity])
        #expect(try scratch.folder.sqlite("SELECT caller, extension, date, length FROM listed") == "|||\n")
        for file in scratch.folder.files() {
            let data = try Data(contentsOf: URL(filePath: scratch.folder(file)))
            #expect(data.range(of: Data("5551234567".utf8)) == nil, "in \(file)")
        }
    }

    @Test func `keeps PBXs apart`() async throws {
        let scratch = try ScratchArchive()
        let archive = try await scratch.open()
        var other = MessageIdentity.message(from: "1")
        other.pbx = "head/../office"
        try await archive.noteListing(of: "office", [.message(from: "1")])
        try await archive.noteListing(of: other.pbx, [other])
        try await archive.addMessage(from: "1")
        let status = try await archive.status()
        #expect(status.expected == 2)
        #expect(status.missing == 1)
        #expect(status.oldestMissing?.pbx == other.pbx)
        #expect(scratch.folder.files().count { $0.hasPrefix("archive/listings/") } == 2)
    }

    @Test func `tells how the archive stands`() async throws {
        let scratch = try ScratchArchive()
        let archive = try await scratch.open()
        var status = try await archive.status()
        #expect(status.expected == 0)
        #expect(status.verification == nil)
        #expect(status.pendingEntries == 0)
        #expect(status.copies == [])
        #expect(status.daysUntilFull == nil)
        let recording = try await archive.addMessage(from: "1")
        #expect(try await archive.status().pendingEntries == 1)
        _ = try await archive.placeHold(case: "A", on: .ids([recording.id]), future: false, reason: "why")
        try FileManager.default.removeItem(atPath: scratch.folder("archive/" + recording.path))
        let summary = try archive.verify(VerificationPlan()) { _ in }
        #expect(summary.findings == [.fileMissing: 1])
        try await archive.noteVerification(summary, from: 0, isDeep: true)
        try await archive.addReplica(scratch.folder("replica"))
        scratch.now += 10 * 86_400
        status = try await archive.status()
        #expect(status.holds == 1)
        #expect(status.pendingEntries == 0)
        #expect(status.verification?.at == "2026-01-05T10:00:00.000Z")
        #expect(status.verification?.checked == 1)
        #expect(status.verification?.damage == 1)
        #expect(status.verification?.deep == true)
        #expect(status.copies.map(\.path) == [scratch.folder("replica")])
        let lines = try scratch.journal().count
        #expect(status.copies.first?.linesBehind == lines)
        #expect(try #require(status.freeBytes) > 0)
        #expect(try #require(status.daysUntilFull) > 0)
        try Data("stored of 1".utf8).write(to: URL(filePath: scratch.folder("archive/" + recording.path)))
        _ = try await archive.replicate(to: scratch.folder("replica"))
        #expect(try await archive.status().copies.first?.linesBehind == 0)
        try FileManager.default.removeItem(atPath: scratch.folder("replica"))
        status = try await archive.status()
        #expect(status.copies.count == 1)
        #expect(status.copies.first?.linesBehind == nil)
    }
}
