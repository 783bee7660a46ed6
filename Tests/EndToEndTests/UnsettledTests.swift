import Foundation
import TestSupport
import Testing

/// An archive that never stands still while it is verified.
@Suite struct UnsettledTests {
    /// Has the lock of an archive, and leaves another note in it all the time, until it is killed.
    private static let writer = """
        import fcntl, os, sys, time
        lock = os.open(sys.argv[1], os.O_RDWR)
        fcntl.flock(lock, fcntl.LOCK_EX)
        number = 0
        while True:
            number += 1
            os.pwrite(lock, b"%d\\n%09d" % (os.getpid(), number), 0)
            if number == 1: open(sys.argv[2], "w").close()
            time.sleep(0.001)
        """

    @Test func `ends with 75 and a sentence, and with 1 once it stands still`() async throws {
        let archive = try await HostileArchive()
        let manifest = try archive.find("archive/recordings*manifest-sha256.txt")
        try archive.scratch.write(archive.scratch.bytes(manifest) + Array("x\n".utf8), to: manifest)
        let writer = try Tool.python.start(
            ["-c", Self.writer, archive.scratch("archive/lock"), archive.scratch("sign")])
        defer { writer.signal(SIGKILL) }
        while !FileManager.default.fileExists(atPath: archive.scratch("sign")) {
            try await Task.sleep(for: .milliseconds(10))
        }
        // Whoever reads the manifest is held up, so that the writer goes on in the middle of every look.
        let result = try await Tool("strace").run(
            [
                "-f", "-qq", "-o", "/dev/null", "-P", archive.scratch(manifest), "-e", "trace=openat",
                "-e", "inject=openat:delay_enter=300000", Tool.voxkeep.path, "verify", "--archive",
                archive.scratch("archive"), "--key-file", "log.key",
            ], environment: ["XDG_CONFIG_HOME": archive.scratch("configuration")],
            folder: archive.scratch.path)
        #expect(result.status == 75, "\(result.text)\(result.diagnostics)")
        let unsettled = result.lines.filter { $0.contains("verify.unsettled") }
        #expect(unsettled.count == 1, "\(result.text)")
        #expect(
            unsettled.first?.contains(
                manifest
                    + " looked wrong (manifest.differs) while a writer was about, which may be why; run verify again"
            ) == true, "\(result.text)")
        #expect(
            result.diagnostics.contains("Not settled: 1 finding, as a writer was about; run verify again."),
            "\(result.diagnostics)")

        writer.signal(SIGKILL)
        _ = await writer.result()
        let settled = try await archive.voxkeep(["verify", "--key-file", "log.key"])
        #expect(settled.status == 1 && settled.text.contains("manifest.differs"), "\(settled.text)")
    }
}
