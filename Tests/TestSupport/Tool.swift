internal import Foundation

/// What a finished program printed and how it ended.
public struct ToolResult: Sendable {
    /// The exit code, or the signal's number plus 128.
    public let status: Int32
    /// The bytes of standard output.
    public let output: [UInt8]
    /// Standard error as text.
    public let diagnostics: String

    /// Standard output as text.
    public var text: String { String(decoding: output, as: UTF8.self) }

    /// The lines of standard output.
    public var lines: [String] { text.split(separator: "\n").map(String.init) }
}

/// A program that a test runs: one that we did not write, or the `voxkeep` binary itself.
public struct Tool: Sendable {
    private let executable: String
    private let leading: [String]

    /// The `voxkeep` binary: that of `VOXKEEP_TEST_BINARY`, or the one that was built with the tests.
    public static let voxkeep = Tool(
        path: ProcessInfo.processInfo.environment["VOXKEEP_TEST_BINARY"] ?? productsFolder + "/voxkeep")

    /// Debian's Python, which has the packages that the set-up installs.
    public static let python = Tool(path: "/usr/bin/python3")

    /// A Python with packages from PyPI that know nothing of this program: that of `VOXKEEP_TEST_PYTHON`, or the one that
    /// `scripts/test-python` has made.
    public static let pythonPackages = Tool(
        path: ProcessInfo.processInfo.environment["VOXKEEP_TEST_PYTHON"]
            ?? packageFolder + "/.build-python/bin/python3")

    /// Whether `pythonPackages` is there and has a package.
    public static func hasPythonPackage(_ name: String) async -> Bool {
        (try? await pythonPackages.run(["-c", "import \(name)"]).status) == 0
    }

    /// Where the program is; `env` for one that is looked up on the PATH.
    public var path: String { executable }

    /// A program at a path.
    public init(path: String) {
        executable = path
        leading = []
    }

    /// A program found on the PATH.
    public init(_ name: String) {
        executable = "/usr/bin/env"
        leading = [name]
    }

    /// Starts the program, and returns it while it runs.
    public func start(
        _ arguments: [String], environment: [String: String] = [:], folder: String? = nil
    ) throws -> RunningTool {
        let process = Process()
        process.executableURL = URL(filePath: executable)
        process.arguments = leading + arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        if let folder { process.currentDirectoryURL = URL(filePath: folder) }
        process.standardInput = FileHandle.nullDevice
        return try RunningTool(process)
    }

    /// Runs the program to its end.
    public func run(
        _ arguments: [String], environment: [String: String] = [:], folder: String? = nil
    ) async throws -> ToolResult {
        try await start(arguments, environment: environment, folder: folder).result()
    }

    private static var packageFolder: String {
        // Tests/TestSupport/Tool.swift
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().path
    }

    private static var productsFolder: String {
        URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().path
    }
}

/// A program that runs.
public final class RunningTool: @unchecked Sendable {
    private let process: Process
    private let output = Pipe()
    private let diagnostics = Pipe()
    private let ended = DispatchSemaphore(value: 0)

    init(_ process: Process) throws {
        self.process = process
        process.standardOutput = output
        process.standardError = diagnostics
        process.terminationHandler = { [ended] _ in ended.signal() }
        try process.run()
    }

    /// The process's number.
    public var processIdentifier: Int32 { process.processIdentifier }

    /// Sends a signal.
    public func signal(_ number: Int32) {
        kill(process.processIdentifier, number)
    }

    /// Waits for the end.
    public func result() async -> ToolResult {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { [self] in
                // Both pipes are emptied at once: a program that fills one while the other is read would hang.
                let group = DispatchGroup()
                nonisolated(unsafe) var errors = Data()
                DispatchQueue.global().async(group: group) { [diagnostics] in
                    errors = diagnostics.fileHandleForReading.readDataToEndOfFile()
                }
                let bytes = output.fileHandleForReading.readDataToEndOfFile()
                group.wait()
                ended.wait()
                // Left to themselves they stay open, and a test that runs thousands of programs has none left.
                for pipe in [output, diagnostics] { try? pipe.fileHandleForReading.close() }
                let status =
                    process.terminationStatus + (process.terminationReason == .uncaughtSignal ? 128 : 0)
                continuation.resume(
                    returning: ToolResult(
                        status: status, output: Array(bytes),
                        diagnostics: String(decoding: errors, as: UTF8.self)))
            }
        }
    }
}
