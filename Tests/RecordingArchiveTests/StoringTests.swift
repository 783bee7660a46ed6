import Digests
import DurableFiles
import FileFaults
import Foundation
import RecordingArchive
import ScratchArchives
import TestSupport
import Testing

struct StoringTests {
    private static let stem = "recordings/office/2020/01/02/20200102-180000_1000_from-2000_42s_41cf6794"

    @Test func `files a recording under a name that a person can read`() async throws {
        let folder = try ScratchFolder()
        let archive = try await RecordingArchive.begun(at: folder("archive"))
        let facts = RecordingFacts.sample()
        let recording = try await archive.addSample(facts)
        #expect(recording.path == Self.stem + ".flac")
        #expect(recording.state == .archived)
        #expect(recording.ordinal == 1)
        #expect(recording.facts == facts)
        #expect(folder.audio() == [recording.path])
        #expect(folder.text("archive/" + recording.path) == "stored")
        #expect(archive.absolutePath(of: recording) == folder("archive/" + recording.path))
        #expect(try await archive.recording(id: recording.id) == recording)
        #expect(try await archive.recording(path: recording.path) == recording)
        #expect(try await archive.recording(id: "none") == nil)
    }

    @Test func `can be read by sqlite3 alone`() async throws {
        let folder = try ScratchFolder()
        let archive = try await RecordingArchive.begun(at: folder("archive"))
        let recording = try await archive.addSample()
        let query = """
            SELECT id, state, extension, caller, date, time, sourceSHA256, storedSize, levelMeasured, warnings
            FROM recording
            """
        let source = SHA256Hasher.digest(of: Array("source".utf8))
        // date -u -d 2020-01-02T18:00:00+08:00 +%s
        #expect(
            try folder.sqlite(query) == """
                \(recording.id)|archived|1000|2000|2020-01-02T18:00:00+08:00|1577959200|\(source)|6|-31.25|\
                ["pbx.duration-mismatch"]

                """)
        #expect(try folder.sqlite("PRAGMA integrity_check") == "ok\n")
    }

    @Test func `keeps nothing where facts are unknown`() async throws {
        let folder = try ScratchFolder()
        let archive = try await RecordingArchive.begun(at: folder("archive"))
        var facts = RecordingFacts.sample(date: nil)
        facts.audio = nil
        facts.level = nil
        facts.restore = nil
        facts.source.container = nil
        facts.source.codec = nil
        facts.warnings = []
        let recording = try await archive.addSample(facts)
        #expect(recording.path == "recordings/office/undated/undated_1000_from-2000_42s_41cf6794.flac")
        #expect(try await archive.all() == [recording])
    }

    @Test func `counts equal messages, with equal audio and with different audio`() async throws {
        let folder = try ScratchFolder()
        let archive = try await RecordingArchive.begun(at: folder("archive"))
        let first = try await archive.addSample()
        let second = try await archive.addSample()
        let third = try await archive.addSample(.sample(source: "other"))
        var elsewhere = MessageIdentity.sample
        elsewhere.caller = "2001"
        try await archive.addSample(.sample(elsewhere))

        let ordinals = [first, second, third].map(\.ordinal)
        #expect(ordinals == [1, 2, 1])
        #expect(second.path == Self.stem + "-2.flac")
        #expect(Set([first.id, second.id, third.id]).count == 3)
        #expect(try await archive.count(of: .sample) == 3)
        #expect(
            try await archive.archivedSources(of: .sample) == [
                first.facts.source.sha256, third.facts.source.sha256,
            ])
        #expect(folder.audio().count == 4)
    }

    @Test func `counts quarantine among what it has of a message`() async throws {
        let folder = try ScratchFolder()
        let archive = try await RecordingArchive.begun(at: folder("archive"))
        let facts = RecordingFacts.sample(stored: "source")
        let recording = try await archive.quarantineSample(facts, report: #"{"verdict":"rejected"}"#)
        let stem = "quarantine" + Self.stem.dropFirst("recordings".count)
        #expect(recording.path == stem + ".wav")
        #expect(recording.state == .quarantined)
        #expect(
            folder.content() == [
                stem + ".json", stem + ".record.json", stem + ".wav",
                Folder.parent(of: stem) + "/manifest-sha256.txt",
            ])
        #expect(folder.text("archive/\(stem).wav") == "source")
        #expect(folder.text("archive/\(stem).json") == #"{"verdict":"rejected"}"#)
        #expect(try await archive.archivedSources(of: .sample) == [facts.source.sha256])
        #expect(
            try await archive.recordings(matching: RecordingFilter(state: .quarantined)).recordings == [
                recording
            ])
    }

    @Test func `tells callers apart that differ behind a NUL`() async throws {
        let folder = try ScratchFolder()
        let archive = try await RecordingArchive.begun(at: folder("archive"))
        for caller in ["20\0a", "20\0b", "20\\0a", "20"] {
            var identity = MessageIdentity.sample
            identity.caller = caller
            let recording = try await archive.addSample(.sample(identity))
            #expect(try await archive.count(of: identity) == 1)
            #expect(try await archive.recording(id: recording.id)?.facts.identity.caller == caller)
        }
        #expect(folder.audio().count == 4)
    }

    @Test func `never overwrites a file that is there`() async throws {
        let folder = try ScratchFolder()
        let archive = try await RecordingArchive.begun(at: folder("archive"))
        try Folder.makeDurably(folder("archive/" + Folder.parent(of: Self.stem)))
        try Data("foreign".utf8).write(to: folder.url.appending(path: "archive/\(Self.stem).flac"))
        try Folder.makeDurably(folder("archive/\(Self.stem)-2.flac"))
        let recording = try await archive.addSample()
        #expect(recording.path == Self.stem + "-3.flac")
        #expect(folder.text("archive/\(Self.stem).flac") == "foreign")
    }

    @Test func `writes nothing more after the catalog has failed`() async throws {
        let folder = try ScratchFolder()
        let archive = try await RecordingArchive.begun(at: folder("archive"))
        _ = try folder.sqlite(
            "CREATE TRIGGER full BEFORE INSERT ON recording BEGIN SELECT RAISE(ABORT, 'full'); END")
        let first = await #expect(throws: ArchiveError.self) { try await archive.addSample() }
        _ = try folder.sqlite("DROP TRIGGER full")
        let second = await #expect(throws: ArchiveError.self) { try await archive.addSample() }
        #expect(first == second)
        #expect(first == .catalog(path: folder("archive"), reason: "full"))
        try await archive.close()

        // Its line was in the journal already, so the next start takes it in.
        let reopened = try await RecordingArchive.begun(at: folder("archive"))
        let recordings = try await reopened.all()
        #expect(recordings.map(\.facts) == [.sample()])
        #expect(folder.audio() == recordings.map(\.path))
    }
}
