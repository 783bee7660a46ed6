import Foundation
import RecordingArchive
import TestSupport
import Testing

struct ExpiryTests {
    /// 2036-01-05T10:00:00Z, when ten years from the clock's start have passed.
    private let end = Date(timeIntervalSince1970: 2_083_140_000)

    private func scratchWithEnd() async throws -> (ScratchArchive, Recording) {
        let scratch = try ScratchArchive()
        let archive = try await scratch.open()
        // The date is not known, so the retention counts from when the recording was made.
        var facts = RecordingFacts.sample(date: nil)
        facts.archivedAt = "2026-01-05T10:00:00Z"
        let recording = try await archive.addSample(facts, retention: .tenYears)
        #expect(recording.retention.untilText == "2036-01-05T10:00:00Z")
        try await archive.close()
        return (scratch, recording)
    }

    @Test func `erases at the end of the retention, and not a second before`() async throws {
        let (scratch, recording) = try await scratchWithEnd()
        let archive = try await scratch.open()
        for (seconds, ids) in [(-1.0, []), (0, []), (1, [recording.id])] {
            scratch.now = end + seconds
            let dry = try await archive.expire(isDryRun: true)
            #expect(dry.ids == ids, "\(seconds) s after the end")
            #expect(!dry.wereErased)
            let expiry = try await archive.expire(isDryRun: false)
            #expect(expiry.ids == ids)
            #expect(expiry.wereErased)
        }
        #expect(try await archive.all() == [])
        let tombstone = try #require(try await archive.tombstone(id: recording.id))
        #expect(tombstone.kind == "expired")
        #expect(tombstone.ground == "retention 10y")
        #expect(tombstone.erasedAt == "2036-01-05T10:00:01.000Z")
        try await archive.close()
        #expect(try await scratch.findings() == [])
    }

    @Test func `does not end without a known end`() async throws {
        let scratch = try ScratchArchive()
        let archive = try await scratch.open()
        try await archive.addMessage(from: "1", retention: .forever)
        let event = try await archive.addMessage(
            from: "2", retention: try #require(RetentionPolicy("event+1d")))
        scratch.now = Date(timeIntervalSince1970: 32_503_680_000)
        #expect(try await archive.expire(isDryRun: true).ids == [])
        let date = try #require(CalendarDate("2026-01-01"))
        _ = try await archive.setEvent(of: .ids([event.id]), to: date, reason: "why")
        #expect(try await archive.expire(isDryRun: true).ids == [event.id])
    }

    @Test func `looks only at what passes the filter`() async throws {
        let scratch = try ScratchArchive()
        let archive = try await scratch.open()
        let policy = try #require(RetentionPolicy("1y"))
        try await archive.addMessage(from: "1", retention: policy)
        let second = try await archive.addMessage(from: "2", retention: policy)
        let filter = RecordingFilter(caller: "2")
        #expect(try await archive.expire(matching: filter, isDryRun: true).ids == [second.id])
        #expect(try await archive.expire(matching: filter, isDryRun: false).ids == [second.id])
        #expect(try await archive.all().map(\.facts.identity.caller) == ["1"])
    }

    @Test func `needs a dry run for each policy, which the audit trail remembers`() async throws {
        let scratch = try ScratchArchive()
        var archive = try await scratch.open()
        try await archive.addMessage(from: "1", retention: try #require(RetentionPolicy("1y")))
        var refusal = await #expect(throws: ArchiveError.self) { try await archive.expire(isDryRun: false) }
        #expect(refusal?.description.contains("the policy 1y has never been tried") == true)
        #expect(
            try scratch.journal().last { $0["event"] as? String == "refused" }?["what"] as? String == "expire"
        )
        #expect(try await archive.expire(isDryRun: true).policies == ["1y": 1])
        try await archive.addMessage(from: "2", retention: try #require(RetentionPolicy("2y")))
        refusal = await #expect(throws: ArchiveError.self) { try await archive.expire(isDryRun: false) }
        #expect(refusal?.description.contains("the policy 2y has never been tried") == true)
        #expect(try await archive.all().count == 2)
        #expect(try await archive.expire(isDryRun: true).policies == ["1y": 1, "2y": 1])
        try await archive.close()
        _ = try RecordingArchive.rebuildCatalog(at: scratch.path, context: scratch.context())
        archive = try await scratch.open()
        #expect(try await archive.expire(isDryRun: false).ids.count == 2)
        #expect(try await archive.all() == [])
        // A policy that was tried once needs no further trial.
        try await archive.addMessage(from: "3", retention: try #require(RetentionPolicy("1y")))
        #expect(try await archive.expire(isDryRun: false).ids.count == 1)
    }

    @Test(arguments: [true, false])
    func `refuses while the clock is behind what the archive has seen`(isDryRun: Bool) async throws {
        let (scratch, _) = try await scratchWithEnd()
        let archive = try await scratch.open()
        scratch.now = end + 1
        _ = try await archive.expire(isDryRun: true)
        scratch.now = end + 0.9
        let refusal = await #expect(throws: ArchiveError.self) {
            try await archive.expire(isDryRun: isDryRun)
        }
        #expect(refusal?.description.contains("set the clock right before anything is erased") == true)
        #expect(try scratch.events().contains("refused"))
        scratch.now = end + 1
        #expect(try await archive.expire(isDryRun: isDryRun).ids.count == 1)
    }

    @Test func `refuses while the clock is too far ahead of a witness`() async throws {
        let (scratch, _) = try await scratchWithEnd()
        let archive = try await scratch.open()
        scratch.now = end + 1
        _ = try await archive.expire(isDryRun: true)
        let witness = end + 1 - 100
        let refusal = await #expect(throws: ArchiveError.self) {
            try await archive.expire(isDryRun: false, witness: witness, tolerance: 99)
        }
        #expect(refusal?.description.contains("ahead of the newest time stamp from outside") == true)
        #expect(try await archive.all().count == 1)
        #expect(try await archive.expire(isDryRun: false, witness: witness, tolerance: 100).ids.count == 1)
    }

    @Test func `lets the clock be a month ahead of a witness where nothing else is said`() async throws {
        let (scratch, _) = try await scratchWithEnd()
        let archive = try await scratch.open()
        scratch.now = end + 1
        let month = 31 * 86_400.0
        await #expect(throws: ArchiveError.self) {
            try await archive.expire(isDryRun: true, witness: end - month)
        }
        #expect(try await archive.expire(isDryRun: true, witness: end + 1 - month).ids.count == 1)
    }
}
