import Foundation
import RecordingArchive
import TestSupport
import Testing

struct MissingTests {
    @Test func `counts what somebody has accepted as missing no more`() async throws {
        let scratch = try ScratchArchive()
        var archive = try await scratch.open()
        let messages = ["1", "2", "3"].map { MessageIdentity.message(from: $0) }
        try await archive.noteListing(of: "office", messages)
        try await archive.addMessage(from: "1")
        let missing = try await archive.missing()
        #expect(missing.compactMap(\.listing.identity).map(\.caller).sorted() == ["2", "3"])
        let second = try #require(missing.first { $0.listing.caller == "2" }?.listing)
        try await archive.close()

        archive = try await scratch.open(as: "bob")
        scratch.now += 3600
        #expect(
            try await archive.acceptMissing([second.messageKey], reason: "heard at reception") == [second])
        #expect(try await archive.isAcceptedMissing(messages[1]))
        for other in [messages[0], messages[2], .message(from: "9")] {
            #expect(try await !archive.isAcceptedMissing(other))
        }
        var status = try await archive.status()
        #expect((status.missing, status.acceptedMissing) == (1, 1))
        #expect(status.oldestMissing?.caller == "3")
        #expect(try await archive.missing().map(\.listing.caller) == ["3"])
        let accepted = try await archive.missing(isAccepted: true)
        #expect(accepted.map(\.listing) == [second])
        #expect(accepted.first?.acceptance?.actor == "bob")
        #expect(accepted.first?.acceptance?.reason == "heard at reception")
        #expect(accepted.first?.acceptance?.at == "2026-01-05T11:00:00.000Z")
        try await archive.close()
        #expect(try await scratch.findings() == [])

        // It is known in clear as long as it is missing, also to a catalog that is made anew.
        let catalog = try scratch.catalog()
        _ = try RecordingArchive.rebuildCatalog(at: scratch.path, context: scratch.context())
        #expect(try scratch.catalog() == catalog)
        archive = try await scratch.open()
        #expect(try await archive.missing(isAccepted: true) == accepted)
        // It comes after all.
        try await archive.addMessage(from: "2")
        status = try await archive.status()
        #expect((status.missing, status.acceptedMissing) == (1, 0))
        #expect(try await archive.missing(isAccepted: true).isEmpty)
    }

    @Test func `is in the audit trail and the log, without what the message was`() async throws {
        let scratch = try ScratchArchive()
        let archive = try await scratch.open()
        let identity = MessageIdentity.message(from: "5551234567")
        try await archive.noteListing(of: "office", [identity])
        let key = try #require(try await archive.missing().first?.listing.messageKey)
        try await archive.acceptMissing(nil, reason: "deleted")
        let line = try #require(try scratch.journal().first { $0["event"] as? String == "accept" })
        #expect(line["actor"] as? String == "alice")
        #expect(line["reason"] as? String == "deleted")
        #expect(line["pbx"] as? String == "office")
        #expect((line["messages"] as? [[Any]])?.first?.first as? String == key)
        #expect(try await archive.status().pendingEntries == 0)
        let journal = try #require(scratch.folder.text("archive/journal/000000.jsonl"))
        #expect(!journal.contains("5551234567"))
        #expect(journal.contains(#""type":"accept""#))
    }

    @Test func `tells again of a message that is listed once more than was accepted`() async throws {
        let scratch = try ScratchArchive()
        let archive = try await scratch.open()
        let identity = MessageIdentity.message(from: "1")
        try await archive.noteListing(of: "office", [identity, identity])
        #expect(try await archive.acceptMissing(nil, reason: "deleted").map(\.count) == [2])
        #expect(try await archive.acceptMissing(nil, reason: "deleted").isEmpty)
        try await archive.noteListing(of: "office", [identity, identity, identity])
        #expect(try await archive.missing().map(\.listing.count) == [1])
        #expect(try await archive.missing(isAccepted: true).map(\.listing.count) == [2])
        #expect(try await !archive.isAcceptedMissing(identity))
        var status = try await archive.status()
        #expect((status.missing, status.acceptedMissing) == (1, 2))
        // One of those that were accepted comes; which one cannot be known.
        try await archive.addMessage(from: "1")
        status = try await archive.status()
        #expect((status.missing, status.acceptedMissing) == (1, 1))
    }

    @Test func `accepts nothing that is not missing`() async throws {
        let scratch = try ScratchArchive()
        let archive = try await scratch.open()
        try await archive.noteListing(of: "office", [.message(from: "1"), .message(from: "2")])
        let keys = try await archive.missing().map(\.listing.messageKey)
        await #expect(throws: ArchiveError.noMissing(key: "0123")) {
            try await archive.acceptMissing([keys[0], "0123"], reason: "deleted")
        }
        #expect(try await archive.status().missing == 2)
        try await archive.acceptMissing([keys[0]], reason: "deleted")
        await #expect(throws: ArchiveError.noMissing(key: keys[0])) {
            try await archive.acceptMissing([keys[0]], reason: "deleted")
        }
    }
}
