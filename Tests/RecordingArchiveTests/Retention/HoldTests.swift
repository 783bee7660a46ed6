import Foundation
import RecordingArchive
import TestSupport
import Testing

struct HoldTests {
    private func cases(_ scratch: ScratchArchive, _ recording: Recording) throws -> [String] {
        let holds = try #require(try scratch.sidecar(of: recording)["holds"] as? [[String: String]])
        return holds.compactMap { $0["case"] }.sorted()
    }

    private func holds(_ archive: RecordingArchive, _ recordings: [Recording]) async throws -> [Int?] {
        var counts: [Int?] = []
        for recording in recordings { counts.append(try await archive.recording(id: recording.id)?.holds) }
        return counts
    }

    @Test func `holds recordings that are named, each once, and shows it beside their files`() async throws {
        let scratch = try ScratchArchive()
        let archive = try await scratch.open()
        let first = try await archive.addMessage(from: "1")
        let second = try await archive.addMessage(from: "2")
        let hold = try await archive.placeHold(
            case: "A-1", on: .ids([second.id, second.id]), future: false, reason: "letter of 2 May")
        #expect(hold.caseID == "A-1")
        #expect(hold.filter == nil)
        #expect(!hold.future)
        #expect(hold.placedBy == "alice")
        #expect(hold.placedAt == "2026-01-05T10:00:00.000Z")
        #expect(hold.recordings == 1)
        #expect(hold.isActive)
        #expect(try await archive.holds() == [hold])
        #expect(try await holds(archive, [first, second]) == [0, 1])
        #expect(try cases(scratch, first) == [])
        #expect(try cases(scratch, second) == ["A-1"])
        let line = try #require(try scratch.journal().last { $0["event"] as? String == "hold" })
        #expect(line["records"] as? [String] == [second.id])
        #expect(line["reason"] as? String == "letter of 2 May")
        #expect(line["filter"] == nil)
    }

    @Test func `takes in what comes later and passes the filter, and nothing else`() async throws {
        let scratch = try ScratchArchive()
        let archive = try await scratch.open()
        let before = try await archive.addMessage(from: "1", day: 1)
        let hold = try await archive.placeHold(
            case: "A-1", on: .matching(RecordingFilter(caller: "1")), future: true, reason: "why")
        let past = try await archive.placeHold(
            case: "B", on: .matching(RecordingFilter(caller: "1")), future: false, reason: "why")
        let later = try await archive.addMessage(from: "1", day: 2)
        let other = try await archive.addMessage(from: "2", day: 2)
        #expect(later.holds == 1)
        #expect(try await holds(archive, [before, later, other]) == [2, 1, 0])
        #expect(try await archive.holds().map(\.recordings) == [2, 1])
        #expect(past.filter == #"{"caller":"1"}"#)
        try await archive.flush()
        #expect(try cases(scratch, before) == ["A-1", "B"])
        #expect(try cases(scratch, later) == ["A-1"])
        #expect(try cases(scratch, other) == [])
        // A hold that is being released still takes in what comes; a released one does not.
        #expect(try await archive.release(hold: hold.id, reason: "settled") == .requested)
        #expect(try await archive.addMessage(from: "1", day: 3).holds == 1)
        try await archive.close()
        let second = try await scratch.open(as: "bob")
        #expect(try await second.release(hold: hold.id, reason: "settled") == .released)
        #expect(try await second.addMessage(from: "1", day: 4).holds == 0)
        #expect(try await holds(second, [before, later, other]) == [1, 0, 0])
        #expect(try cases(scratch, before) == ["B"])
        #expect(try cases(scratch, later) == [])
        try await second.close()
        #expect(try await scratch.findings() == [])
    }

    @Test func `takes in nothing now where nothing passes the filter, and waits for what comes`() async throws
    {
        let scratch = try ScratchArchive()
        let archive = try await scratch.open()
        let hold = try await archive.placeHold(
            case: "A", on: .matching(RecordingFilter(caller: "1")), future: true, reason: "why")
        #expect(hold.recordings == 0)
        #expect(try await archive.addMessage(from: "1").holds == 1)
    }

