import Foundation
import Ingestion
import Logging
import PBXClient
import PBXEmulator
import RecordingArchive
import ScratchArchives
import TestSupport
import Testing
import Transcoding

@Suite struct QuarantineTests {
    @Test func `keeps a source without audio for as long as a recording`() async throws {
        var configuration = EmulatorConfiguration()
        configuration.mailboxes.addExtension("1000")
        var generator = SpeechGenerator(seed: 1)
        let speech = WaveComposer.file(
            samples: generator.speak(seconds: 1), sampleRate: SpeechGenerator.sampleRate,
            encoding: .pcm16)
        for (caller, audio) in [("2001", speech), ("2002", [0, 1, 2] + Array("no audio at all".utf8))] {
            configuration.mailboxes.deliver(
                to: "1000", date: "2026-01-05 09:00:00", caller: caller, length: 1, audio: audio)
        }
        let emulator = try await PBXEmulator.start(configuration)
        let scratch = try ScratchFolder(inMemory: true)
        let archive = try await RecordingArchive.begun(at: scratch("archive"))
        let policy = try #require(RetentionPolicy("1y"))
        let address = try PBXAddress(emulator.url)
        let summary = try await PBXSession.withSession(
            PBXConfiguration(address: address, username: "api", password: Secret("password")),
            logger: Logger(label: "test")
        ) { session in
            await MailboxSync(
                session: session, archive: archive, transcoder: Transcoder(options: TranscodingOptions()),
                pbxName: "test", timeZone: .gmt, retention: policy, jobs: 1
            ).run(.all) { _ in }
        }
        #expect(summary.archived == 1 && summary.quarantined == 1)
        let page = try await archive.recordings(matching: RecordingFilter(), limit: 10, after: nil)
        #expect(Set(page.recordings.map(\.state)) == [.archived, .quarantined])
        #expect(
            page.recordings.map(\.retention.untilText) == ["2027-01-05T09:00:00Z", "2027-01-05T09:00:00Z"])
        try await archive.close()
        try await emulator.stop()
    }
}
