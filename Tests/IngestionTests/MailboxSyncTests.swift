import Foundation
import Ingestion
import Logging
import PBXClient
import PBXEmulator
import RecordingArchive
import ScratchArchives
import Synchronization
import TestSupport
import Testing
import Transcoding

/// A hand-written box, an archive, and syncs between them at times that a test sets.
private final class TimedSync: Sendable {
    let box: HandWrittenBox
    fileprivate let scratch: ScratchFolder
    private let time = Mutex(Date(timeIntervalSince1970: 1_767_607_200))

    init(_ messages: [HandWrittenBox.Message]) throws {
        box = try HandWrittenBox(messages)
        scratch = try ScratchFolder(inMemory: true)
    }

    func advance(by seconds: Double) { time.withLock { $0 += seconds } }

    fileprivate func open() async throws -> RecordingArchive {
        try await RecordingArchive.begun(
            at: scratch("archive"), key: scratch("log.key"),
            context: ArchiveContext(actor: "alice", now: { self.time.withLock { $0 } }))
    }

    /// Runs a sync; what became of each message, in the order of their callers.
    func run() async throws -> (summary: SyncSummary, outcomes: [String]) {
        let archive = try await open()
        var configuration = PBXConfiguration(
            address: try PBXAddress(box.url), username: "api", password: Secret("password"))
        configuration.retry = RetryPolicy(retries: 1, firstPause: .milliseconds(1))
        let items = Mutex<[SyncItem]>([])
        let summary = try await PBXSession.withSession(configuration, logger: Logger(label: "test")) {
            session in
            await MailboxSync(
                session: session, archive: archive, transcoder: Transcoder(options: TranscodingOptions()),
                pbxName: "test", timeZone: .gmt, jobs: 1, now: { self.time.withLock { $0 } }
            ).run(.all) { event in
                if case .finished(let item) = event { items.withLock { $0.append(item) } }
            }
        }
        try await archive.close()
        let outcomes = items.withLock { $0 }.sorted { $0.listing.caller < $1.listing.caller }.map { item in
            switch item.outcome {
            case .archived(let replaced): replaced.isEmpty ? "archived" : "improved"
            case .failed: "failed"
            case .quarantined: "quarantined"
            case .noBetter(let mayBeBetter): mayBeBetter ? "perhaps better" : "no better"
            default: "\(item.outcome)"
            }
        }
        return (summary, outcomes)
    }

    /// The verdicts of all recordings, and of those that a list shows.
    func verdicts() async throws -> (all: [String], shown: [String]) {
        let archive = try await RecordingArchive.open(at: scratch("archive"), access: .read)
        let all = try await archive.recordings(limit: 1000).recordings
        let shown = try await archive.recordings(matching: RecordingFilter(isReplaced: false), limit: 1000)
            .recordings
        return (all.map(\.facts.verdict).sorted(), shown.map(\.facts.verdict).sorted())
    }

    var downloads: Int { box.requests("voicemail/download").count }
}

@Suite struct MailboxSyncTests {
    private static let hour = 3600.0
    private static let day = 86_400.0

    private static func audio(seed: UInt64 = 1) -> [UInt8] {
        var speech = SpeechGenerator(seed: seed)
        return WaveComposer.file(
            samples: speech.speak(seconds: 3), sampleRate: SpeechGenerator.sampleRate, encoding: .pcm16)
    }

    private static func message(_ audio: [UInt8], caller: String = "2000") -> HandWrittenBox.Message {
        .init(caller: caller, length: "3", status: "unread", audio: audio)
    }

    @Test(arguments: ["rejected", "salvaged"])
    func `looks for better audio at growing intervals, and lets it take the place of the worse`(
        verdict: String
    ) async throws {
        let whole = Self.audio()
        let bad = verdict == "salvaged" ? Array(whole.prefix(20_000)) : [UInt8](repeating: 7, count: 5000)
        let sync = try TimedSync([Self.message(bad)])
        _ = try await sync.run()
        #expect(try await sync.verdicts().all == [verdict])
        var downloads = sync.downloads
        for pause in [Self.hour, 4 * Self.hour, Self.day, 3 * Self.day, 7 * Self.day, 7 * Self.day] {
            sync.advance(by: pause - 60)
            #expect(try await sync.run().outcomes == [])
            #expect(sync.downloads == downloads)
            sync.advance(by: 60)
            let run = try await sync.run()
            #expect(run.outcomes == ["no better"])
            #expect(run.summary.listed == 1 && run.summary.known == 1 && !run.summary.needsAttention)
            #expect(sync.downloads > downloads)
            downloads = sync.downloads
        }
        sync.box.messages = [Self.message(whole)]
        sync.advance(by: 7 * Self.day)
        let improved = try await sync.run()
        #expect(improved.outcomes == ["improved"])
        #expect(improved.summary.improved == 1 && improved.summary.missing == 0)
        #expect(try await sync.verdicts() == (["valid", verdict].sorted(), ["valid"]))
        downloads = sync.downloads
        sync.advance(by: 100 * Self.day)
        #expect(try await sync.run().outcomes == [])
        #expect(sync.downloads == downloads)
    }

