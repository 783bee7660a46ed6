import Foundation
import PBXEmulator
import TestSupport
import Testing

/// Erases on disks that are full to the last byte.
@Suite(.serialized) struct FullDiskTests {
    private static let messages = 56

    /// An archive of short recordings whose retention has ended, and whose policy was tried.
    private static let template = Task<ScratchFolder, any Error> {
        var model = MailboxModel()
        for number in 0..<messages {
            model.deliver(
                to: "100\(number % 2)", folder: .inbox, date: "2026-01-05 09:\(10 + number % 50):00",
                caller: "20\(number)", length: 1, audio: SyncedPBX.audio(seed: UInt64(number)))
        }
        let pbx = try await SyncedPBX(model)
        let result = try await pbx.sync(["--key-file", pbx.scratch("log.key"), "--retention", "30d"])
        try #require(result.status == 0, "\(result.diagnostics)")
        try await pbx.emulator.stop()
        let tried = try await Tool.voxkeep.run(
            ["expire", "--dry-run", "--archive", pbx.archive, "--key-file", pbx.scratch("log.key")])
        try #require(tried.status == 0, "\(tried.diagnostics)")
        return pbx.scratch
    }

    private func run(_ script: String, on disk: FaultyDisk) async throws -> (ToolResult, ScratchFolder) {
        let template = try await Self.template.value
        let scratch = try ScratchFolder()
        let copied = try await Tool("cp").run(["-a", template.path + "/.", scratch.path])
        try #require(copied.status == 0)
        let folder = try await PreparedFolder(scratch.path)
        let lines = """
            cd "$FOLDER"; erase() { "$VOXKEEP" erase --ground g --archive archive --key-file log.key "$@"; }
            ids() { "$VOXKEEP" list --json --quiet --archive archive | grep -o '"id":"[0-9a-f]*' | cut -c 7- | head -n $1; }
            \(script)
            """
        let result = try await disk.run(
            ["bash", "-c", lines],
            environment: ["VOXKEEP": Tool.voxkeep.path, "FOLDER": scratch.path], in: folder)
        return (result, scratch)
    }

    private func check(_ script: String, leaves: Int, on disk: FaultyDisk) async throws {
        let (result, scratch) = try await run(
            script + " || exit; \"$VOXKEEP\" verify --archive archive", on: disk)
        #expect(result.status == 0, "\(result.text) \(result.diagnostics)")
        #expect(result.diagnostics.contains("the archive's reserve was given up"), "\(result.diagnostics)")
        let files = scratch.files().filter { $0.hasPrefix("archive/recordings/") }
        #expect(files.count { $0.hasSuffix(".flac") } == leaves)
        #expect(files.count { $0.hasSuffix(".json") } == leaves)
        // With room on the disk, the next run that writes makes all as it was.
        let settings = ["--archive", scratch("archive"), "--key-file", scratch("log.key")]
        let next = try await Tool.voxkeep.run(["verify", "--record"] + settings)
        #expect(next.status == 0, "\(next.text) \(next.diagnostics)")
        let last = try await Tool.voxkeep.run(["verify"] + settings)
        #expect(
            last.status == 0 && last.diagnostics.contains("No damage."), "\(last.text) \(last.diagnostics)")
        #expect(!last.text.contains("reserve.missing"))
        let size = try FileManager.default.attributesOfItem(atPath: scratch("archive/reserve"))[.size]
        #expect((size as? NSNumber)?.intValue == 1 << 20)
    }

    private static let scripts = [
        ("erase $(ids 1)", messages - 1), ("erase $(ids 50)", messages - 50),
        ("\"$VOXKEEP\" expire --archive archive --key-file log.key", 0),
    ]

    @Test(.enabled(if: Machine.canMount, "needs the right to mount a file system"), arguments: scripts)
    func `erases where no byte is free`(script: String, leaves: Int) async throws {
        try await check(script, leaves: leaves, on: .full(size: "24m"))
    }

    @Test(.enabled(if: Machine.canCutPower, "needs root, and a loop device for ext4"), arguments: scripts)
    func `erases where no block is free`(script: String, leaves: Int) async throws {
        try await check(script, leaves: leaves, on: .fullImage)
    }

    @Test(.enabled(if: Machine.canMount, "needs the right to mount a file system"))
    func `says that the disk is full where there is no reserve`() async throws {
        let (result, scratch) = try await run(
            "rm archive/reserve; cat /dev/zero >> filler; erase $(ids 50)", on: .full(size: "24m"))
        #expect(
            result.status == 73 && result.diagnostics.contains("the disk is full"), "\(result.diagnostics)")
        let verified = try await Tool.voxkeep.run(["verify", "--archive", scratch("archive")])
        #expect(verified.status == 0 && verified.text.contains("reserve.missing"), "\(verified.text)")
    }
}
