import Foundation
import RecordingArchive
import TestSupport
import Testing

struct ReplacingTests {
    private static let identity = MessageIdentity.message(from: "1")

    /// Facts of audio of a quality.
    private static func facts(
        _ source: String, _ verdict: String, frames: Int64 = 100, identity: MessageIdentity = identity
    ) -> RecordingFacts {
        var facts = RecordingFacts.sample(identity, source: source, stored: source)
        facts.verdict = verdict
        facts.audio?.frames = frames
        return facts
    }

    private static func add(
        _ source: String, _ verdict: String, frames: Int64 = 100, to archive: RecordingArchive
    ) async throws -> Recording {
        try await archive.addSample(facts(source, verdict, frames: frames), stored: source)
    }

    private static func shown(_ archive: RecordingArchive) async throws -> [String] {
        try await archive.recordings(matching: RecordingFilter(isReplaced: false)).recordings.map(\.id)
            .sorted()
    }

    @Test func `shows the better of two recordings of a message, and keeps both`() async throws {
        let scratch = try ScratchArchive()
        var archive = try await scratch.open()
        try await archive.noteListing(of: "office", [Self.identity])
        let rejected = try await archive.quarantineSample(
            Self.facts("nothing", "rejected", frames: 0), source: "nothing")
        #expect(try await archive.doubtful(among: [Self.identity]).count == 1)
        let cut = try await Self.add("cut", "salvaged", to: archive)
        #expect(try await archive.status().missing == 0)
        let first = try await archive.replaceWorse(of: Self.identity, listed: 1)
        #expect(first.map(\.worse) == [rejected.id] && first.map(\.better) == [cut.id])
        #expect(try await Self.shown(archive) == [cut.id])
        let doubtful = try #require(try await archive.doubtful(among: [Self.identity])[Self.identity])
        #expect(doubtful.parts.map(\.id) == [cut.id])

        let whole = try await Self.add("whole", "valid", to: archive)
        #expect(try await archive.replaceWorse(of: Self.identity, listed: 1).map(\.worse) == [cut.id])
        #expect(try await archive.replaceWorse(of: Self.identity, listed: 1).isEmpty)
        #expect(try await archive.doubtful(among: [Self.identity]).isEmpty)
        for _ in 0..<2 {
            #expect(try await Self.shown(archive) == [whole.id])
            #expect(try await archive.all().count == 3)
            #expect(
                Set(
                    try await archive.recordings(matching: RecordingFilter(isReplaced: true)).recordings.map(
                        \.id)) == [rejected.id, cut.id])
            #expect(try await archive.count(of: Self.identity) == 1)
            let status = try await archive.status()
            #expect((status.expected, status.missing, status.replaced) == (1, 0, 2))
            #expect(try await archive.replacements(of: rejected.id).best == whole.id)
            #expect(try await archive.replacements(of: whole.id).best == nil)
            #expect(Set(try await archive.replacements(of: whole.id).worse) == [rejected.id, cut.id])
            try await archive.close()
            #expect(try await scratch.findings() == [])
            let catalog = try scratch.catalog()
            _ = try RecordingArchive.rebuildCatalog(at: scratch.path, context: scratch.context())
            #expect(try scratch.catalog() == catalog)
            archive = try await scratch.open()
        }
        // With the message that is shown goes what was there of it before.
        #expect(Set(try await archive.erase([whole.id], ground: "request")).count == 3)
        #expect(try await archive.all().isEmpty)
        #expect(try await archive.count(of: Self.identity) == 1)
        #expect(try await archive.status().missing == 0)
        try await archive.close()
        #expect(try await scratch.findings() == [])
    }

    @Test func `replaces nothing where there may be two messages`() async throws {
        let scratch = try ScratchArchive()
        let archive = try await scratch.open()
        try await archive.noteListing(of: "office", [Self.identity])
        _ = try await Self.add("cut", "salvaged", to: archive)
        _ = try await Self.add("whole", "valid", to: archive)
        #expect(try await archive.replaceWorse(of: Self.identity, listed: 2).isEmpty)
        try await archive.noteListing(of: "office", [Self.identity, Self.identity])
        #expect(try await archive.replaceWorse(of: Self.identity, listed: 1).isEmpty)
        #expect(try await Self.shown(archive).count == 2)
    }

    @Test(arguments: [
        ("salvaged", 100, "salvaged", 100, false), ("salvaged", 100, "salvaged", 101, true),
        ("salvaged", 100, "rejected", 0, false), ("salvaged", 100, "flawed", 50, true),
        ("rejected", 0, "salvaged", 1, true), ("valid", 100, "valid", 200, false),
        ("flawed", 100, "valid", 200, false),
    ])
    func `takes for better what has more audio`(
        worse: String, frames: Int64, better: String, moreFrames: Int64, isBetter: Bool
    ) async throws {
        let scratch = try ScratchArchive()
        let archive = try await scratch.open()
        try await archive.noteListing(of: "office", [Self.identity])
        _ = try await Self.add("one", worse, frames: frames, to: archive)
        _ = try await Self.add("two", better, frames: moreFrames, to: archive)
        let replaced = try await archive.replaceWorse(of: Self.identity, listed: 1)
        #expect(replaced.count == (isBetter ? 1 : 0))
    }

    @Test func `keeps the better one for the cases of the worse`() async throws {
        let scratch = try ScratchArchive()
        var archive = try await scratch.open()
        try await archive.noteListing(of: "office", [Self.identity])
        let cut = try await Self.add("cut", "salvaged", to: archive)
        _ = try await archive.placeHold(case: "A", on: .ids([cut.id]), future: false, reason: "why")
        // This one takes in only what is damaged.
        _ = try await archive.placeHold(
            case: "B", on: .matching(RecordingFilter(verdict: "salvaged")), future: true, reason: "why")
        let whole = try await Self.add("whole", "valid", to: archive)
        _ = try await archive.replaceWorse(of: Self.identity, listed: 1)
        #expect(try await archive.recording(id: whole.id)?.holds == 2)
        await #expect(throws: ArchiveError.self) { try await archive.erase([whole.id], ground: "request") }
        try await archive.addReplica(scratch.folder("replica"))
        _ = try await archive.replicate(to: scratch.folder("replica"))
        try await archive.close()
        #expect((try scratch.sidecar(of: whole)["holds"] as? [Any])?.count == 2)
        #expect(try await scratch.findings() == [])
        let catalog = try scratch.catalog()
        _ = try RecordingArchive.rebuildCatalog(at: scratch.path, context: scratch.context())
        #expect(try scratch.catalog() == catalog)
        archive = try await scratch.open()
        for hold in try await archive.holds() {
            _ = try await archive.release(hold: hold.id, reason: "over")
        }
        try await archive.close()
        archive = try await scratch.open(as: "bob")
        for hold in try await archive.holds() {
            _ = try await archive.release(hold: hold.id, reason: "over")
        }
        #expect(try await archive.recording(id: whole.id)?.holds == 0)
        // One who names the recording that a list shows means the message.
        let hold = try await archive.placeHold(
            case: "C", on: .ids([whole.id]), future: false, reason: "why")
        #expect(hold.recordings == 2)
        _ = try await archive.replicate(to: scratch.folder("replica"))
        try await archive.close()
        #expect(try await scratch.findings() == [])
    }

    @Test func `remembers how often better audio was looked for`() async throws {
        let scratch = try ScratchArchive()
        let archive = try await scratch.open()
        try await archive.noteListing(of: "office", [Self.identity])
        _ = try await Self.add("cut", "salvaged", to: archive)
        func doubtful() async throws -> DoubtfulMessage? {
            try await archive.doubtful(among: [Self.identity, .message(from: "2")])[Self.identity]
        }
        #expect(try await doubtful()?.refetches == 0)
        for count in 1...2 {
            scratch.now += 3600
            try await archive.noteRefetch(of: Self.identity)
            #expect(try await doubtful()?.refetches == count)
        }
        #expect(try await doubtful()?.lastRefetch == "2026-01-05T12:00:00.000Z")
        _ = try await Self.add("more", "salvaged", frames: 200, to: archive)
        _ = try await archive.replaceWorse(of: Self.identity, listed: 1)
        #expect(try await doubtful()?.refetches == 0)
    }

    @Test func `replaces a recording that is listed in another form by now`() async throws {
        let scratch = try ScratchArchive()
        let archive = try await scratch.open()
        var form = Self.identity
        form.listedDate = "02/01/2020"
        try await archive.noteListing(of: "office", [Self.identity])
        let cut = try await Self.add("cut", "salvaged", to: archive)
        try await archive.noteListing(of: "office", [form])
        let adopted = try await archive.adopt(
            cut.facts.source.sha256, as: form, among: archive.listed([form])
        ) { _ in "date" }
        #expect(adopted?.record == cut.id)
        #expect(try await archive.doubtful(among: [form])[form]?.parts.map(\.id) == [cut.id])
        let whole = try await archive.addSample(
            Self.facts("whole", "valid", identity: form), stored: "whole")
        #expect(try await archive.replaceWorse(of: form, listed: 1).map(\.better) == [whole.id])
        #expect(try await archive.count(of: form) == 1)
        #expect(try await archive.count(of: Self.identity) == 1)
        let status = try await archive.status()
        #expect((status.expected, status.missing) == (1, 0))
        try await archive.close()
        #expect(try await scratch.findings() == [])
    }

    @Test func `orders for one recording of a message are for all of it`() async throws {
        let scratch = try ScratchArchive()
        var archive = try await scratch.open()
        try await archive.noteListing(of: "office", [Self.identity])
        let cut = try await Self.add("cut", "salvaged", to: archive)
        // This one takes in what is whole, and comes before the worse one is replaced.
        let whole = try await {
            _ = try await archive.placeHold(
                case: "A", on: .matching(RecordingFilter(verdict: "valid")), future: true, reason: "why")
            return try await Self.add("whole", "valid", to: archive)
        }()
        _ = try await archive.replaceWorse(of: Self.identity, listed: 1)
        #expect(try await archive.recording(id: cut.id)?.holds == 1)
        _ = try await archive.placeHold(
            case: "B", on: .matching(RecordingFilter(verdict: "salvaged")), future: false, reason: "why")
        #expect(try await archive.recording(id: whole.id)?.holds == 2)
        _ = try await archive.placeHold(case: "C", on: .ids([cut.id]), future: false, reason: "why")
        #expect(try await archive.recording(id: whole.id)?.holds == 3)
        try await archive.addReplica(scratch.folder("replica"))
        _ = try await archive.replicate(to: scratch.folder("replica"))
        for id in [cut.id, whole.id] {
            await #expect(throws: ArchiveError.self) { try await archive.erase([id], ground: "request") }
        }
        for actor in ["alice", "bob"] {
            _ = try await archive.replicate(to: scratch.folder("replica"))
            try await archive.close()
            #expect(try await scratch.findings(replicas: [scratch.folder("replica")]) == [])
            archive = try await scratch.open(as: actor)
            for hold in try await archive.holds() {
                _ = try await archive.release(hold: hold.id, reason: "over")
            }
        }
        // One who names the worse one means the message too.
        #expect(Set(try await archive.erase([cut.id], ground: "request")) == [cut.id, whole.id])
        _ = try await archive.replicate(to: scratch.folder("replica"))
        try await archive.close()
        #expect(scratch.folder.audio() == [])
        #expect(!scratch.folder.files().contains { $0.hasPrefix("replica/") && $0.hasSuffix(".flac") })
        #expect(try await scratch.findings(replicas: [scratch.folder("replica")]) == [])
        let catalog = try scratch.catalog()
        _ = try RecordingArchive.rebuildCatalog(at: scratch.path, context: scratch.context())
        #expect(try scratch.catalog() == catalog)
    }

    @Test(arguments: [
        ("10y", "1y", "10y"), ("1y", "10y", "10y"), ("forever", "30d", "forever"),
        // What cannot be compared stays as it was ordered for the message.
        ("event+10y", "30d", "event+10y"), ("event+1y", "event+5y", "event+5y"),
    ])
    func `keeps the better one no less than the worse`(
        worse: String, better: String, kept: String
    ) async throws {
        let scratch = try ScratchArchive()
        let archive = try await scratch.open()
        try await archive.noteListing(of: "office", [Self.identity])
        let cut = try await archive.addSample(
            Self.facts("cut", "salvaged"), stored: "cut", retention: try #require(RetentionPolicy(worse)))
        let date = CalendarDate("2026-01-02")
        if worse.hasPrefix("event") {
            _ = try await archive.setEvent(of: .ids([cut.id]), to: try #require(date), reason: "why")
        }
        let whole = try await archive.addSample(
            Self.facts("whole", "valid"), stored: "whole", retention: try #require(RetentionPolicy(better)))
        _ = try await archive.replaceWorse(of: Self.identity, listed: 1)
        let retention = try #require(try await archive.recording(id: whole.id)?.retention)
        #expect(retention.policy == RetentionPolicy(kept))
        #expect(retention.event == (kept.hasPrefix("event") ? date : nil))
        if kept != "forever" {
            #expect(
                try await archive.extendRetention(of: .ids([whole.id]), to: .forever, reason: "why") == 2)
            #expect(try await archive.recording(id: cut.id)?.retention.policy == .forever)
        }
        try await archive.close()
        #expect(try await scratch.findings() == [])
    }

    @Test func `does not guess whose audio has become better`() async throws {
        let scratch = try ScratchArchive()
        let archive = try await scratch.open()
        try await archive.noteListing(of: "office", [Self.identity, Self.identity])
        let first = try await Self.add("cut", "salvaged", to: archive)
        let second = try await Self.add("cut too", "salvaged", frames: 50, to: archive)
        let whole = try await Self.add("whole", "valid", to: archive)
        #expect(try await archive.replaceWorse(of: Self.identity, listed: 2).isEmpty)
        #expect(try await Self.shown(archive) == [first.id, second.id, whole.id].sorted())
        // Of another identity one alone is cut, so it is that one.
        let other = MessageIdentity.message(from: "2")
        try await archive.noteListing(of: "office", [other, other])
        for (source, verdict) in [("a", "valid"), ("b", "salvaged"), ("c", "valid")] {
            _ = try await archive.addSample(Self.facts(source, verdict, identity: other), stored: source)
        }
        let replaced = try await archive.replaceWorse(of: other, listed: 2)
        #expect(replaced.count == 1)
        #expect(
            try await archive.recording(id: replaced.first?.worse ?? "")?.facts.verdict == "salvaged")
    }

    @Test func `lets no erased message come back in better audio`() async throws {
        let scratch = try ScratchArchive()
        let archive = try await scratch.open()
        try await archive.noteListing(of: "office", [Self.identity, Self.identity])
        let first = try await Self.add("cut", "salvaged", to: archive)
        _ = try await Self.add("cut too", "salvaged", frames: 50, to: archive)
        #expect(try await archive.doubtful(among: [Self.identity])[Self.identity]?.parts.count == 2)
        try await archive.erase([first.id], ground: "request")
        #expect(try await archive.doubtful(among: [Self.identity]).isEmpty)
    }

    @Test(arguments: [
        "DELETE FROM replacement", "UPDATE replacement SET final = worse",
        "UPDATE refetch SET tries = 99", "DELETE FROM acceptance", "UPDATE box SET pbx = 'other'",
        "INSERT INTO adoption VALUES (99, 'a', 'b')",
    ])
    func `shows where the catalog was changed`(change: String) async throws {
        let scratch = try ScratchArchive()
        let archive = try await scratch.open()
        try await archive.noteListing(
            of: "office", [Self.identity, .message(from: "2"), .message(from: "3")],
            at: PBXBox(address: "192.0.2.1:8088", serial: "3693A1234"))
        _ = try await Self.add("cut", "salvaged", to: archive)
        _ = try await Self.add("whole", "valid", to: archive)
        _ = try await archive.replaceWorse(of: Self.identity, listed: 1)
        try await archive.noteRefetch(of: .message(from: "3"))
        try await archive.acceptMissing(nil, reason: "why")
        try await archive.close()
        #expect(try await scratch.findings() == [])
        _ = try scratch.folder.sqlite(change)
        #expect(try await scratch.findings().map(\.kind) == [.rowAltered])
    }

    @Test func `reads a catalog of the time before, and brings it up to date`() async throws {
        let scratch = try ScratchArchive()
        var archive = try await scratch.open()
        try await archive.noteListing(of: "office", [Self.identity, .message(from: "2")])
        _ = try await Self.add("cut", "salvaged", to: archive)
        try await archive.close()
        let catalog = try scratch.catalog()
        let names = ["adoption", "replacement", "refetch", "acceptance", "box"]
        let tables = names.map { "DROP TABLE \($0);" }.joined()
        let migration = "DELETE FROM grdb_migrations WHERE identifier = 'completeness';"
        _ = try scratch.folder.sqlite(tables + "DROP INDEX tombstoneByOriginal;" + migration)
        let reader = try await scratch.openForReading()
        #expect(try await Self.shown(reader).count == 1)
        #expect(try await reader.status().missing == 1)
        #expect(try await reader.missing().count == 1)
        #expect(try scratch.folder.sqlite("SELECT count(*) FROM sqlite_schema WHERE name = 'box'") == "0\n")
        // One that lacks something else as well is damaged.
        try await reader.close()
        #expect(try await scratch.findings() == [])
        let damaged = try ScratchArchive(copying: scratch)
        _ = try damaged.folder.sqlite("DROP INDEX recordingByCaller")
        await #expect(throws: ArchiveError.self) { try await damaged.openForReading() }
        archive = try await scratch.open()
        try await archive.close()
        #expect(try scratch.catalog() == catalog)
        #expect(try await scratch.findings() == [])
        archive = try await scratch.open()
        #expect(try await archive.acceptMissing(nil, reason: "deleted").count == 1)
    }
}
