import Foundation
import TestSupport
import Testing

/// A small archive that `sync` has made, with its key beside it, and the `voxkeep` binary to try verbs on it.
final class SyncedArchive: Sendable {
    let pbx: SyncedPBX

    var scratch: ScratchFolder { pbx.scratch }
    var path: String { pbx.archive }

    init(messages: Int = 3) async throws {
        pbx = try await SyncedPBX(SyncedPBX.mailboxes(messages: messages), inMemory: true)
        let result = try await pbx.sync()
        try #require(result.status == 0, "\(result.diagnostics)")
    }

    /// Runs `voxkeep` in the scratch folder, on the archive.
    func voxkeep(_ arguments: String...) async throws -> ToolResult {
        try await Tool.voxkeep.run(
            arguments + ["--archive", path], environment: pbx.environment, folder: scratch.path)
    }

    /// Runs lines of bash in the scratch folder.
    func bash(_ script: String) async throws -> ToolResult {
        try await Tool(path: "/bin/bash").run(
            ["-c", script], environment: pbx.environment, folder: scratch.path)
    }

    /// The ids of the recordings, in the order of their ingests.
    func ids() throws -> [String] {
        try lines().filter { $0.contains(#""event":"ingest""#) }.map { line in
            let match = try #require(try #/"record":"([0-9a-f]{32})"/#.firstMatch(in: line))
            return String(match.1)
        }
    }

    /// The lines of the journal.
    func lines() throws -> [String] {
        try #require(scratch.text("archive/journal/000000.jsonl")).split(separator: "\n").map(String.init)
    }
}
