import Foundation
import PBXEmulator
import TestSupport
import Testing

/// An archive of four recordings and a source in quarantine, with a replica, for one test to damage.
struct DamagedArchive {
    let scratch: ScratchFolder

    /// What every test begins with: made once, and copied.
    private static let template = Task<ScratchFolder, any Error> {
        var model = SyncedPBX.mailboxes(messages: 4)
        model.deliver(
            to: "1000", folder: .inbox, date: "2026-01-05 10:00:00", caller: "666", length: 2,
            audio: SyncedPBX.noAudio)
        let pbx = try await SyncedPBX(model)
        let result = try await pbx.sync(["--key-file", pbx.scratch.path("log.key")])
        try #require(result.status == 1, "\(result.diagnostics)")
        return pbx.scratch
    }

    init(replica: Bool = true) async throws {
        let template = try await Self.template.value
        scratch = try ScratchFolder()
        let copy = try await Tool("cp").run(["-a", template.path + "/.", scratch.path])
        try #require(copy.status == 0, "\(copy.diagnostics)")
        guard replica else { return }
        let result = try await voxkeep("replicate", ["--replica", "replica"])
        try #require(result.status == 0, "\(result.diagnostics)")
    }

    /// Runs a command of `voxkeep` on the archive, with its key.
    func voxkeep(_ verb: String, _ arguments: [String] = [], key: Bool = true) async throws -> ToolResult {
        try await Tool.voxkeep.run(
            [verb, "--archive", "archive"] + (key ? ["--key-file", "log.key"] : []) + arguments,
            environment: ["XDG_CONFIG_HOME": scratch.path("configuration")], folder: scratch.path)
    }

    /// Runs lines of bash in the folder of archive, replica and key.
    ///
    /// `$flac`, `$other` and `$copy` are the first recording, the second, and the first one's copy.
    func bash(_ script: String) async throws -> ToolResult {
        let variables = """
            set -e; export VOXKEEP
            flac=$(ls archive/recordings/test/2026/01/05/*.flac | head -1); json="${flac%.flac}.json"
            other=$(ls archive/recordings/test/2026/01/05/*.flac | sed -n 2p); copy="replica${flac#archive}"
            day=archive/recordings/test/2026/01/05; quarantine=archive/quarantine/test/2026/01/05
            sql() { sqlite3 archive/catalog.sqlite "$@"; }
            flip() { python3 -c '
            import os, sys
            path, offset = sys.argv[1], int(sys.argv[2])
            os.chmod(path, 0o644)
            data = bytearray(open(path, "rb").read()); data[offset] ^= 1; open(path, "wb").write(data)' "$1" "$2"; }
            """
        return try await Tool(path: "/bin/bash").run(
            ["-c", variables + "\n" + script],
            environment: ["VOXKEEP": Tool.voxkeep.path, "XDG_CONFIG_HOME": scratch.path("configuration")],
            folder: scratch.path)
    }

    /// What verify finds, by kind; kinds in a replica have an `@` before them.
    func findings(_ arguments: [String] = []) async throws -> (status: Int32, kinds: [String]) {
        let result = try await voxkeep("verify", ["--json"] + arguments)
        let rows = try result.lines.map { try JSONDecoder().decode(Row.self, from: Data($0.utf8)) }
        let kinds = rows.filter { $0.repaired == nil }.compactMap { row in
            row.kind.map { (row.replica == nil ? "" : "@") + $0 }
        }
        return (result.status, kinds.sorted())
    }

    /// Every name below with its kind, size, inode and times but that of reading.
    func tree() async throws -> String {
        let result = try await Tool("find").run(
            ["archive", "replica", "-printf", "%p %y %s %i %m %T@ %C@\n"], folder: scratch.path)
        return result.lines.sorted().joined(separator: "\n")
    }

    struct Row: Decodable {
        let kind: String?
        let replica: String?
        let repaired: Bool?
        let message: String?
    }
}