    @Test func `needs a filter for a hold on what comes, and ids that are there`() async throws {
        let scratch = try ScratchArchive()
        let archive = try await scratch.open()
        let recording = try await archive.addMessage(from: "1")
        let refusal = await #expect(throws: ArchiveError.self) {
            try await archive.placeHold(case: "A", on: .ids([recording.id]), future: true, reason: "why")
        }
        #expect(refusal?.description.contains("needs a filter") == true)
        await #expect(throws: ArchiveError.noRecording(id: "nobody")) {
            try await archive.placeHold(
                case: "A", on: .ids([recording.id, "nobody"]), future: false, reason: "why")
        }
        #expect(try await archive.holds() == [])
        #expect(try await holds(archive, [recording]) == [0])
    }

    @Test func `is released by two persons, and no sooner`() async throws {
        let scratch = try ScratchArchive()
        var archive = try await scratch.open()
        let recording = try await archive.addMessage(from: "1")
        let hold = try await archive.placeHold(
            case: "A", on: .ids([recording.id]), future: false, reason: "why")
        #expect(try await archive.release(hold: hold.id, reason: "settled") == .requested)
        #expect(try await holds(archive, [recording]) == [1])
        #expect(try cases(scratch, recording) == ["A"])
        let refusal = await #expect(throws: ArchiveError.self) {
            try await archive.release(hold: hold.id, reason: "settled")
        }
        #expect(refusal?.description.contains("another person has to approve it") == true)
        #expect(try await holds(archive, [recording]) == [1])
        let line = try #require(try scratch.journal().last { $0["event"] as? String == "refused" })
        #expect(line["what"] as? String == "release")
        #expect(line["about"] as? String == hold.id)
        #expect(line["actor"] as? String == "alice")
        try await archive.close()

        archive = try await scratch.open(as: "bob")
        scratch.now += 60
        #expect(try await archive.release(hold: hold.id, reason: "agreed") == .released)
        #expect(try await holds(archive, [recording]) == [0])
        #expect(try cases(scratch, recording) == [])
        let released = try #require(try await archive.holds().first)
        #expect(released.requestedBy == "alice")
        #expect(released.releasedBy == "bob")
        #expect(released.releasedAt == "2026-01-05T10:01:00.000Z")
        #expect(!released.isActive)
        // It was the only one, so the recording can go.
        try await archive.erase([recording.id], ground: "request")
        #expect(try await archive.holds().map(\.recordings) == [0])
    }

    @Test func `is not released by one person under several spellings, nor by nobody`() async throws {
        let scratch = try ScratchArchive()
        var archive = try await scratch.open(as: "Jörg Strauß")
        let recording = try await archive.addMessage(from: "1")
        let hold = try await archive.placeHold(
            case: "A", on: .ids([recording.id]), future: false, reason: "why")
        try await archive.close()
        for name in ["", "\u{200B}", "\u{3164} "] {
            archive = try await scratch.open(as: name)
            let refusal = await #expect(throws: ArchiveError.self) {
                try await archive.release(hold: hold.id, reason: "settled")
            }
            #expect(refusal?.description.contains("a release takes two people") == true)
            try await archive.close()
        }
        archive = try await scratch.open(as: "Jörg Strauß")
        #expect(try await archive.release(hold: hold.id, reason: "settled") == .requested)
        try await archive.close()
        for name in ["JÖRG STRAUSS", "jo\u{308}rgstrauß", "Ｊörg\tStrauß", "Jörg\u{A0}Stra\u{200D}uß", ""] {
            archive = try await scratch.open(as: name)
            await #expect(throws: ArchiveError.self) {
                try await archive.release(hold: hold.id, reason: "settled")
            }
            #expect(try await holds(archive, [recording]) == [1])
            try await archive.close()
        }
        archive = try await scratch.open(as: "Jörg Strauss-Kahn")
        #expect(try await archive.release(hold: hold.id, reason: "settled") == .released)
        try await archive.close()
    }

    @Test func `is not released twice, nor where there is none`() async throws {
        let scratch = try ScratchArchive()
        var archive = try await scratch.open()
        let recording = try await archive.addMessage(from: "1")
        let hold = try await archive.placeHold(
            case: "A", on: .ids([recording.id]), future: false, reason: "why")
        _ = try await archive.release(hold: hold.id, reason: "settled")
        try await archive.close()
        archive = try await scratch.open(as: "bob")
        _ = try await archive.release(hold: hold.id, reason: "settled")
        let lines = try scratch.events().count
        let refusal = await #expect(throws: ArchiveError.self) {
            try await archive.release(hold: hold.id, reason: "settled")
        }
        #expect(refusal?.description.contains("was released at") == true)
        await #expect(throws: ArchiveError.noHold(id: "nothing")) {
            try await archive.release(hold: "nothing", reason: "settled")
        }
        #expect(try await holds(archive, [recording]) == [0])
        #expect(try scratch.events().count(of: "release") == 1)
        #expect(try scratch.events().count >= lines)
    }

    @Test func `counts every hold on a recording, whatever the order they go in`() async throws {
        let scratch = try ScratchArchive()
        var archive = try await scratch.open()
        let recording = try await archive.addMessage(from: "1")
        var ids: [String] = []
        for number in 1...3 {
            let selection: RecordingSelection =
                number == 2 ? .matching(RecordingFilter()) : .ids([recording.id])
            ids.append(
                try await archive.placeHold(case: "\(number)", on: selection, future: false, reason: "why").id
            )
            #expect(try await holds(archive, [recording]) == [number])
            #expect(try cases(scratch, recording) == (1...number).map { "\($0)" })
        }
        for id in ids { _ = try await archive.release(hold: id, reason: "settled") }
        try await archive.close()
        archive = try await scratch.open(as: "bob")
        for (id, rest) in [(ids[1], ["1", "3"]), (ids[0], ["3"]), (ids[2], [])] {
            await #expect(throws: ArchiveError.self) { try await archive.erase([recording.id], ground: "g") }
            _ = try await archive.release(hold: id, reason: "settled")
            #expect(try await holds(archive, [recording]) == [rest.count])
            #expect(try cases(scratch, recording) == rest)
        }
        try await archive.erase([recording.id], ground: "g")
        #expect(try await archive.recording(id: recording.id) == nil)
    }

    @Test func `keeps from erasure, on request and by expiry, and says so in the audit trail`() async throws {
        let scratch = try ScratchArchive()
        let archive = try await scratch.open()
        let policy = try #require(RetentionPolicy("1y"))
        let held = try await archive.addMessage(from: "1", retention: policy)
        let free = try await archive.addMessage(from: "2", retention: policy)
        _ = try await archive.placeHold(case: "A", on: .ids([held.id]), future: false, reason: "why")
        let refusal = await #expect(throws: ArchiveError.self) {
            try await archive.erase([free.id, held.id], ground: "request")
        }
        #expect(refusal?.description.contains("is held and cannot be erased") == true)
        let line = try #require(try scratch.journal().last { $0["event"] as? String == "refused" })
        #expect(line["what"] as? String == "erase")
        #expect(line["about"] as? String == held.id)
        // None of them was erased.
        #expect(try await archive.all().count == 2)
        let dry = try await archive.expire(isDryRun: true)
        #expect(dry.ids == [free.id])
        #expect(dry.held == 1)
        #expect(dry.policies == ["1y": 1])
        let expiry = try await archive.expire(isDryRun: false)
        #expect(expiry.wereErased)
        #expect(try await archive.all().map(\.id) == [held.id])
        #expect(scratch.folder.text("archive/" + held.path) == "stored of 1")
        await #expect(throws: ArchiveError.noRecording(id: free.id)) {
            try await archive.placeHold(case: "A", on: .ids([free.id]), future: false, reason: "why")
        }
        try await archive.close()
        #expect(try await scratch.findings() == [])
    }

    @Test func `survives reopening, and a catalog made anew`() async throws {
        let scratch = try ScratchArchive()
        var archive = try await scratch.open()
        let policy = try #require(RetentionPolicy("1y"))
        let recordings = [
            try await archive.addMessage(from: "1", retention: policy),
            try await archive.addMessage(from: "2"),
            try await archive.addMessage(from: "3"),
        ]
        let all = try await archive.placeHold(
            case: "A", on: .matching(RecordingFilter(pbx: "office")), future: true, reason: "why")
        _ = try await archive.placeHold(
            case: "B", on: .ids([recordings[1].id]), future: false, reason: "why")
        _ = try await archive.release(hold: all.id, reason: "settled")
        try await archive.close()
        archive = try await scratch.open(as: "bob")
        #expect(try await holds(archive, recordings) == [1, 2, 1])
        _ = try await archive.release(hold: all.id, reason: "settled")
        let late = try await archive.placeHold(
            case: "C", on: .matching(RecordingFilter(caller: "4")), future: true, reason: "why")
        let last = try await archive.addMessage(from: "4")
        #expect(try await archive.expire(isDryRun: true).ids == [recordings[0].id])
        _ = try await archive.expire(isDryRun: false)
        try await archive.erase([recordings[2].id], ground: "g")
        let holds = try await archive.holds()
        try await archive.close()
        let catalog = try scratch.catalog()

        try FileManager.default.removeItem(atPath: scratch.folder("archive/catalog.sqlite"))
        let summary = try RecordingArchive.rebuildCatalog(at: scratch.path, context: scratch.context())
        #expect(summary.recordings == 2)
        #expect(summary.lost == [])
        #expect(summary.damaged == [])
        #expect(try scratch.catalog() == catalog)
        #expect(try await scratch.findings() == [])
        archive = try await scratch.open()
        #expect(try await archive.recording(id: last.id)?.holds == 1)
        #expect(try await archive.holds().map(\.id) == holds.map(\.id))
        await #expect(throws: ArchiveError.self) { try await archive.erase([last.id], ground: "g") }
        #expect(try await archive.addMessage(from: "4", day: 3).holds == 1)
        #expect(try await archive.holds().first { $0.id == late.id }?.recordings == 2)
        try await archive.close()
        #expect(try await scratch.findings() == [])
    }
}

extension [String] {
    func count(of event: String) -> Int { count { $0 == event } }
}
