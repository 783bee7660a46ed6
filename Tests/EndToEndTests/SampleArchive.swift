import Foundation
import PBXEmulator
import TestSupport

/// An archive that `voxkeep sync` made from an emulated PBX, which is gone by then; the last of its messages is one
/// that cannot be decoded.
final class SampleArchive: Sendable {
    let pbx: SyncedPBX

    var scratch: ScratchFolder { pbx.scratch }
    var path: String { pbx.archive }

    init(messages: Int = 4) async throws {
        var model = SyncedPBX.mailboxes(messages: messages)
        model.deliver(
            to: "1001", folder: .inbox, date: "2026-01-05 10:00:00", caller: "+441632960961", length: 2,
            audio: SyncedPBX.noAudio)
        pbx = try await SyncedPBX(model)
        let sync = try await pbx.sync(["--key-file", scratch("log.key")])
        guard sync.status == 1 else { throw UnexpectedEnd(sync) }
        try await pbx.emulator.stop()
    }

    /// Runs a verb on the archive, in the scratch folder.
    func voxkeep(_ verb: String, _ arguments: String...) async throws -> ToolResult {
        // Nobody keeps answers without the key.
        let key = arguments.contains("--hook") ? ["--key-file", scratch("log.key")] : []
        return try await Tool.voxkeep.run(
            [verb, "--archive", path] + key + arguments, environment: ["XDG_CONFIG_HOME": scratch("config")],
            folder: scratch.path)
    }

    /// A row of `list --json`.
    struct Row: Decodable {
        let id: String
        let state: String
        let caller: String
        let sha256: String
        let pbxFile: String
        let output: String?
        let file: String?

        /// The stored file.
        var path: String { output ?? file ?? "" }
    }

    /// What the archive lists, newest first.
    func list() async throws -> [Row] {
        let result = try await voxkeep("list", "--json", "--quiet")
        guard result.status == 0 else { throw UnexpectedEnd(result) }
        return try result.lines.map { try JSONDecoder().decode(Row.self, from: Data($0.utf8)) }
    }

    /// The details of the journal's lines, in order.
    func journal() throws -> [[String: Any]] {
        try (scratch.text("archive/journal/000000.jsonl") ?? "").split(separator: "\n").compactMap {
            let line = try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
            return line?["details"] as? [String: Any]
        }
    }
}
