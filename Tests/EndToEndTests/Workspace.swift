import Digests
import Foundation
import PBXEmulator
import TestSupport

/// A folder to run `voxkeep` in, on files that lie there.
struct Workspace {
    let scratch: ScratchFolder

    init() throws {
        scratch = try ScratchFolder()
    }

    /// Runs `voxkeep` in the folder.
    func voxkeep(_ arguments: String...) async throws -> ToolResult {
        try await Tool.voxkeep.run(arguments, folder: scratch.path)
    }

    /// Runs lines of bash in the folder; they find the binary in `$VOXKEEP`.
    func bash(_ script: String) async throws -> ToolResult {
        try await Tool(path: "/bin/bash")
            .run(["-c", script], environment: ["VOXKEEP": Tool.voxkeep.path], folder: scratch.path)
    }

    /// Writes a file of speech-like audio, and returns its bytes.
    @discardableResult
    func wave(
        _ name: String, encoding: WaveComposer.Encoding = .pcm16, seconds: Double = 0.5, seed: UInt64 = 1
    ) throws -> [UInt8] {
        var speech = SpeechGenerator(seed: seed)
        let bytes = WaveComposer.file(
            samples: speech.speak(seconds: seconds), sampleRate: SpeechGenerator.sampleRate,
            encoding: encoding)
        try scratch.write(bytes, to: name)
        return bytes
    }

    /// Writes a file that claims much and holds silence, on a disk that stores no zeros.
    func sparseWave(_ name: String, megabytes: Int) throws {
        var header = try wave(name).prefix(44)
        let size = megabytes << 20
        header.replaceSubrange(
            40..<44, with: (0..<4).map { UInt8(truncatingIfNeeded: (size - 44) >> (8 * $0)) })
        header.replaceSubrange(4..<8, with: (0..<4).map { UInt8(truncatingIfNeeded: (size - 8) >> (8 * $0)) })
        try scratch.write(header, to: name)
        let handle = try FileHandle(forWritingTo: URL(filePath: scratch.path(name)))
        try handle.truncate(atOffset: UInt64(size))
        try handle.close()
    }

    func bytes(_ name: String) throws -> [UInt8] {
        try Array(Data(contentsOf: URL(filePath: scratch.path(name))))
    }

    func exists(_ name: String) -> Bool {
        FileManager.default.fileExists(atPath: scratch.path(name))
    }

    /// Files that were left under temporary names.
    var leavings: [String] {
        scratch.files().filter { $0.split(separator: "/").last?.hasPrefix(".voxkeep") == true }
    }

    /// What a FLAC file restores to.
    func restored(_ name: String) async throws -> [UInt8] {
        let result = try await voxkeep("restore", name, "--output", "-")
        guard result.status == 0 else { throw UnexpectedEnd(result) }
        return result.output
    }
}

/// A program that ended otherwise than the test needs it to.
struct UnexpectedEnd: Error, CustomStringConvertible {
    let description: String

    init(_ result: ToolResult) {
        description = "exit code \(result.status): \(result.text) \(result.diagnostics)"
    }
}

/// A row of `--json`, with the names that tests look at.
struct Row: Decodable {
    struct Finding: Decodable {
        let code: String
        let severity: String
        let offset: Int64?
    }

    let file: String?
    let size: Int64?
    let sha256: String?
    let verdict: String?
    let frames: Int64?
    let findings: [Finding]?
    let output: String?
    let outputSize: Int64?
    let outputSHA256: String?
    let levelMeasured: Double?
    let gain: Double?
    let restore: String?
    let error: String?

    /// Reads the rows of a program's output or of a report.
    static func rows(_ text: some StringProtocol) throws -> [Row] {
        try text.split(separator: "\n").map { try JSONDecoder().decode(Row.self, from: Data($0.utf8)) }
    }
}

/// What this machine lets a test do.
enum Machine {
    /// Whether file systems can be mounted, in a name space that ends with the process.
    static let canMount = succeeds("unshare --map-root-user --mount mount -t tmpfs none /mnt")

    /// What to put before a command so that permissions hold for it, also where the tests run as root.
    static let unprivileged = getuid() == 0 ? "setpriv --bounding-set=-dac_override,-dac_read_search" : ""

    /// Whether permissions can be made to hold.
    static let canDropPrivileges = succeeds("\(unprivileged) true")

    /// Whether there is a program of a name.
    static func has(_ program: String) -> Bool { succeeds("command -v \(program) >/dev/null") }

    /// Whether a line of the shell succeeds.
    static func succeeds(_ command: String) -> Bool {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", command]
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}
