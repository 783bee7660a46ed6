import Digests
import DurableFiles
import FileFaults
import Foundation
import RecordingArchive
import TestSupport

extension ScratchFolder {
    /// Finds the key of the archive of a test.
    var key: LogKey.Finder {
        let key = LogKey(path: self("archive.key"))
        return { _, _ in key }
    }
}

extension MessageIdentity {
    static let sample = MessageIdentity(
        pbx: "office", extension: "1000", listedDate: "2020-01-02 18:00:00", caller: "2000",
        listedLength: "42")
}

extension RecordingFacts {
    /// Facts that agree with a source and a stored file of the given texts.
    static func sample(
        _ identity: MessageIdentity = .sample, source: String = "source", stored: String = "stored",
        date: String? = "2020-01-02T18:00:00+08:00"
    ) -> RecordingFacts {
        RecordingFacts(
            identity: identity, readStatus: "unread", date: date,
            source: Source(
                name: "msg0000.wav", size: Int64(source.utf8.count),
                sha256: SHA256Hasher.digest(of: Array(source.utf8)), container: "RIFF", codec: "pcm_s16le"),
            verdict: "flawed", findings: #"[{"code":"data.odd"}]"#,
            audio: Audio(sampleRate: 8000, channels: 1, bitsPerSample: 16, frames: 336_000, duration: 42),
            stored: StoredFile(
                size: Int64(stored.utf8.count), sha256: SHA256Hasher.digest(of: Array(stored.utf8))),
            level: Level(
                mode: "applied", method: "p56", target: -26, measured: -31.25, gain: 5.25, limitedBy: nil),
            restore: "rebuilt", warnings: ["pbx.duration-mismatch"], archivedAt: "2026-01-02T03:04:05Z")
    }
}

extension RecordingArchive {
    /// Writes a file in `incoming/` and adds it.
    @discardableResult
    func addSample(
        _ facts: RecordingFacts = .sample(), stored: String = "stored", retention: RetentionPolicy = .forever
    ) throws -> Recording {
        let file = try makePendingFile()
        try file.write(Array(stored.utf8))
        return try add(facts, file: file, retention: retention)
    }

    /// Writes a file in `incoming/` and puts it into quarantine.
    @discardableResult
    func quarantineSample(_ facts: RecordingFacts, source: String = "source", report: String = "{}") throws
        -> Recording
    {
        let path = temporaryPath()
        try Data(source.utf8).write(to: URL(filePath: path))
        return try quarantine(facts, fileAt: path, report: Array(report.utf8))
    }

    func all() async throws -> [Recording] {
        try await recordings(limit: 1000).recordings
    }
}

extension ScratchFolder {
    /// The files of an archive in the folder that are recordings, sources in quarantine, reports or leavings.
    func content() -> [String] {
        files().filter { path in
            ["recordings/", "quarantine/", "incoming/"].contains { path.hasPrefix("archive/" + $0) }
        }.map { String($0.dropFirst("archive/".count)) }
    }

    /// The recordings and the sources in quarantine.
    func audio() -> [String] {
        content().filter { $0.hasSuffix(".flac") || $0.hasSuffix(".wav") }
    }

    /// What an independent program reads out of the catalog.
    func sqlite(_ query: String) throws -> String {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["sqlite3", self("archive/catalog.sqlite"), query]
        process.standardOutput = output
        try process.run()
        let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return String(decoding: bytes, as: UTF8.self)
    }
}
