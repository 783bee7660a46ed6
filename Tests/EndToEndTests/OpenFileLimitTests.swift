import Foundation
import TestSupport
import Testing

@Suite struct OpenFileLimitTests {
    /// What runs the rest of a command line with a limit.
    private static func launcher(_ limit: Int) -> [String] {
        ["bash", "-c", "ulimit -n \(limit); exec \"$@\"", "bash"]
    }

    private static func run(_ limit: Int, _ arguments: [String], folder: String) async throws -> ToolResult {
        try await Tool("env").run(launcher(limit) + [Tool.voxkeep.path] + arguments, folder: folder)
    }

    @Test(arguments: [8, 12, 16, 20, 24, 32])
    func `refuses to begin where too few files can be opened, in one sentence`(limit: Int) async throws {
        let work = try Workspace()
        try work.wave("a.wav")
        for command in [
            "demo", "convert a.wav --output out", "inspect a.wav", "list --archive x", "emulate-pbx --port 0",
            "sync --archive x --pbx-url http://127.0.0.1:1 --username a",
        ] {
            let result = try await Self.run(
                limit, command.split(separator: " ").map(String.init), folder: work.scratch.path)
            #expect(result.status == 73, "\(command)")
            #expect(result.output.isEmpty)
            #expect(
                result.diagnostics.wholeMatch(
                    of: /voxkeep: No more than \d+ files can be opened here, .+ ulimit -n 256\.\n/) != nil,
                "\(command): \(result.diagnostics)")
        }
        #expect(work.scratch.files() == ["a.wav"])
        #expect(try await Self.run(limit, ["--help"], folder: work.scratch.path).status == 0)
    }

    @Test func `does all its work where just enough files can be opened`() async throws {
        try await EveryVerb(launcher: Self.launcher(64)).run()
    }

    @Test func `runs fewer jobs at once where too few files can be opened for more`() async throws {
        let work = try Workspace()
        for number in 1...80 { try work.wave("in/\(number).wav", seconds: 0.1, seed: UInt64(number)) }
        for options in [
            ["convert", "in", "--output", "out", "--jobs", "256"],
            [
                "export", "in", "--format", "csv", "--output", "corpus", "--hook-jobs", "256", "--hook-name",
                "test",
                "--hook", "sleep 0.1; echo '{\"text\": \"hello\"}'",
            ],
        ] {
            let result = try await Self.run(64, options, folder: work.scratch.path)
            #expect(result.status == 0, "\(result.text)\(result.diagnostics)")
        }
        #expect(work.scratch.files().count { $0.hasPrefix("out/") } == 80)
        #expect(work.scratch.text("corpus/corpus.csv")?.components(separatedBy: "hello").count == 81)
    }
}
