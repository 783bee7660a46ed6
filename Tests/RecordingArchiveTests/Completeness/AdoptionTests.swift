import Digests
import Foundation
import RecordingArchive
import TestSupport
import Testing

struct AdoptionTests {
    private static func source(of caller: String) -> Digest {
        SHA256Hasher.digest(of: Array("source of \(caller)".utf8))
    }

    /// The message of a caller, listed in another form.
    private static func form(_ date: String, from caller: String = "1") -> MessageIdentity {
        var identity = MessageIdentity.message(from: caller)
        identity.listedDate = date
        return identity
    }

    private func adopt(
        _ archive: RecordingArchive, _ identity: MessageIdentity, source: Digest = source(of: "1"),
        among listed: [MessageIdentity]
    ) async throws -> (record: String, difference: String)? {
        try await archive.adopt(source, as: identity, among: archive.listed(listed)) { _ in "form of the date"
        }
    }

    @Test func `knows a message again that is listed in another form`() async throws {
        let scratch = try ScratchArchive()
        var archive = try await scratch.open()
        let old = MessageIdentity.message(from: "1")
        let new = Self.form("02/01/2020 12:00")
        try await archive.noteListing(of: "office", [old])
        let recording = try await archive.addMessage(from: "1")
        try await archive.noteListing(of: "office", [new])
        #expect(try await archive.status().missing == 1)
        #expect(try await adopt(archive, new, among: [new])?.record == recording.id)
        #expect(try await archive.count(of: new) == 1)
        #expect(try await archive.archivedSources(of: new) == [Self.source(of: "1")])
        var status = try await archive.status()
        #expect((status.expected, status.missing, status.statistics.archived) == (1, 0, 1))
        #expect(
            try scratch.folder.sqlite("SELECT caller, extension, date, length FROM listed") == "|||\n|||\n")

        // It takes a third form, and goes back to the first.
        let third = Self.form("2020-01-02T12:00:00")
        try await archive.noteListing(of: "office", [third])
        #expect(try await adopt(archive, third, among: [third])?.record == recording.id)
        #expect(try await archive.count(of: old) == 1)
        try await archive.close()
        let line = try #require(try scratch.journal().first { $0["event"] as? String == "adopt" })
        #expect(line["record"] as? String == recording.id)
        #expect(line["reason"] as? String == "form of the date")
        #expect(scratch.folder.text("archive/journal/000000.jsonl")?.contains("02/01/2020") == false)
        #expect(try await scratch.findings() == [])

        let catalog = try scratch.catalog()
        _ = try RecordingArchive.rebuildCatalog(at: scratch.path, context: scratch.context())
        #expect(try scratch.catalog() == catalog)
        archive = try await scratch.open()
        // An erased message is not fetched again either, whichever form it has.
        try await archive.erase([recording.id], ground: "request")
        for form in [old, new, third] { #expect(try await archive.count(of: form) == 1) }
        #expect(try await archive.archivedSources(of: new) == [Self.source(of: "1")])
        status = try await archive.status()
        #expect((status.expected, status.missing, status.erased) == (1, 0, 1))
        try await archive.close()
        #expect(try await scratch.findings() == [])
    }

    @Test func `adopts no message of which something else is known`() async throws {
        let scratch = try ScratchArchive()
        let archive = try await scratch.open()
        let old = MessageIdentity.message(from: "1")
        let new = Self.form("02/01/2020 12:00")
        try await archive.addMessage(from: "1")
        // It is listed as it was: the other one is another message.
        #expect(try await adopt(archive, new, among: [old, new]) == nil)
        // Other audio, another mailbox, another PBX.
        #expect(try await adopt(archive, new, source: Self.source(of: "2"), among: [new]) == nil)
        var elsewhere = new
        elsewhere.extension = "1001"
        #expect(try await adopt(archive, elsewhere, among: [elsewhere]) == nil)
        elsewhere = new
        elsewhere.pbx = "branch"
        #expect(try await adopt(archive, elsewhere, among: [elsewhere]) == nil)
        // The caller says that it cannot be the same one.
        let refused = try await archive.adopt(
            Self.source(of: "1"), as: new, among: archive.listed([new])
        ) { _ in nil }
        #expect(refused == nil)
        #expect(!(try scratch.events()).contains("adopt"))
        // Of two new forms one is adopted, and the other is another message.
        let other = Self.form("2020/01/02")
        #expect(try await adopt(archive, new, among: [new, other]) != nil)
        #expect(try await adopt(archive, other, among: [new, other]) == nil)
    }

