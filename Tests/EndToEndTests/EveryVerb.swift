import Foundation
import PBXEmulator
import TestSupport
import Testing

/// Every verb of the program, run on one small archive in an order in which each finds something to do.
///
/// It looks for faults that show in any run: of the optimizer, of memory, of what a verb starts with. What the verbs
/// have to do besides is told by their own tests.
final class EveryVerb {
    /// What stands before each command; nothing where it is run as it is.
    private let launcher: [String]
    private let scratch: ScratchFolder
    private let pbx: SyncedPBX

    /// The verbs that have run, as they are typed: `list`, `key new`.
    private(set) var names: Set<String> = []

    init(launcher: [String] = []) async throws {
        self.launcher = launcher
        var model = MailboxModel()
        for index in 0..<4 {
            model.deliver(
                to: "100\(index / 2)", folder: .inbox, date: "2020-01-0\(index + 1) 09:00:00",
                caller: "200\(index)", length: 1,
                audio: index == 3 ? SyncedPBX.noAudio : SyncedPBX.audio(seed: UInt64(index)))
        }
        pbx = try await SyncedPBX(model, inMemory: true)
        scratch = pbx.scratch
    }

    /// Runs all verbs.
    func run() async throws {
        try await keepAndRead()
        try await files()
        try await export()
        try await hold()
        try await prove()
        try await erase()
    }

    private func keepAndRead() async throws {
        try await voxkeep("init", [pbx.archive])
        // One of the sources holds no audio.
        let sync = pbx.arguments(["--retention", "30d", "--replica", scratch("replica")])
        try await voxkeep("sync", Array(sync.dropFirst()), status: 1)
        try await pbx.emulator.stop()
        try await emulatedPBX()
        try await archive("list")
        try await archive("show", try await ids()[0])
        try await archive("status")
        try await archive("missing list")
        try await archive("missing accept", "--all", "--reason", "none is missing")
        try await archive("audit")
        try await archive("restore", try await ids()[0], "--output", "original.wav")
        try await archive("replicate")
        try await archive("verify", "--deep")
    }

    /// Syncs from a PBX that the program itself plays.
    private func emulatedPBX() async throws {
        try scratch.write(SyncedPBX.audio(seed: 9), to: "mailboxes/1000/one.wav")
        names.insert("emulate-pbx")
        let process = Process()
        let (input, output) = (Pipe(), Pipe())
        let words =
            launcher + [Tool.voxkeep.path, "emulate-pbx", "--port", "0", "--mailboxes", scratch("mailboxes")]
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = words
        process.environment = ProcessInfo.processInfo.environment.merging(pbx.environment) { $1 }
        (process.standardInput, process.standardOutput) = (input, output)
        try process.run()
        try input.fileHandleForWriting.write(contentsOf: Data("deliver 1234\n".utf8))
        var text = ""
        while !text.contains("\nok\n") {
            let bytes = output.fileHandleForReading.availableData
            try #require(!bytes.isEmpty, "emulate-pbx ended after: \(text)")
            text += String(decoding: bytes, as: UTF8.self)
        }
        let url = try #require(text.split(separator: " ").first)
        try await archive(
            "sync", "--pbx-url", "\(url)", "--username", "api", "--pbx-name", "emulated", "--timezone", "UTC")
        process.interrupt()
        process.waitUntilExit()
        #expect(process.terminationStatus == 130)
    }

    private func files() async throws {
        try scratch.write(SyncedPBX.audio(seed: 10), to: "in/one.wav")
        try scratch.write(SyncedPBX.audio(seed: 11).dropLast(5), to: "in/two.wav")
        try await voxkeep("inspect", ["--loudness", "in/one.wav", "in/two.wav"], status: 1)
        try await voxkeep("convert", ["in", "--output", "out"], status: 1)
        try await voxkeep("restore", ["out/one.flac", "--output", "one.wav"])
        #expect(scratch.bytes("one.wav") == SyncedPBX.audio(seed: 10))
        try await voxkeep("demo", ["demo"])
    }

