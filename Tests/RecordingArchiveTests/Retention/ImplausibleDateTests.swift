import Foundation
import RecordingArchive
import TestSupport
import Testing

/// A box whose clock was reset gives messages of 1970; those of an older archive must not be due for that.
struct ImplausibleDateTests {
    private static let policy = RetentionPolicy("30d") ?? .forever

    private static func facts(_ date: String?, archivedAt: String = "2026-01-04T10:00:00Z") -> RecordingFacts
    {
        var facts = RecordingFacts.sample(date: date)
        facts.archivedAt = archivedAt
        return facts
    }

    @Test(arguments: [
        ("1970-01-01T00:00:00Z", false), ("1999-12-31T23:59:59Z", false),
        ("2000-01-01T00:59:59+01:00", false),
        ("2000-01-01T00:00:00Z", true), ("2000-01-01T01:00:00+01:00", true), ("2026-01-05T10:00:00Z", true),
        ("2026-01-07T10:00:00Z", true), ("2026-01-07T10:00:01Z", false), ("2099-01-01T00:00:00Z", false),
        ("9999-12-31T23:59:59Z", false), ("0000-01-01T00:00:00Z", false), ("no date", false),
    ])
    func `says from which dates a message can be`(date: String, isPlausible: Bool) async throws {
        let scratch = try ScratchArchive()
        let archive = try await scratch.open()
        #expect(try archive.isPlausible(date, on: scratch.now) == isPlausible)
        try await archive.close()
    }

    @Test func `does not call a date too late where the clock is behind`() async throws {
        let scratch = try ScratchArchive()
        let archive = try await scratch.open()
        try await archive.addMessage(from: "1")
        let reset = Date(timeIntervalSince1970: 0)
        #expect(try archive.isPlausible("2026-01-05T10:00:00Z", on: reset))
        #expect(try !archive.isPlausible("2027-01-05T10:00:00Z", on: reset))
        try await archive.close()
    }

    @Test func `keeps a recording of 1970 from when it was made`() async throws {
        let scratch = try ScratchArchive()
        var archive = try await scratch.open()
        let recording = try await archive.addSample(
            Self.facts("1970-01-01T00:00:12Z"), retention: Self.policy)
        #expect(recording.retention.untilText == "2026-02-03T10:00:00Z")
        #expect(try await archive.expire(isDryRun: true).items == [])
        try await archive.close()
        // The sidecar is as an older program wrote it, and reads it.
        let copy = try #require(try scratch.sidecar(of: recording)["retention"] as? [String: Any])
        #expect(copy["until"] as? String == "1970-01-31T00:00:12Z")
        #expect(try await scratch.findings() == [])
        _ = try await scratch.rebuild()
        scratch.now += 40 * 86_400
        archive = try await scratch.open()
        #expect(try await archive.all().map(\.retention) == [recording.retention])
        #expect(try await archive.expire(isDryRun: true).ids == [recording.id])
        try await archive.close()
    }

    @Test func `makes the end right in the catalog of an older program`() async throws {
        let scratch = try ScratchArchive()
        var archive = try await scratch.open()
        let early = try await archive.addSample(Self.facts("1970-01-01T00:00:12Z"), retention: Self.policy)
        let other = try await archive.addMessage(from: "2", retention: .tenYears)
        try await archive.close()
        _ = try scratch.folder.sqlite("UPDATE recording SET retainUntil = 2592012 WHERE id = '\(early.id)'")
        #expect(try await scratch.findings() == [])
        archive = try await scratch.open()
        #expect(try await archive.expire(isDryRun: true).items == [])
        #expect(try await archive.recording(id: early.id)?.retention == early.retention)
        #expect(try await archive.recording(id: other.id)?.retention == other.retention)
        try await archive.close()
        // An end that follows from neither rule is still damage.
        _ = try scratch.folder.sqlite("UPDATE recording SET retainUntil = 2592013 WHERE id = '\(early.id)'")
        #expect(try await scratch.findings().map(\.kind) == [.rowAltered])
    }

    @Test func `never shortens what is kept from when it was made`() async throws {
        let scratch = try ScratchArchive()
        let archive = try await scratch.open()
        // From March 2023 on, twelve months have a leap day; from 1970 on they have none.
        let early = try await archive.addSample(
            Self.facts("1970-01-01T00:00:12Z", archivedAt: "2023-03-01T00:00:00Z"),
            retention: try #require(RetentionPolicy("12m")))
        func retain(_ policy: String, _ id: String) async throws {
            _ = try await archive.extendRetention(
                of: .ids([id]), to: try #require(RetentionPolicy(policy)), reason: "r")
        }
        await #expect(throws: ArchiveError.self) { try await retain("365d", early.id) }
        try await retain("366d", early.id)
        #expect(try await archive.recording(id: early.id)?.retention.untilText == "2024-03-01T00:00:00Z")

        // What was promised by a date that is too late stays promised.
        let late = try await archive.addSample(
            .sample(.message(from: "9"), source: "late", date: "2055-01-01T00:00:00Z"), retention: Self.policy
        )
        #expect(late.retention.untilText == "2055-01-31T00:00:00Z")
        await #expect(throws: ArchiveError.self) { try await retain("29d", late.id) }
        try await retain("1y", late.id)
        #expect(try await archive.recording(id: late.id)?.retention.untilText == "2056-01-01T00:00:00Z")
        try await archive.close()
        #expect(try await scratch.findings() == [])
    }
}
