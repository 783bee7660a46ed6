import Foundation
import PBXEmulator
import TestSupport
import Testing

/// Syncs to disks that are too small or fail, and under clocks that are wrong.
@Suite(.serialized) struct SyncDiskFaultTests {
    /// Limits that a tmpfs has, all of them too small.
    private static let limits =
        FaultCoverage.isFull
        ? stride(from: 272, through: 320, by: 4).map { "size=\($0)k" } + (30...44).map { "nr_inodes=\($0)" }
        : ["size=272k", "size=296k", "size=320k", "nr_inodes=32", "nr_inodes=40"]

    @Test(
        .enabled(if: Machine.canMount, "needs the right to mount a file system"), arguments: limits)
    func `says that the disk is full, and completes the archive when there is room`(limit: String)
        async throws
    {
        let broken = try await BrokenSync(messagesBefore: 0)
        // What an empty archive takes but for its reserve, which has no room there.
        try FileManager.default.removeItem(atPath: broken.pbx.archive + "/reserve")
        let folder = try await PreparedFolder(broken.pbx.scratch.path)
        let result = try await FaultyDisk.small(options: limit).run(
            [Tool.voxkeep.path] + broken.arguments, environment: broken.environment, in: folder)
        #expect(result.status == 73, "\(result.diagnostics)")
        try await broken.check(result, after: "\(limit): \(result.diagnostics)")
        try await broken.pbx.emulator.stop()
    }

    @Test(
        .enabled(if: Machine.canCutPower, "needs root, and a loop device for ext4"),
        arguments: FaultCoverage.isFull ? Array(1...12) : [6, 12])
    func `completes the archive after a disk that turned read-only`(atRequest request: Int) async throws {
        let broken = try await BrokenSync(messagesBefore: 0)
        let folder = try await PreparedFolder(broken.pbx.scratch.path)
        await broken.pbx.emulator.onRequest { current, _ in
            if current.sequence == request { try? FaultyDisk.breakNow(folder) }
        }
        let result = try await FaultyDisk.turningReadOnly.run(
            [Tool.voxkeep.path] + broken.arguments, environment: broken.environment, in: folder)
        await broken.pbx.emulator.onRequest(nil)
        #expect(result.status == 73, "\(result.diagnostics)")
        try await broken.check(result, after: "request \(request): \(result.diagnostics)")
        try await broken.pbx.emulator.stop()
    }

    @Test(
        .enabled(if: Machine.canFakeTime, "needs faketime"),
        arguments: ["1970-01-01 00:00:10", "2040-02-29 00:00:00"])
    func `archives every message once, whatever the clock shows`(clock: String) async throws {
        let broken = try await BrokenSync(messagesBefore: 2)
        let result = try await Tool("faketime").run(
            [clock, Tool.voxkeep.path] + broken.arguments,
            environment: broken.environment.merging(Machine.quietly) { $1 })
        #expect(result.status == 1, "\(result.diagnostics)")
        try await broken.check(result, after: "\(clock)")
        try await broken.pbx.emulator.stop()
    }
}