    private func export() async throws {
        try await archive(
            "export", "--hook", "echo '{\"text\": \"hello\"}'", "--hook-name", "test")
        for format in ["bagit", "lhotse", "kaldi", "nemo", "huggingface", "webdataset", "csv"] {
            try await archive("export", "--format", format, "--output", format)
        }
        try await archive("export", "--format", "bagit", "--originals", "--output", "bag")
        for bag in ["bag", "bagit"] {
            let sums = try await Tool("sha256sum").run(
                ["--check", "--quiet", "--strict", "manifest-sha256.txt", "tagmanifest-sha256.txt"],
                folder: scratch(bag))
            #expect(sums.status == 0, "\(sums.text)\(sums.diagnostics)")
        }
    }

    private func hold() async throws {
        let id = try await ids()[0]
        try await archive("hold", "--case", "C", "--reason", "suit", "--actor", "alice", id)
        try await archive("holds")
        try await archive("release", "--case", "C", "--reason", "settled", "--actor", "alice")
        try await archive("release", "--case", "C", "--reason", "settled", "--actor", "bob")
        let oldest = try #require(try await ids().last)
        try await archive("retain", "--policy", "20y", "--reason", "contract", oldest)
    }

    private func prove() async throws {
        let authority = try await LocalTimestampAuthority()
        try await archive("prove", try await ids()[0], "--output", "proof")
        try await archive(
            "anchor", "--tsa-ca", authority.folder("root.pem"), "--through",
            "cd \(authority.folder.path) && openssl ts -reply -config openssl.cnf -queryfile /dev/stdin "
                + "-inkey signer.key -signer signer.pem 2>/dev/null")
        try await archive("key show")
        try await archive("key rotate", "--reason", "yearly")
    }

    private func erase() async throws {
        try await archive("erase", "--ground", "request", try await ids()[1])
        try await archive("expire", "--dry-run")
        try await archive("expire")
        try FileManager.default.removeItem(atPath: scratch("archive/catalog.sqlite"))
        try await archive("rebuild-catalog")
        try await archive("verify", "--repair")
        #expect(try await ids().count == 2)
    }

    /// The ids of what the archive holds, the newest first.
    private func ids() async throws -> [String] {
        let rows = try await archive("list", "--json").lines
        return try rows.map { row in
            let match = try #require(try #/"id":"([0-9a-f]{32})"/#.firstMatch(in: row))
            return String(match.1)
        }
    }

    @discardableResult
    private func archive(_ verb: String, _ arguments: String..., status: Int32 = 0) async throws -> ToolResult
    {
        try await voxkeep(verb, ["--archive", pbx.archive] + arguments, status: status)
    }

    @discardableResult
    private func voxkeep(_ verb: String, _ arguments: [String], status: Int32 = 0) async throws -> ToolResult
    {
        names.insert(verb)
        let words = verb.split(separator: " ").map(String.init) + arguments
        let result = try await Tool(path: "/usr/bin/env").run(
            launcher + [Tool.voxkeep.path] + words, environment: pbx.environment, folder: scratch.path)
        try #require(
            result.status == status,
            "\(words.joined(separator: " ")): \(result.status) \(result.text) \(result.diagnostics)")
        return result
    }

    /// The verbs that the program's help lists, those of `key` and its like with the verb above them.
    func listed() async throws -> Set<String> {
        var listed: Set<String> = []
        for verb in try await subcommands([]) {
            let isGroup = names.contains { $0.hasPrefix(verb + " ") }
            listed.formUnion(isGroup ? try await subcommands([verb]).map { "\(verb) \($0)" } : [verb])
        }
        return listed
    }

    private func subcommands(_ command: [String]) async throws -> [String] {
        let help = try await Tool.voxkeep.run(command + ["--help"])
        return help.text.components(separatedBy: "SUBCOMMANDS:\n").last?.matches(of: /(?m)^  ([a-z][a-z-]*)/)
            .map { String($0.1) } ?? []
    }
}
