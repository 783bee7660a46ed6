import Digests
import Foundation
import PBXEmulator
import TestSupport
import Testing

/// A hand-written box, an archive, and the `voxkeep` binary between them.
final class SyncedBox: Sendable {
    typealias Message = HandWrittenBox.Message

    let box: HandWrittenBox
    let scratch: ScratchFolder

    var archive: String { scratch.path("archive") }

    init(_ messages: [Message], handler: HandWrittenBox.Handler? = nil) async throws {
        box = try HandWrittenBox(messages, handler: handler)
        scratch = try ScratchFolder(inMemory: true)
        let made = try await Tool.voxkeep.run(["init", archive], environment: environment)
        try #require(made.status == 0, "\(made.diagnostics)")
    }

    /// The key that signs the log goes into a configuration folder of the test's own.
    var environment: [String: String] {
        [
            "VOXKEEP_PBX_PASSWORD": "password", "XDG_CONFIG_HOME": scratch.path("configuration"),
            "NO_PROXY": "*", "no_proxy": "*",
        ]
    }

    func start(
        _ extra: [String] = [], named name: String? = "test", environment: [String: String] = [:]
    ) throws -> RunningTool {
        let arguments = [
            "sync", "--pbx-url", box.url, "--username", "api", "--archive", archive, "--timezone",
            "Asia/Shanghai", "--json",
        ]
        return try Tool.voxkeep.start(
            arguments + (name.map { ["--pbx-name", $0] } ?? []) + extra,
            environment: self.environment.merging(environment) { $1 })
    }

    func sync(
        _ extra: [String] = [], named name: String? = "test", environment: [String: String] = [:]
    ) async throws -> ToolResult {
        try await start(extra, named: name, environment: environment).result()
    }

    /// Runs another verb on the archive.
    func voxkeep(_ arguments: String...) async throws -> ToolResult {
        try await Tool.voxkeep.run(arguments + ["--archive", archive], environment: environment)
    }

    /// What the archive says it holds: caller and SHA-256 of each message, in the order of their callers.
    func held() async throws -> [String] {
        let result = try await voxkeep("list", "--json", "--quiet")
        try #require(result.status == 0, "\(result.diagnostics)")
        return try result.lines.map { line in
            let row = try JSONDecoder().decode(SyncedPBX.Row.self, from: Data(line.utf8))
            return "\(row.caller) \(row.sha256)"
        }.sorted()
    }

    /// What the archive should say of messages.
    static func expectation(_ messages: [Message]) -> [String] {
        messages.map { "\($0.caller) \(SHA256Hasher.digest(of: $0.audio).hexadecimal)" }.sorted()
    }

    /// What a row of `sync --json` says of a message.
    struct Item: Decodable {
        let caller: String
        let outcome: String
        let error: String?
        let warnings: [String]
    }

    static func items(_ result: ToolResult) throws -> [Item] {
        try result.lines.map { try JSONDecoder().decode(Item.self, from: Data($0.utf8)) }
    }
}
