import DurableFiles
import FileFaults
import Foundation
import RecordingArchive
import Synchronization
import TestSupport
import Testing
import TransparencyLog

struct VerificationRunTests {
    /// An archive with damage of many kinds.
    private func damaged() async throws -> DamageFixture {
        let fixture = try await DamageFixture.make()
        try fixture.flip("archive/\(fixture.first.path)")
        try fixture.remove("archive/\(fixture.sidecar(fixture.third))")
        try fixture.flip("replica/\(fixture.second.path)")
        try fixture.flip("archive/\(fixture.manifest(fixture.first))")
        try fixture.scratch.folder.write([1], to: "archive/recordings/stray.flac")
        try fixture.sqlite("DELETE FROM recording WHERE id = '\(fixture.quarantined.id)'")
        return fixture
    }

    @Test func `finds in many short runs what one run finds`() async throws {
        let fixture = try await damaged()
        let whole = try await fixture.scratch.findings()
        #expect(whole.count == 6)
        let archive = try await fixture.scratch.openForReading()
        var plan = VerificationPlan()
        plan.isOver = { true }
        var findings: [ArchiveFinding] = []
        var cursors: [UInt64] = []
        var recordings = 0
        while true {
            let summary = try archive.verify(plan) { findings.append($0) }
            recordings += summary.recordings
            guard let cursor = summary.cursor else { break }
            #expect(cursor > plan.start)
            plan.start = cursor
            cursors.append(cursor)
            try #require(cursors.count < 100)
        }
        #expect(cursors.count > 5)
        #expect(Set(findings) == Set(whole))
        #expect(recordings == 3)
    }

    @Test func `stops when it is told to, and goes on there`() async throws {
        let fixture = try await damaged()
        let archive = try await fixture.scratch.openForReading()
        let whole = try archive.verify(VerificationPlan()) { _ in }
        #expect(whole.cursor == nil)
        #expect(whole.recordings == 3)
        #expect(whole.copies == 3)
        #expect(whole.erased == 1)
        #expect(whole.damage == 6)
        let asked = Mutex(0)
        var plan = VerificationPlan()
        plan.isOver = {
            asked.withLock { count in
                count += 1
                return count == 3
            }
        }
        let first = try archive.verify(plan) { _ in }
        #expect(first.cursor == 3)
        plan.start = 3
        let second = try archive.verify(plan) { _ in }
        #expect(second.cursor == nil)
        #expect(first.recordings + second.recordings == 3)
    }

