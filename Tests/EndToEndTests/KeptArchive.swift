import Foundation
import PBXEmulator
import TestSupport

/// An archive of five recordings from 2020 under three retentions, for tests of what a compliance officer does.
///
/// It is synced once for the whole run and copied for each test.
struct KeptArchive {
    /// The caller of a single recording, whose number is nowhere else.
    static let onlyCaller = "076912345678"

    private static let template = Task { () throws -> ScratchFolder in
        var model = MailboxModel()
        for (index, message) in [
            ("1000", "2000"), ("1000", "2001"), ("1001", "2000"), ("1001", "2001"), ("1002", onlyCaller),
        ].enumerated() {
            model.deliver(
                to: message.0, folder: .inbox, date: "2020-01-0\(index + 1) 09:00:00", caller: message.1,
                length: 1,
                audio: SyncedPBX.audio(seed: UInt64(index)))
        }
        let pbx = try await SyncedPBX(model)
        for (mailbox, retention) in [("1000", "30d"), ("1001", "event+1m"), ("1002", "forever")] {
            let result = try await pbx.sync(
                ["--extension", mailbox, "--retention", retention, "--key-file", pbx.scratch("log.key")])
            guard result.status == 0 else { throw UnexpectedEnd(result) }
        }
        try await pbx.emulator.stop()
        return pbx.scratch
    }

    /// A recording as `list --json` has it.
    struct Row: Decodable {
        let id: String
        let `extension`: String
        let caller: String
        let output: String
    }

    let scratch: ScratchFolder

    /// The recordings in the order of their dates.
    let rows: [Row]

    init() async throws {
        scratch = try ScratchFolder()
        let template = try await Self.template.value
        let copied = try await Tool("cp").run(["-a", template.path + "/.", scratch.path])
        guard copied.status == 0 else { throw UnexpectedEnd(copied) }
        let list = try await Tool.voxkeep.run(["list", "--archive", scratch("archive"), "--json", "--quiet"])
        guard list.status == 0 else { throw UnexpectedEnd(list) }
        rows = try list.lines.map { try JSONDecoder().decode(Row.self, from: Data($0.utf8)) }.reversed()
    }

    var path: String { scratch("archive") }

    /// Runs a verb that only reads.
    func read(_ verb: String, _ arguments: String...) async throws -> ToolResult {
        try await Tool.voxkeep.run([verb, "--archive", path] + arguments, environment: environment)
    }

    /// Runs a verb that changes something, as somebody.
    func change(_ verb: String, _ arguments: String..., as actor: String = "alice") async throws -> ToolResult
    {
        try await Tool.voxkeep.run(changing(verb, as: actor) + arguments, environment: environment)
    }

    /// The arguments with which a verb that changes something begins.
    func changing(_ verb: String, as actor: String = "alice") -> [String] {
        [verb, "--archive", path, "--key-file", scratch("log.key"), "--actor", actor]
    }

    var environment: [String: String] { ["XDG_CONFIG_HOME": scratch("configuration")] }

    /// The audit trail's events of some kinds.
    func audit(_ kinds: String...) async throws -> [[String: Any]] {
        try json(
            try await Tool.voxkeep.run(
                ["audit", "--archive", path, "--json"] + kinds.flatMap { ["--event", $0] },
                environment: environment))
    }

    /// The rows that a command printed.
    func json(_ result: ToolResult) throws -> [[String: Any]] {
        guard result.status == 0 else { throw UnexpectedEnd(result) }
        return try result.lines.compactMap {
            try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
        }
    }
}
