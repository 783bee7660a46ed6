import TestSupport
import Testing

@Suite struct HelpTests {
    @Test(arguments: [
        "demo", "init", "sync", "convert", "inspect", "restore", "list", "show", "export", "prove", "verify",
        "status",
        "audit", "hold", "holds", "release", "retain", "expire", "erase", "replicate", "rebuild-catalog",
        "anchor", "emulate-pbx", "missing",
    ])
    func `explains every command with its exit codes`(command: String) async throws {
        let result = try await Tool.voxkeep.run([command, "--help"])
        #expect(result.status == 0)
        #expect(result.text.contains("USAGE: voxkeep \(command)"))
        #expect(result.text.contains("Exit codes:"))
        for code in ["  0", "  1", " 64", " 66", " 69", " 70", " 73", " 77", "130"] {
            #expect(result.lines.contains { $0.hasPrefix("  \(code)  ") }, "\(code)")
        }
        #expect(result.lines.allSatisfy { $0.count <= 80 || $0.hasPrefix("USAGE") })
    }

    @Test(arguments: [
        "init", "convert", "inspect", "restore", "hold", "retain", "erase", "audit", "status", "verify",
        "replicate",
        "rebuild-catalog", "missing",
    ])
    func `shows examples`(command: String) async throws {
        let result = try await Tool.voxkeep.run([command, "--help"])
        #expect(result.lines.contains { $0.hasPrefix("  voxkeep \(command) ") })
    }

    @Test(arguments: [
        ["frobnicate"], ["convert"], ["inspect"], ["restore"], ["convert", "a.wav"], ["list", "--nonsense"],
    ])
    func `answers wrong usage with 64`(arguments: [String]) async throws {
        let result = try await Tool.voxkeep.run(arguments)
        #expect(result.status == 64)
        #expect(result.diagnostics.hasPrefix("Error: ") && result.output.isEmpty)
    }
}