    @Test func `takes longer audio for better, and shorter for none`() async throws {
        let whole = Self.audio()
        let sync = try TimedSync([Self.message(Array(whole.prefix(20_000)))])
        _ = try await sync.run()
        for (size, outcome) in [(10_000, "no better"), (30_000, "improved"), (20_000, "no better")] {
            sync.box.messages = [Self.message(Array(whole.prefix(size)))]
            sync.advance(by: 8 * Self.day)
            #expect(try await sync.run().outcomes == [outcome])
        }
        #expect(try await sync.verdicts() == (["salvaged", "salvaged"], ["salvaged"]))
    }

    @Test(arguments: [
        Array("Service temporarily unavailable".utf8), Array("<html>busy</html>".utf8), Array("   ".utf8),
        Array(#"{"message":"busy"}"#.utf8), [0x1F, 0x8B, 8, 0, 0, 0, 0],
    ])
    func `puts no passing error into quarantine`(body: [UInt8]) async throws {
        let sync = try TimedSync([Self.message(body)])
        let failed = try await sync.run()
        #expect(failed.outcomes == ["failed"])
        #expect(failed.summary.needsAttention)
        sync.box.messages = [Self.message(Self.audio())]
        #expect(try await sync.run().outcomes == ["archived"])
        #expect(try await sync.verdicts() == (["valid"], ["valid"]))
    }

    @Test func `asks again soon after an error when it looks for better audio`() async throws {
        let whole = Self.audio()
        let sync = try TimedSync([Self.message(Array(whole.prefix(20_000)))])
        _ = try await sync.run()
        sync.advance(by: Self.hour)
        sync.box.handle { request, _ in
            request.operation == "voicemail/download" ? HandWrittenBox.refusal(20010) : nil
        }
        #expect(try await sync.run().outcomes == ["failed"])
        sync.box.handle(nil)
        sync.box.messages = [Self.message(whole)]
        #expect(try await sync.run().outcomes == ["improved"])
    }

    /// Two messages that are listed alike.
    private static let alike = [1, 2].map { seed in
        HandWrittenBox.Message(
            file: "msg000\(seed).wav", length: "3", status: "unread", audio: audio(seed: seed))
    }

    @Test func `stores each of two messages that are listed alike and swapped with each download`()
        async throws
    {
        let sync = try TimedSync(Self.alike)
        sync.box.handle { request, contents in
            guard request.operation == "voicemail/download" else { return nil }
            (contents.messages[0].audio, contents.messages[1].audio) =
                (contents.messages[1].audio, contents.messages[0].audio)
            return nil
        }
        #expect(try await sync.run().outcomes == ["archived", "archived"])
    }

    @Test func `takes silence of another hour for another message`() async throws {
        let silence = WaveComposer.file(
            samples: [Int32](repeating: 0, count: 24_000), sampleRate: 8000, encoding: .pcm16)
        for (audio, outcome) in [(silence, "archived"), (Self.audio(), "adopted")] {
            var message = Self.message(audio)
            message.date = "2026-01-05 09:00:00"
            let sync = try TimedSync([message])
            #expect(try await sync.run().outcomes == ["archived"])
            message.date = "2026-01-05 10:00:00"
            sync.box.messages = [message]
            let outcomes = try await sync.run().outcomes
            #expect(outcomes.count == 1 && outcomes[0].hasPrefix(outcome), "\(outcomes)")
        }
    }

    @Test func `looks again later for messages of which it has found fewer than are listed`() async throws {
        let sync = try TimedSync(Self.alike)
        let audio = Self.alike[0].audio
        sync.box.handle { request, _ in request.operation == "voicemail/download" ? .audio(audio) : nil }
        let first = try await sync.run()
        #expect(first.outcomes == ["archived", "repeated"] && first.summary.needsAttention)
        sync.box.handle(nil)
        sync.advance(by: 4 * Self.hour - 60)
        #expect(try await sync.run().outcomes == [])
        sync.advance(by: 60)
        #expect(try await sync.run().outcomes == ["unchanged", "archived"])
        #expect(try await sync.verdicts().all == ["valid", "valid"])
        let archive = try await RecordingArchive.open(at: sync.scratch("archive"), access: .read)
        #expect(try await archive.status().expected == 2)
    }

    @Test
    func `shows whole audio alone of messages that are listed alike, once there is as much as messages`()
        async throws
    {
        let cut = Self.alike.map { message in
            var message = message
            message.audio = Array(message.audio.prefix(20_000))
            return message
        }
        let sync = try TimedSync(cut)
        #expect(try await sync.run().outcomes == ["archived", "archived"])
        // Longer, and cut all the same: whose it is, nobody can tell.
        sync.box.messages[0].audio = Array(Self.alike[0].audio.prefix(30_000))
        sync.advance(by: Self.hour)
        #expect(try await sync.run().outcomes.sorted() == ["no better", "perhaps better"])
        // Of one whole message nothing tells which of the two it is.
        sync.box.messages[0].audio = Self.alike[0].audio
        sync.advance(by: 8 * Self.day)
        #expect(try await sync.run().outcomes.sorted() == ["archived", "no better"])
        #expect(try await sync.verdicts().shown == ["salvaged", "salvaged", "valid"])
        sync.advance(by: 8 * Self.day)
        #expect(try await sync.run().outcomes.sorted() == ["no better", "unchanged"])
        sync.box.messages[1].audio = Self.alike[1].audio
        sync.advance(by: 8 * Self.day)
        #expect(try await sync.run().outcomes.sorted() == ["improved", "unchanged"])
        #expect(
            try await sync.verdicts() == (["salvaged", "salvaged", "valid", "valid"], ["valid", "valid"]))
        let downloads = sync.downloads
        sync.advance(by: 8 * Self.day)
        #expect(try await sync.run().outcomes == [])
        #expect(sync.downloads == downloads)
    }

