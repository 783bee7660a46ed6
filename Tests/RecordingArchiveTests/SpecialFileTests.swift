import Digests
import Foundation
import RecordingArchive
import TestSupport
import Testing

/// Pipes, links and folders in the places of an archive's files.
struct SpecialFileTests {
    enum Thing: String, CaseIterable {
        case pipe, link, circle, folder

        func put(at path: String) throws {
            try? FileManager.default.removeItem(atPath: path)
            switch self {
            case .pipe: try #require(mkfifo(path, 0o600) == 0)
            case .link: try #require(symlink("/etc/hostname", path) == 0)
            case .circle: try #require(symlink(".", path) == 0)
            case .folder:
                try FileManager.default.createDirectory(
                    atPath: path + "/below", withIntermediateDirectories: true)
            }
        }
    }

    private static let template = Task { () throws -> (ScratchArchive, Recording) in
        let scratch = try ScratchArchive()
        let archive = try await scratch.open()
        let recording = try await archive.addMessage(from: "1")
        try await archive.close()
        return (scratch, recording)
    }

    @Test(
        arguments: Thing.allCases,
        [
            "archive.json", "verifier-keys.txt", "lock", "catalog.sqlite", "catalog.sqlite-wal",
            "catalog.sqlite-journal", "journal/000000.jsonl", "journal/lock", "log/checkpoint", "log/lock",
            "log/tile/0/000.p/2", "log/tile/entries/000.p/2",
        ])
    func `are told in one sentence where the archive stands on the file`(thing: Thing, name: String)
        async throws
    {
        let scratch = try ScratchArchive(copying: try await Self.template.value.0)
        try thing.put(at: scratch.folder("archive/" + name))
        let error = await #expect(throws: ArchiveError.self) {
            let archive = try await scratch.open()
            try await archive.addMessage(from: "2")
            try await archive.close()
        }
        let sentence = error?.description ?? ""
        #expect(sentence.contains("; ") && sentence.contains("/archive"), "\(sentence)")
    }

    @Test(arguments: Thing.allCases)
    func `stop nothing where the archive does not stand on the file`(thing: Thing) async throws {
        let (template, recording) = try await Self.template.value
        let scratch = try ScratchArchive(copying: template)
        let folder = recording.path.split(separator: "/").dropLast().joined(separator: "/")
        let names = [
            "\(folder)/manifest-sha256.txt", "recordings/latest", "recordings/office/latest.json",
            "log/tile/0/x001",
            "incoming/\(recording.id).json", "incoming/\(recording.id).answer.json",
            "incoming/.voxkeep-1-1.tmp",
            "listings/office.json", "anchors/1-0000000000000001.tsq",
        ]
        for name in names {
            try FileManager.default.createDirectory(
                atPath: URL(filePath: scratch.folder("archive/" + name)).deletingLastPathComponent().path,
                withIntermediateDirectories: true)
            try thing.put(at: scratch.folder("archive/" + name))
        }
        var archive = try await scratch.open()
        try await archive.addMessage(from: "2")
        try await archive.addReplica(scratch.folder("replica"))
        _ = try await archive.replicate(to: scratch.folder("replica"))
        try await archive.close()
        _ = try RecordingArchive.rebuildCatalog(at: scratch.path, context: scratch.context())
        archive = try await scratch.open()
        try await archive.erase([recording.id], ground: "request")
        #expect(try await archive.all().count == 1)
        try await archive.close()
        _ = try await scratch.findings()
        #expect(!scratch.folder.files().contains("archive/" + recording.path))
    }
}