    @Test func `knows an erased message again whose form can be guessed`() async throws {
        let scratch = try ScratchArchive()
        let archive = try await scratch.open()
        let old = MessageIdentity.message(from: "1")
        let new = Self.form("02/01/2020 12:00")
        let recording = try await archive.addMessage(from: "1")
        try await archive.erase([recording.id], ground: "request")
        func adopted(
            _ source: Digest = Self.source(of: "1"), guessing forms: [MessageIdentity],
            among listed: [MessageIdentity] = [new]
        ) async throws -> String? {
            try await archive.adopt(source, as: new, among: archive.listed(listed)) {
                forms
            } where: { _ in
                "date"
            }?.record
        }
        #expect(try await adopted(guessing: [.message(from: "2"), .message(from: "1", day: 3)]) == nil)
        #expect(try await adopted(Self.source(of: "2"), guessing: [old]) == nil)
        #expect(try await adopted(guessing: [old], among: [old, new]) == nil)
        #expect(try await adopted(guessing: [.message(from: "2"), old]) == recording.id)
        #expect(try await archive.count(of: new) == 1)
        try await archive.close()
        #expect(try await scratch.findings() == [])
    }

    @Test func `counts one message that is listed three times`() async throws {
        let scratch = try ScratchArchive()
        let archive = try await scratch.open()
        let identity = MessageIdentity.message(from: "1")
        try await archive.noteListing(of: "office", [identity, identity, identity])
        #expect(try await archive.adoptRepetitions(of: identity, listed: 3) == 0)
        try await archive.addMessage(from: "1")
        #expect(try await archive.adoptRepetitions(of: identity, listed: 3) == 2)
        #expect(try await archive.adoptRepetitions(of: identity, listed: 3) == 0)
        #expect(try await archive.count(of: identity) == 3)
        let status = try await archive.status()
        #expect((status.expected, status.missing) == (1, 0))
        try await archive.close()
        #expect(try await scratch.findings() == [])
        let catalog = try scratch.catalog()
        _ = try RecordingArchive.rebuildCatalog(at: scratch.path, context: scratch.context())
        #expect(try scratch.catalog() == catalog)
    }

    @Test(arguments: [
        "adoption SET messageKey = 'x'", "replacement SET better = 'x'", "acceptance SET reason = ''",
    ])
    func `notices a catalog that says otherwise than the journal`(change: String) async throws {
        let scratch = try ScratchArchive()
        let archive = try await scratch.open()
        let messages = ["1", "2", "3"].map { MessageIdentity.message(from: $0) }
        try await archive.noteListing(of: "office", messages + [messages[0]])
        try await archive.addMessage(from: "1")
        #expect(try await archive.adoptRepetitions(of: messages[0], listed: 2) == 1)
        var worse = RecordingFacts.sample(messages[1], source: "cut", stored: "cut")
        worse.verdict = "salvaged"
        try await archive.addSample(worse, stored: "cut")
        try await archive.addMessage(from: "2")
        #expect(try await archive.replaceWorse(of: messages[1], listed: 1).count == 1)
        #expect(try await archive.acceptMissing(nil, reason: "deleted").count == 1)
        try await archive.close()
        #expect(try await scratch.findings() == [])
        _ = try scratch.folder.sqlite("UPDATE \(change)")
        #expect(try await scratch.findings().map(\.kind) == [.rowAltered])
        _ = try RecordingArchive.rebuildCatalog(at: scratch.path, context: scratch.context())
        #expect(try await scratch.findings() == [])
    }
}
