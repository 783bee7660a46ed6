import Digests
import DurableFiles
import Foundation
import RecordingArchive
import ScratchArchives
import Synchronization
import TestSupport
import Testing

/// An archive in memory whose log is signed, with a clock that stands still until a test sets it.
final class ScratchArchive: Sendable {
    let folder: ScratchFolder
    private let time: Mutex<Date>

    /// 2026-01-05T10:00:00Z.
    static let start = Date(timeIntervalSince1970: 1_767_607_200)

    init() throws {
        folder = try ScratchFolder(inMemory: true)
        time = Mutex(Self.start)
    }

    /// A copy of another one, with the same key and the same time.
    init(copying other: ScratchArchive) throws {
        folder = try ScratchFolder(inMemory: true)
        time = Mutex(other.now)
        try FileManager.default.removeItem(atPath: folder.path)
        try FileManager.default.copyItem(atPath: other.folder.path, toPath: folder.path)
    }

    var path: String { folder("archive") }

    var now: Date {
        get { time.withLock { $0 } }
        set { time.withLock { $0 = newValue } }
    }

    func context(
        as actor: String = "alice", operations: any FileOperations = FileSystem.posix
    ) -> ArchiveContext {
        ArchiveContext(actor: actor, operations: operations, now: { self.now })
    }

    func open(
        as actor: String = "alice", operations: any FileOperations = FileSystem.posix
    ) async throws -> RecordingArchive {
        try await RecordingArchive.begun(
            at: path, key: folder("log.key"), context: context(as: actor, operations: operations))
    }

    func openForReading() async throws -> RecordingArchive {
        try await RecordingArchive.open(at: path, access: .read, context: context())
    }

    /// What a verification finds.
    func findings(
        _ plan: VerificationPlan = VerificationPlan(), replicas: [String] = []
    ) async throws -> [ArchiveFinding] {
        let archive = try RecordingArchive.openForVerification(
            at: path, replicas: replicas, context: context())
        var findings: [ArchiveFinding] = []
        let summary = try archive.verify(plan) { findings.append($0) }
        #expect(summary.damage == findings.count { $0.kind.isDamage })
        return findings
    }

    /// The lines of the journal, read by a parser that is not ours: their details.
    func journal() throws -> [[String: Any]] {
        try folder.lines("archive/journal/000000.jsonl").map { line in
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8))
            return try #require((object as? [String: Any])?["details"] as? [String: Any])
        }
    }

    func events() throws -> [String] {
        try journal().compactMap { $0["event"] as? String }
    }

    /// The sidecar of a recording as it is on the disk.
    func sidecar(of recording: Recording) throws -> [String: Any] {
        let suffix = recording.state == .archived ? ".json" : ".record.json"
        let stem = try #require(recording.path.split(separator: ".").first)
        let data = try Data(contentsOf: URL(filePath: folder("archive/\(stem)\(suffix)")))
        return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    /// What an independent program reads out of the catalog, but for how far each part has come.
    func catalog() throws -> String {
        try [
            "recording", "hold", "holdMember", "tombstone", "listed", "contact", "dryRun", "replica", "tally",
            "adoption", "replacement", "refetch", "acceptance", "box",
        ].map { table in
            try "\(table)\n" + folder.sqlite("SELECT * FROM \(table) ORDER BY 1, 2")
        }.joined()
    }

    /// The SHA-256 of every file of the archive by its path, without the catalog's companions, the locks and the reserve.
    func tree(_ name: String = "archive") throws -> [String: Digest] {
        var tree: [String: Digest] = [:]
        for file in folder.files() where file.hasPrefix(name + "/") {
            if ["/lock", "/reserve"].contains(where: file.hasSuffix) || file.contains("catalog.sqlite-") {
                continue
            }
            let data = try Data(contentsOf: URL(filePath: folder(file)))
            tree[Folder.relativePath(of: file, in: name) ?? file] = SHA256Hasher.digest(of: Array(data))
        }
        return tree
    }
}

extension ScratchFolder {
    func lines(_ name: String) -> [String] {
        (text(name) ?? "").split(separator: "\n").map(String.init)
    }
}

extension MessageIdentity {
    /// The message that a caller left at noon of a day in January 2020.
    static func message(from caller: String, day: Int = 2) -> MessageIdentity {
        MessageIdentity(
            pbx: "office", extension: "1000", listedDate: "2020-01-0\(day) 12:00:00", caller: caller,
            listedLength: "42")
    }
}

extension RecordingArchive {
    /// Adds the message of a caller, whose stored bytes tell it from others.
    @discardableResult
    func addMessage(
        from caller: String, day: Int = 2, retention: RetentionPolicy = .forever
    ) throws -> Recording {
        let stored = "stored of \(caller)"
        return try addSample(
            .sample(
                .message(from: caller, day: day), source: "source of \(caller)", stored: stored,
                date: "2020-01-0\(day)T12:00:00Z"),
            stored: stored, retention: retention)
    }
}

extension RetentionPolicy {
    static let tenYears = RetentionPolicy("10y") ?? .forever
}