    @Test func `looks only at recordings that pass a filter`() async throws {
        let fixture = try await damaged()
        var plan = VerificationPlan()
        plan.filter = RecordingFilter(caller: "3")
        let archive = try await fixture.scratch.openForReading()
        var findings: [ArchiveFinding] = []
        let summary = try archive.verify(plan) { findings.append($0) }
        #expect(summary.recordings == 1)
        // A row that is missing passes no filter and fails none.
        #expect(
            Set(findings.map(fixture.line)) == [
                "sidecar.missing archive/\(fixture.sidecar(fixture.third))",
                "catalog.row-missing recording 4",
            ])
    }

    @Test func `tells a log that was rolled back with all else by a tree head from outside`() async throws {
        let fixture = try await DamageFixture.make()
        let key = try #require(fixture.scratch.folder.lines("archive/verifier-keys.txt").first)
        let reader = try LogReader(
            at: fixture.scratch.folder("archive/log"), keys: [try #require(VerifierKey(key))])
        let head = reader.checkpoint.head
        try fixture.rollBack([
            "journal", "log", "recordings", "catalog.sqlite", "catalog.sqlite-wal", "catalog.sqlite-shm",
        ])
        let archive = try await fixture.scratch.openForReading()
        var findings: [ArchiveFinding] = []
        _ = try archive.verify(VerificationPlan(), known: [head]) { findings.append($0) }
        #expect(findings.filter { $0.replica == nil }.map(\.kind) == [.logRolledBack])
    }

    @Test(arguments: ["same", "other", "broken", "mismatch"])
    func `looks at the audio where it is told to`(outcome: String) async throws {
        struct Broken: Error {}
        let fixture = try await DamageFixture.make()
        var plan = VerificationPlan()
        let (first, second) = (fixture.first.facts.source.sha256, fixture.second.facts.source.sha256)
        let third = fixture.third.facts.source.sha256
        let names = [fixture.first.path, fixture.second.path, fixture.third.path]
        plan.restoring = { path in
            if path.hasSuffix(names[2]) { return third }
            if path.hasSuffix(names[0]) { return first }
            switch outcome {
            case "same": return second
            case "other": return first
            case "mismatch": throw VerificationPlan.OriginalMismatch(found: first)
            default: throw Broken()
            }
        }
        let archive = try await fixture.scratch.openForReading()
        var findings: [ArchiveFinding] = []
        _ = try archive.verify(plan) { findings.append($0) }
        let kind = outcome == "broken" ? "audio.damaged" : "original.differs"
        #expect(
            findings.map(fixture.line)
                == (outcome == "same" ? [] : ["archive", "replica"].map { "\(kind) \($0)/\(names[1])" }))
    }

    @Test(arguments: [EIO, EACCES, EMFILE, ENOENT])
    func `tells what cannot be read as that, and not as other bytes`(code: Int32) async throws {
        let fixture = try await DamageFixture.make()
        let paths = [fixture.second.path, fixture.quarantined.path, fixture.report(fixture.quarantined)]
        let sidecar = fixture.sidecar(fixture.third)
        let files = (paths + [sidecar]).map { fixture.scratch.folder("archive/" + $0) }
        let operations = FaultyFileOperations { operation, path in
            operation == .read && files.contains(path) ? code : nil
        }
        let archive = try await RecordingArchive.open(
            at: fixture.scratch.path, access: .read, context: fixture.scratch.context(operations: operations))
        var findings: [ArchiveFinding] = []
        _ = try archive.verify(VerificationPlan()) { findings.append($0) }
        let kind = code == ENOENT ? "missing" : "unreadable"
        // A sidecar that its folder names is not missing at one look.
        let expected = paths.map { "file.\(kind) archive/\($0)" } + ["sidecar.unreadable archive/\(sidecar)"]
        #expect(findings.map(fixture.line).sorted() == expected.sorted())
    }

    @Test func `tells no damage where a recording is erased meanwhile`() async throws {
        let fixture = try await DamageFixture.make()
        let writer = try await fixture.scratch.open()
        let (isBegun, begin) = AsyncStream.makeStream(of: Void.self)
        let isErased = DispatchSemaphore(value: 0)
        let erasing = Task.detached {
            for await _ in isBegun {
                _ = try? await writer.erase([fixture.third.id], ground: "request")
                isErased.signal()
            }
        }
        let asked = Mutex(0)
        var plan = VerificationPlan()
        plan.isOver = {
            // What comes after the first entries is looked at when the recording is gone.
            guard
                asked.withLock({ count in
                    count += 1; return count
                }) == 1
            else { return false }
            begin.yield()
            isErased.wait()
            return false
        }
        let archive = try await fixture.scratch.openForReading()
        let finalPlan = plan
        // The verification waits in its thread, which others may need.
        let summary = try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(with: Result { try archive.verify(finalPlan) { _ in } })
            }
        }
        begin.finish()
        await erasing.value
        #expect(asked.withLock { $0 } > 3)
        #expect(summary.damage == 0)
        #expect(summary.erased == 2)
        try await writer.close()
    }

    @Test func `finds a bit that flips anywhere`() async throws {
        let scratch = try ScratchArchive()
        var archive = try await scratch.open()
        try await archive.addMessage(from: "1")
        try await archive.close()
        archive = try await scratch.openForReading()
        let files = scratch.folder.files().filter {
            $0.hasPrefix("archive/") && !$0.contains("catalog.sqlite")
                // What these say, nobody goes by.
                && !["/lock", "/reserve"].contains(where: $0.hasSuffix)
        }
        #expect(files.count > 8)
        for file in files {
            let url = URL(filePath: scratch.folder(file))
            let original = try Data(contentsOf: url)
            // What the description says of when the archive was made is in no other place.
            let text = String(decoding: original, as: UTF8.self)
            let created = text.range(of: #""created" : "2026-01-05T10:00:00Z""#)
                .map { text.utf8.distance(from: text.startIndex, to: $0.lowerBound) }
            for offset in stride(from: 0, to: original.count, by: max(1, original.count / 12)) {
                if file.hasSuffix("archive.json") {
                    if let created, (created + 12..<created + 35).contains(offset) { continue }
                }
                var data = original
                data[offset] ^= UInt8(1) << (offset % 8)
                try FileManager.default.removeItem(at: url)
                try data.write(to: url)
                let count = try await scratch.findings().count { $0.kind.isDamage }
                #expect(count > 0, "byte \(offset) of \(file)")
            }
            try FileManager.default.removeItem(at: url)
            try original.write(to: url)
        }
        #expect(try await scratch.findings() == [])
    }
}
