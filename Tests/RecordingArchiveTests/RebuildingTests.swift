import DurableFiles
import FileFaults
import Foundation
import RecordingArchive
import TestSupport
import Testing

struct RebuildingTests {
    private func fill(_ folder: ScratchFolder) async throws -> (id: String, recordings: [Recording]) {
        let archive = try await RecordingArchive.open(at: folder("archive"), access: .write)
        for number in 0..<3 {
            try await archive.addSample(.sample(source: "source \(number % 2)"))
        }
        try await archive.quarantineSample(.sample(source: "other", stored: "source"))
        let result = (archive.id, try await archive.all())
        try await archive.close()
        return result
    }

    @Test func `makes a lost catalog anew, equal to the one that was lost`() async throws {
        let folder = try ScratchFolder()
        let (id, recordings) = try await fill(folder)
        try FileManager.default.removeItem(atPath: folder("archive/catalog.sqlite"))
        let summary = try RecordingArchive.rebuildCatalog(at: folder("archive"))
        #expect(summary.recordings == 4)
        let archive = try await RecordingArchive.open(at: folder("archive"), access: .write)
        #expect(archive.id == id)
        #expect(try await archive.all() == recordings)
        #expect(try await archive.catalogSetting("journal_mode") == "wal")
        #expect(try await archive.addSample(.sample(source: "source 0")).ordinal == 3)
        #expect(try folder.sqlite("PRAGMA integrity_check") == "ok\n")
    }

    @Test func `replaces a damaged catalog together with its log`() async throws {
        let folder = try ScratchFolder()
        let (_, recordings) = try await fill(folder)
        for name in ["catalog.sqlite", "catalog.sqlite-wal", "catalog.sqlite-shm"] {
            try Data(repeating: 0x55, count: 8192).write(to: folder.url.appending(path: "archive/" + name))
        }
        _ = try RecordingArchive.rebuildCatalog(at: folder("archive"))
        let archive = try await RecordingArchive.open(at: folder("archive"), access: .write)
        #expect(try await archive.all() == recordings)
        #expect(folder.text("archive/catalog.sqlite.damaged") == String(repeating: "U", count: 8192))
    }

    @Test func `leaves the catalog of a writer alone`() async throws {
        let folder = try ScratchFolder()
        let (_, recordings) = try await fill(folder)
        let writer = try await RecordingArchive.open(at: folder("archive"), access: .write)
        let error = #expect(throws: ArchiveError.self) {
            try RecordingArchive.rebuildCatalog(at: folder("archive"))
        }
        #expect(error == .inUse(path: folder("archive"), process: TemporaryName.currentProcess))
        #expect(try await writer.all() == recordings)
        #expect(!folder.content().contains { $0.hasPrefix("incoming/") })
    }

    @Test func `needs an archive to work on`() async throws {
        let folder = try ScratchFolder()
        let error = #expect(throws: ArchiveError.self) {
            try RecordingArchive.rebuildCatalog(at: folder("archive"))
        }
        #expect(error == .missing(path: folder("archive")))
    }
}
