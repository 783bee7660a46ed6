import Foundation
import TestSupport
import Testing

@Suite struct EmulatePBXTests {
    @Test func `does what is typed while it serves`() async throws {
        let process = Process()
        let (input, output) = (Pipe(), Pipe())
        process.executableURL = URL(filePath: Tool.voxkeep.path)
        process.arguments = ["emulate-pbx", "--port", "0"]
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        input.fileHandleForWriting.write(
            Data("deliver 1234\nlist\nhelp\nfault drop-download:2\n\nnonsense\nclear\n".utf8))
        try input.fileHandleForWriting.close()
        var text = ""
        // The last command is answered last; the end of the commands is not the end of the emulator.
        while text.components(separatedBy: "ok\n").count < 4 {
            let bytes = output.fileHandleForReading.availableData
            try #require(!bytes.isEmpty, "\(text)")
            text += String(decoding: bytes, as: UTF8.self)
        }
        #expect(process.isRunning)
        process.interrupt()
        process.waitUntilExit()
        #expect(process.terminationStatus == 130)
        #expect(text.contains("\n1234 unread msg0000.wav "))
        #expect(text.contains("\ndeliver EXTENSION [FILE]"))
    }

    @Test(arguments: [
        (["--fault", "nonsense"], 64, "is no fault"), (["--port", "99999"], 64, "65535"),
        (["--port", "-1"], 64, "--port"), (["--mailboxes", "/nonexistent"], 66, "cannot be read"),
    ])
    func `refuses what it cannot serve`(arguments: [String], status: Int32, text: String) async throws {
        let result = try await Tool.voxkeep.run(["emulate-pbx"] + arguments)
        #expect(result.status == status)
        #expect(result.diagnostics.contains(text), "\(result.diagnostics)")
    }
}
