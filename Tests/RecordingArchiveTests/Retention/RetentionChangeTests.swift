import Foundation
import RecordingArchive
import TestSupport
import Testing

struct RetentionChangeTests {
    private func policy(_ text: String) throws -> RetentionPolicy { try #require(RetentionPolicy(text)) }

    private func shown(_ scratch: ScratchArchive, _ recording: Recording) throws -> [String: String] {
        try #require(try scratch.sidecar(of: recording)["retention"] as? [String: String])
    }

    @Test(arguments: [
        ("10y", "11y", true), ("10y", "forever", true), ("10y", "120m", true), ("1d", "2d", true),
        ("event+1y", "event+2y", true), ("event+1y", "forever", true),
        ("forever", "10y", false), ("10y", "9y", false), ("10y", "event+10y", false),
        ("event+10y", "10y", false), ("event+2y", "event+1y", false), ("forever", "event+1000y", false),
    ])
    func `extends a retention and never shortens it`(old: String, new: String, isAllowed: Bool) async throws {
        let scratch = try ScratchArchive()
        let archive = try await scratch.open()
        let recording = try await archive.addMessage(from: "1", retention: try policy(old))
        #expect(recording.retention.policy.description == old)
        if isAllowed {
            let count = try await archive.extendRetention(
                of: .ids([recording.id]), to: try policy(new), reason: "why")
            #expect(count == 1)
        } else {
            let refusal = await #expect(throws: ArchiveError.self) {
                try await archive.extendRetention(
                    of: .ids([recording.id]), to: try policy(new), reason: "why")
            }
            #expect(refusal?.description.contains("can only be extended") == true)
            let line = try #require(try scratch.journal().last { $0["event"] as? String == "refused" })
            #expect(line["what"] as? String == "retention")
            #expect(line["about"] as? String == recording.id)
        }
        let expected = isAllowed ? new : old
        #expect(try await archive.recording(id: recording.id)?.retention.policy.description == expected)
        #expect(try shown(scratch, recording)["policy"] == expected)
        try await archive.close()
        #expect(try await scratch.findings() == [])
    }

    @Test func `changes none where one would be kept shorter`() async throws {
        let scratch = try ScratchArchive()
        let archive = try await scratch.open()
        let short = try await archive.addMessage(from: "1", retention: try policy("1y"))
        let long = try await archive.addMessage(from: "2", retention: try policy("20y"))
        await #expect(throws: ArchiveError.self) {
            try await archive.extendRetention(
                of: .matching(RecordingFilter()), to: .tenYears, reason: "why")
        }
        #expect(try await archive.recording(id: short.id)?.retention == short.retention)
        #expect(try await archive.recording(id: long.id)?.retention == long.retention)
        let none = RecordingFilter(caller: "nobody")
        #expect(try await archive.extendRetention(of: .matching(none), to: .forever, reason: "why") == 0)
        #expect(try scratch.events().count(of: "retention") == 0)
        // The same again takes nothing away.
        #expect(
            try await archive.extendRetention(of: .ids([long.id]), to: try policy("20y"), reason: "w") == 1)
    }

    @Test func `counts from an event once that is known, and lets it only come later`() async throws {
        let scratch = try ScratchArchive()
        let archive = try await scratch.open()
        let recording = try await archive.addMessage(from: "1", retention: try policy("event+1y"))
        let other = try await archive.addMessage(from: "2", retention: .tenYears)
        func set(_ text: String, on id: String) async throws -> Int {
            try await archive.setEvent(
                of: .ids([id]), to: try #require(CalendarDate(text)), reason: "contract ended")
        }
        #expect(recording.retention.until == nil)
        #expect(try await set("2024-02-29", on: recording.id) == 1)
        #expect(
            try shown(scratch, recording) == [
                "event": "2024-02-29", "policy": "event+1y", "until": "2025-02-28T00:00:00Z",
            ])
        #expect(try await set("2024-03-01", on: recording.id) == 1)
        #expect(try await set("2024-03-01", on: recording.id) == 1)
        for (text, id, words) in [
            ("2024-02-29", recording.id, "an earlier day would shorten"),
            ("2024-03-01", other.id, "counts from no event"),
        ] {
            let refusal = await #expect(throws: ArchiveError.self) { try await set(text, on: id) }
            #expect(refusal?.description.contains(words) == true)
            let line = try #require(try scratch.journal().last { $0["event"] as? String == "refused" })
            #expect(line["what"] as? String == "event")
        }
        let retention = try await archive.recording(id: recording.id)?.retention
        #expect(retention?.event?.description == "2024-03-01")
        #expect(retention?.untilText == "2025-03-01T00:00:00Z")
        // An event that is long past does not let a policy from creation become shorter.
        await #expect(throws: ArchiveError.self) {
            try await archive.extendRetention(of: .ids([recording.id]), to: try policy("1y"), reason: "w")
        }
        #expect(try await archive.extendRetention(of: .ids([recording.id]), to: .tenYears, reason: "w") == 1)
        #expect(
            try await archive.recording(id: recording.id)?.retention.untilText == "2030-01-02T12:00:00Z")
        try await archive.close()
        #expect(try await scratch.findings() == [])

        let catalog = try scratch.catalog()
        _ = try RecordingArchive.rebuildCatalog(at: scratch.path, context: scratch.context())
        #expect(try scratch.catalog() == catalog)
    }
}
