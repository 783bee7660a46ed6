import Digests
import DurableFiles
import Foundation
import RecordingArchive
import TestSupport

extension RecordingFacts {
    /// Facts that agree with a stored file.
    static func sample(_ caller: String, stored: String, name: String = "msg0000.wav") -> RecordingFacts {
        RecordingFacts(
            identity: MessageIdentity(
                pbx: "office", extension: "1000", listedDate: "2020-01-02 18:00:00", caller: caller,
                listedLength: "42"),
            readStatus: "unread", date: "2020-01-02T18:00:00+08:00",
            source: Source(
                name: name, size: 6, sha256: SHA256Hasher.digest(of: Array("source".utf8)), container: "RIFF",
                codec: "pcm_s16le"),
            verdict: "flawed",
            findings: #"[{"code":"data.odd","severity":"note","message":"<b>\"odd\"</b>"}]"#,
            audio: Audio(sampleRate: 8000, channels: 1, bitsPerSample: 16, frames: 336_000, duration: 42),
            stored: StoredFile(
                size: Int64(stored.utf8.count), sha256: SHA256Hasher.digest(of: Array(stored.utf8))),
            level: nil, restore: "rebuilt", warnings: [], archivedAt: "2026-01-02T03:04:05Z")
    }
}

extension RecordingArchive {
    /// Stores a file of the caller's name as a recording.
    @discardableResult
    func addSample(_ caller: String, name: String = "msg0000.wav") throws -> Recording {
        let file = try makePendingFile()
        try file.write(Array(caller.utf8))
        return try add(.sample(caller, stored: caller, name: name), file: file)
    }
}
