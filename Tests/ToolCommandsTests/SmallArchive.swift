import Digests
import DurableFiles
import Foundation
import RecordingArchive
import ScratchArchives
import Synchronization
import TestSupport

/// An archive without a key whose ids all begin alike, with a clock that a test sets.
final class SmallArchive: Sendable {
    /// The digits that all ids begin with: six, as few as stand for an id.
    static let prefix = "abcdef"

    let scratch: ScratchFolder
    private let drawn = Mutex<UInt8>(0)
    private let time = Mutex(Date(timeIntervalSince1970: 1_767_607_200))

    init() throws {
        scratch = try ScratchFolder(inMemory: true)
    }

    var path: String { scratch("archive") }

    var now: Date {
        get { time.withLock { $0 } }
        set { time.withLock { $0 = newValue } }
    }

    func open() async throws -> RecordingArchive {
        let context = ArchiveContext(
            actor: "alice", now: { self.now },
            randomBytes: { count in
                let number = self.drawn.withLock { drawn in
                    drawn += 1
                    return drawn
                }
                return [0xAB, 0xCD, 0xEF, number] + [UInt8](repeating: 0, count: max(0, count - 4))
            })
        return try await RecordingArchive.begun(at: path, context: context)
    }
}

extension RecordingArchive {
    /// Stores the message of a caller.
    func addMessage(from caller: String) throws -> Recording {
        let bytes = Array(caller.utf8)
        let file = try makePendingFile()
        try file.write(bytes)
        let digest = SHA256Hasher.digest(of: bytes)
        return try add(
            RecordingFacts(
                identity: MessageIdentity(
                    pbx: "office", extension: "1000", listedDate: "2020-01-02 18:00:00", caller: caller,
                    listedLength: "42"),
                readStatus: "unread", date: "2020-01-02T18:00:00+08:00",
                source: .init(
                    name: "msg0000.wav", size: Int64(bytes.count), sha256: digest, container: "RIFF",
                    codec: "pcm_s16le"),
                verdict: "valid", findings: "[]", audio: nil,
                stored: .init(size: Int64(bytes.count), sha256: digest), level: nil, restore: "rebuilt",
                warnings: [], archivedAt: "2026-01-02T03:04:05Z"), file: file)
    }
}
