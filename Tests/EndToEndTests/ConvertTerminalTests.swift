import Foundation
import TestSupport
import Testing

/// What is printed where standard output and standard error are terminals; `script` provides one.
@Suite struct ConvertTerminalTests {
    private let work: Workspace

    init() throws {
        work = try Workspace()
        try work.wave("a.wav")
    }

    private func onTerminal(_ command: String, _ environment: [String: String] = [:]) async throws
        -> ToolResult
    {
        try await Tool("script").run(
            ["-qec", "'\(Tool.voxkeep.path)' \(command)", "/dev/null"],
            environment: ["TERM": "xterm", "NO_COLOR": ""].merging(environment) { $1 },
            folder: work.scratch.path)
    }

    @Test func `draws a bar in color, and takes it away`() async throws {
        let result = try await onTerminal("convert a.wav --output out")
        #expect(result.status == 0)
        #expect(result.text.contains("0/1 file  0 B"))
        #expect(result.text.contains("\u{1B}[32mvalid"))
        let last = try #require(result.text.components(separatedBy: "\r\u{1B}[2K").last)
        #expect(last.hasPrefix("1 converted;"))
    }

    @Test func `respects NO_COLOR and terminals that cannot redraw`() async throws {
        let plain = try await onTerminal("convert a.wav --output out", ["NO_COLOR": "1"])
        #expect(!plain.text.contains("\u{1B}[3") && plain.text.contains("\u{1B}[2K"))
        let dumb = try await onTerminal("convert a.wav --output out", ["TERM": "dumb"])
        #expect(!dumb.text.contains("\u{1B}"))
    }

    @Test func `is silent where all is well and --quiet is given`() async throws {
        let result = try await onTerminal("convert a.wav --output out --quiet")
        #expect(result.status == 0 && result.text.isEmpty)
    }

    @Test func `prints plain lines into a file`() async throws {
        let result = try await work.voxkeep("convert", "a.wav", "--output", "out")
        #expect(result.lines.count == 1)
        #expect(result.text.hasPrefix("valid    a.wav  0.5 s  "))
        #expect(!result.text.contains("\u{1B}") && !result.diagnostics.contains("\u{1B}"))
    }
}
