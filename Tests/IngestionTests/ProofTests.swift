import Foundation
import Ingestion
import Leveling
import Logging
import PBXClient
import PBXEmulator
import RecordingArchive
import ScratchArchives
import Synchronization
import TestSupport
import Testing

@testable import Transcoding

/// What a proof refuses is not archived, and the next sync fetches it again.
@Suite struct ProofTests {
    private let scratch: ScratchFolder

    init() throws {
        scratch = try ScratchFolder()
    }

    /// What becomes of a finished file before it is proved.
    enum Fault: CaseIterable, Sendable {
        case lastByte, halved, empty, anotherMessages
    }

    private func sync(_ emulator: PBXEmulator, with transcoder: Transcoder) async throws -> SyncSummary {
        let configuration = PBXConfiguration(
            address: try PBXAddress(emulator.url), username: "api", password: Secret("password"))
        let archive = try await RecordingArchive.begun(at: scratch.path("archive"))
        let summary = try await PBXSession.withSession(configuration, logger: Logger(label: "test")) {
            session in
            let sync = MailboxSync(
                session: session, archive: archive, transcoder: transcoder, pbxName: "test", timeZone: .gmt,
                jobs: 1)
            return await sync.run(.all) { _ in }
        }
        try await archive.close()
        return summary
    }

    @Test(arguments: Fault.allCases)
    func `archives nothing that was not proved`(fault: Fault) async throws {
        var configuration = EmulatorConfiguration()
        configuration.mailboxes.addExtension("1000")
        for index in 0..<3 {
            var speech = SpeechGenerator(seed: UInt64(index))
            configuration.mailboxes.deliver(
                to: "1000", date: "2026-01-05 09:00:0\(index)", caller: "200\(index)", length: 1 + 2 * index,
                audio: WaveComposer.file(
                    samples: speech.speak(seconds: Double(1 + 2 * index)),
                    sampleRate: SpeechGenerator.sampleRate,
                    encoding: .pcm16))
        }
        let emulator = try await PBXEmulator.start(configuration)
        let first = Mutex<Data?>(nil)
        var transcoder = Transcoder(options: TranscodingOptions())
        transcoder.willProve = { path, output in
            let bytes = try Data(contentsOf: URL(filePath: path))
            var wrong = bytes
            switch fault {
            case .lastByte: wrong[wrong.count - 1] ^= 1
            case .halved: wrong.removeLast(wrong.count / 2)
            case .empty: wrong = Data()
            case .anotherMessages:
                wrong = first.withLock { first in
                    if first == nil { first = bytes }
                    return first ?? bytes
                }
            }
            // The mode of the file lets nobody but its descriptor write to it.
            chmod(path, 0o600)
            let handle = try FileHandle(forWritingTo: URL(filePath: path))
            try handle.truncate(atOffset: 0)
            try handle.write(contentsOf: wrong)
            try handle.close()
            return output
        }
        let refused = try await sync(emulator, with: transcoder)
        #expect(refused.archived == (fault == .anotherMessages ? 1 : 0))
        #expect(refused.failed == 3 - refused.archived)
        for failure in refused.failures {
            guard case TranscodingError.proofFailed = failure else {
                Issue.record("\(failure)")
                continue
            }
        }
        let kept = scratch.files().filter {
            $0.hasPrefix("archive/recordings/") || $0.hasPrefix("archive/incoming/")
        }
        // A recording, its sidecar and the manifest of its day.
        #expect(kept.count == 3 * refused.archived, "\(kept)")

        let sound = try await sync(emulator, with: Transcoder(options: TranscodingOptions()))
        #expect(sound.archived == 3 - refused.archived)
        #expect(sound.failed == 0)
        try await emulator.stop()
    }
}