    @Test func `puts two messages that come whole at once in the place of two cut ones`() async throws {
        let sync = try TimedSync(Self.alike)
        sync.box.handle { request, contents in
            for index in contents.messages.indices {
                contents.messages[index].audio = Array(Self.alike[index].audio.prefix(20_000))
            }
            return nil
        }
        #expect(try await sync.run().outcomes == ["archived", "archived"])
        sync.box.handle(nil)
        sync.box.messages = Self.alike
        sync.advance(by: Self.hour)
        let run = try await sync.run()
        #expect(run.outcomes == ["improved", "improved"])
        #expect(run.summary.improved == 2 && run.summary.archived == 0)
        #expect(try await sync.verdicts().shown == ["valid", "valid"])
    }

    @Test func `keeps what a box breaks off alike each time, and asks for more in the next run`() async throws
    {
        let whole = Self.audio()
        let sync = try TimedSync([Self.message(whole)])
        // Chunks without a last one, and the end of the connection.
        let cut = Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4e20\r\n".utf8)
        sync.box.handle { request, _ in
            request.operation == "voicemail/download" ? .wire(cut + whole.prefix(20_000)) : nil
        }
        let first = try await sync.run()
        #expect(first.outcomes == ["archived"] && first.summary.salvaged == 1)
        // A minute later, and then after the pauses for all that is salvaged.
        for (seconds, outcomes) in [(60, ["no better"]), (60, []), (4 * Self.hour, ["no better"])] {
            sync.advance(by: seconds)
            #expect(try await sync.run().outcomes == outcomes)
        }
        sync.box.handle(nil)
        sync.advance(by: 8 * Self.day)
        #expect(try await sync.run().outcomes == ["improved"])
        #expect(try await sync.verdicts() == (["salvaged", "valid"], ["valid"]))
    }

    @Test func `puts better audio into its place where a run was killed before it did`() async throws {
        let whole = Self.audio()
        let sync = try TimedSync([Self.message(Array(whole.prefix(20_000)))])
        _ = try await sync.run()
        try await sync.addAsKilled(whole)
        #expect(try await sync.verdicts().shown == ["salvaged", "valid"])
        let downloads = sync.downloads
        _ = try await sync.run()
        #expect(sync.downloads == downloads)
        #expect(try await sync.verdicts() == (["salvaged", "valid"], ["valid"]))
    }
}

extension TimedSync {
    /// Stores whole audio of the message, as a run does that is killed right after.
    fileprivate func addAsKilled(_ audio: [UInt8]) async throws {
        let other = try TimedSync(
            box.messages.map { message in
                var message = message
                message.audio = audio
                return message
            })
        _ = try await other.run()
        let made = try await RecordingArchive.open(at: other.scratch("archive"), access: .read)
        let recording = try #require(try await made.recordings().recordings.first)
        let archive = try await open()
        let path = archive.temporaryPath()
        try FileManager.default.copyItem(atPath: made.absolutePath(of: recording), toPath: path)
        _ = try await archive.add(recording.facts, fileAt: path)
        try await archive.close()
    }
}
