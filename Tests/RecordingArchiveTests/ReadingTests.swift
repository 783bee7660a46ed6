import DurableFiles
import FileFaults
import Foundation
import RecordingArchive
import ScratchArchives
import TestSupport
import Testing

struct ReadingTests {
    /// Twelve recordings: three extensions, two callers, two PBXs; the dates rise with the number.
    private func fill(_ archive: RecordingArchive) async throws -> [Recording] {
        var recordings: [Recording] = []
        for number in 0..<12 {
            let identity = MessageIdentity(
                pbx: number < 6 ? "north" : "south", extension: "100\(number % 3)",
                listedDate: "2020-01-\(10 + number) 08:00:00", caller: "200\(number % 2)", listedLength: "1")
            var facts = RecordingFacts.sample(identity, date: "2020-01-\(10 + number)T08:00:00Z")
            facts.verdict = number == 7 ? "salvaged" : "valid"
            recordings.append(try await archive.addSample(facts))
        }
        return recordings
    }

    @Test func `lists newest first, and filters by every condition`() async throws {
        let folder = try ScratchFolder()
        let archive = try await RecordingArchive.begun(at: folder("archive"))
        let all = try await fill(archive)
        func numbers(_ filter: RecordingFilter) async throws -> [Int] {
            try await archive.recordings(matching: filter).recordings.compactMap(all.firstIndex)
        }
        // date -u -d 2020-01-12T08:00:00Z +%s
        let twelfth: Int64 = 1_578_816_000
        #expect(try await numbers(RecordingFilter()) == Array((0..<12).reversed()))
        #expect(try await numbers(RecordingFilter(pbx: "south")) == [11, 10, 9, 8, 7, 6])
        #expect(try await numbers(RecordingFilter(extension: "1002")) == [11, 8, 5, 2])
        #expect(try await numbers(RecordingFilter(caller: "2001")) == [11, 9, 7, 5, 3, 1])
        #expect(try await numbers(RecordingFilter(since: twelfth, before: twelfth + 86_400)) == [2])
        #expect(try await numbers(RecordingFilter(before: twelfth)) == [1, 0])
        #expect(try await numbers(RecordingFilter(verdict: "salvaged")) == [7])
        #expect(try await numbers(RecordingFilter(state: .quarantined)) == [])
        #expect(
            try await numbers(RecordingFilter(pbx: "south", verdict: "valid", state: .archived)) == [
                11, 10, 9, 8, 6,
            ])
        #expect(try await numbers(RecordingFilter(pbx: "north", extension: "1000", caller: "2001")) == [3])
        #expect(try await numbers(RecordingFilter(caller: "' OR 1 = 1 --")) == [])
    }

    @Test(arguments: [1, 5, 6, 12, 13, 0, -1])
    func `pages through a list without gap or repetition`(limit: Int) async throws {
        let folder = try ScratchFolder()
        let archive = try await RecordingArchive.begun(at: folder("archive"))
        let all = try await fill(archive)
        for _ in 0..<3 { try await archive.addSample(.sample(date: nil)) }
        var listed: [Recording] = []
        var cursor: RecordingPage.Cursor?
        repeat {
            let page = try await archive.recordings(limit: limit, after: cursor)
            #expect(page.recordings.count <= max(1, limit))
            listed += page.recordings
            // The cursor survives being printed and read, as the command line does with it.
            cursor = page.next.flatMap { RecordingPage.Cursor($0.description) }
        } while cursor != nil
        #expect(listed.prefix(12) == all.reversed()[...])
        #expect(listed.dropFirst(12).map(\.ordinal) == [3, 2, 1])
    }

    @Test func `counts what it holds`() async throws {
        let folder = try ScratchFolder()
        let archive = try await RecordingArchive.begun(at: folder("archive"))
        #expect(try await archive.statistics() == ArchiveStatistics())
        _ = try await fill(archive)
        try await archive.quarantineSample(.sample(stored: "source"))
        let statistics = try await archive.statistics()
        #expect(statistics.archived == 12)
        #expect(statistics.quarantined == 1)
        #expect(statistics.verdicts == ["valid": 11, "salvaged": 1, "flawed": 1])
        #expect(statistics.sourceSize == 13 * 6)
        #expect(statistics.storedSize == 13 * 6)
        #expect(statistics.duration == 13 * 42)
    }

    @Test func `can be read where nothing can be written`() async throws {
        let folder = try ScratchFolder()
        var recording: Recording?
        do {
            let archive = try await RecordingArchive.begun(at: folder("archive"))
            recording = try await archive.addSample()
            try await archive.close()
        }
        // Root may write anywhere but on a file system that is mounted for reading.
        let mount = Process()
        mount.executableURL = URL(filePath: "/usr/bin/env")
        mount.arguments = ["mount", "-o", "bind,ro", folder("archive"), folder("archive")]
        mount.standardError = FileHandle.nullDevice
        try mount.run()
        mount.waitUntilExit()
        let isMounted = mount.terminationStatus == 0
        defer {
            if isMounted {
                let unmount = Process()
                unmount.executableURL = URL(filePath: "/usr/bin/env")
                unmount.arguments = ["umount", folder("archive")]
                try? unmount.run()
                unmount.waitUntilExit()
            }
        }
        if !isMounted {
            try FileManager.default.setAttributes([.posixPermissions: 0o500], ofItemAtPath: folder("archive"))
        }
        let archive = try await RecordingArchive.open(at: folder("archive"), access: .read)
        #expect(try await archive.all() == [try #require(recording)])
        if isMounted {
            let error = await #expect(throws: ArchiveError.self) {
                _ = try await RecordingArchive.begun(at: folder("archive"))
            }
            #expect(error == .readOnly(path: folder("archive")))
        }
    }

    @Test(arguments: [
        "path = '../../etc/passwd'", "path = '/etc/passwd'", "sourceSHA256 = 'short'", "warnings = 'no list'",
        "channels = NULL",
    ])
    func `refuses a row that it cannot have written`(change: String) async throws {
        let folder = try ScratchFolder()
        let archive = try await RecordingArchive.begun(at: folder("archive"))
        try await archive.addSample()
        _ = try folder.sqlite("UPDATE recording SET " + change)
        let error = await #expect(throws: ArchiveError.self) { try await archive.all() }
        guard case .catalogDamaged = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func `ends a read that has begun in a task that is cancelled`() async throws {
        let folder = try ScratchFolder()
        let archive = try await RecordingArchive.begun(at: folder("archive"))
        try await archive.addSample()
        let count = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await archive.statistics().archived
        }
        #expect(try await count.value == 1)
    }
}
