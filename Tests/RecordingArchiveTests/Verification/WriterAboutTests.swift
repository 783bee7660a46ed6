import DurableFiles
import Foundation
import RecordingArchive
import Synchronization
import TestSupport
import Testing

/// What a verification tells of damage that it comes upon while another process has the archive's lock.
struct WriterAboutTests {
    /// The lock as another process has it, until it is let go.
    private final class OtherWriter: Sendable {
        private let lock: Mutex<FolderLock?>
        private let path: String
        private let steps = Mutex(0)

        init(_ scratch: ScratchArchive) throws {
            path = scratch.folder("archive/lock")
            lock = Mutex(try FolderLock(path: path, process: 4711))
        }

        func end() { lock.withLock { $0 = nil } }

        /// Does something that can be seen.
        func work() throws {
            let step = steps.withLock { steps in
                steps += 1
                return steps
            }
            try Data("4711\n\(step)".utf8).write(to: URL(filePath: path))
        }
    }

    /// Verifies, and tells what was found and how often a pause was made.
    private func verify(
        _ scratch: ScratchArchive, betweenRecordings: @escaping @Sendable () -> Void = {},
        anchors: @escaping @Sendable () -> [ArchiveFinding] = { [] },
        pausing pause: @escaping @Sendable (Int) -> Void
    ) throws -> (findings: [ArchiveFinding], summary: VerificationSummary, pauses: Int) {
        let pauses = Mutex(0)
        var plan = VerificationPlan()
        plan.pause = {
            pause(
                pauses.withLock { pauses in
                    pauses += 1
                    return pauses
                })
        }
        plan.anchorFindings = anchors
        plan.isOver = {
            betweenRecordings()
            return false
        }
        let archive = try RecordingArchive.openForVerification(
            at: scratch.path, context: scratch.context())
        var findings: [ArchiveFinding] = []
        let summary = try archive.verify(plan) { findings.append($0) }
        return (findings, summary, pauses.withLock { $0 })
    }

    @Test func `drops what has gone when the writer has ended`() async throws {
        let fixture = try await DamageFixture.make()
        let writer = try OtherWriter(fixture.scratch)
        let paths = [fixture.second.path, fixture.manifest(fixture.third), "listings/office.json"]
        for path in paths { try fixture.remove("archive/" + path) }
        let (findings, summary, pauses) = try verify(fixture.scratch) { _ in
            try? fixture.restore()
            writer.end()
        }
        #expect(findings == [])
        #expect((summary.damage, summary.unsettled, summary.recordings, pauses) == (0, 0, 4, 1))
    }

    @Test func `tells what stands when the writer has ended, and looks no further`() async throws {
        let fixture = try await DamageFixture.make()
        let writer = try OtherWriter(fixture.scratch)
        try fixture.flip("archive/\(fixture.second.path)")
        try fixture.remove("archive/\(fixture.manifest(fixture.third))")
        let (findings, summary, pauses) = try verify(fixture.scratch) { pause in
            if pause == 2 { writer.end() }
        }
        #expect(
            findings.map(fixture.line).sorted() == [
                "file.altered archive/\(fixture.second.path)",
                "manifest.differs archive/\(fixture.manifest(fixture.third))",
            ])
        #expect((summary.damage, summary.recordings, pauses) == (2, 4, 2))
    }

    @Test func `tells what stands beside a writer that does nothing`() async throws {
        let fixture = try await DamageFixture.make()
        let writer = try OtherWriter(fixture.scratch)
        try fixture.remove("archive/\(fixture.manifest(fixture.third))")
        let (findings, summary, _) = try verify(fixture.scratch) { _ in }
        #expect(findings.map(\.kind) == [.manifestDiffers])
        #expect((summary.damage, summary.unsettled) == (1, 0))
        writer.end()
    }

    @Test func `tells the bytes of files beside a writer that works on, and that the rest is not settled`()
        async throws
    {
        let fixture = try await DamageFixture.make()
        let writer = try OtherWriter(fixture.scratch)
        try fixture.flip("archive/\(fixture.second.path)")
        try fixture.remove("archive/\(fixture.manifest(fixture.third))")
        let (findings, summary, _) = try verify(fixture.scratch) {
            try? writer.work()
        } pausing: { _ in
        }
        #expect(
            findings.map(fixture.line).sorted() == [
                "file.altered archive/\(fixture.second.path)",
                "verify.unsettled archive/\(fixture.manifest(fixture.third))",
            ])
        #expect((summary.damage, summary.unsettled, summary.unfinished) == (1, 1, 0))
        #expect(findings.first { $0.kind == .unsettled }?.message.contains("run verify again") == true)
        writer.end()
    }

    @Test func `goes by the catalog again that was only away for a moment`() async throws {
        let fixture = try await DamageFixture.make()
        let writer = try OtherWriter(fixture.scratch)
        try fixture.sqlite("UPDATE recording SET caller = '7' WHERE id = '\(fixture.second.id)'")
        let (catalog, aside) = (
            fixture.scratch.folder("archive/catalog.sqlite"), fixture.scratch.folder("aside")
        )
        try FileManager.default.moveItem(atPath: catalog, toPath: aside)
        let (findings, summary, _) = try verify(fixture.scratch) { _ in
            try? FileManager.default.moveItem(atPath: aside, toPath: catalog)
            writer.end()
        }
        #expect(findings.map(fixture.line) == ["catalog.row-altered recording 2"])
        #expect(summary.damage == 1)
    }

    @Test func `looks at time stamps again as at all else`() async throws {
        let fixture = try await DamageFixture.make()
        let item = fixture.scratch.folder("archive/anchors/1-a.tsr")
        let finding = ArchiveFinding(.anchorInvalid, item: item, "the time stamp \(item) does not hold: why")
        // A key that came meanwhile has signed what was stamped.
        let looks = Mutex(0)
        var writer = try OtherWriter(fixture.scratch)
        var (findings, summary, _) = try verify(
            fixture.scratch,
            anchors: {
                looks.withLock { looks in
                    looks += 1
                    return looks == 1 ? [finding] : []
                }
            }
        ) { [writer] _ in writer.end() }
        #expect(findings == [] && summary.damage == 0 && looks.withLock { $0 } == 2)

        writer = try OtherWriter(fixture.scratch)
        (findings, summary, _) = try verify(fixture.scratch, anchors: { [finding] }) { [writer] _ in
            writer.end()
        }
        #expect(findings == [finding] && summary.findings == [.anchorInvalid: 1])

        let working = try OtherWriter(fixture.scratch)
        (findings, summary, _) = try verify(
            fixture.scratch, betweenRecordings: { try? working.work() }, anchors: { [finding] }
        ) { _ in }
        #expect(findings.map(\.kind) == [.unsettled] && findings.first?.item == item)
        working.end()
    }
}
