import Digests
import Foundation
import PBXEmulator
import Synchronization
import TestSupport
import Testing

/// An emulated PBX, an archive, and the `voxkeep` binary between them.
final class SyncedPBX: Sendable {
    static let password = "c0rrect horse"

    /// What every token and random string of the emulator begins with, so that a leak is found.
    static let secretPrefix = "5ec2e75ec2e7"

    let emulator: PBXEmulator
    let scratch: ScratchFolder

    var archive: String { scratch.path("archive") }

    init(
        _ mailboxes: MailboxModel, inMemory: Bool = false,
        adjusting adjust: (inout EmulatorConfiguration) -> Void = { _ in }
    ) async throws {
        var configuration = EmulatorConfiguration()
        configuration.mailboxes = mailboxes
        configuration.password = Self.password
        let counter = Counter()
        configuration.randomWord = { 0x5EC2_E75E_C2E7_0000 | counter.next() }
        adjust(&configuration)
        emulator = try await PBXEmulator.start(configuration)
        scratch = try ScratchFolder(inMemory: inMemory)
    }

    /// Makes the archive where there is nothing, with the key that a sync is told to sign with.
    func makeArchive(for options: [String] = []) throws {
        guard !FileManager.default.fileExists(atPath: archive) else { return }
        let key = options.firstIndex(of: "--key-file").map { Array(options[$0...($0 + 1)]) } ?? []
        let process = Process()
        process.executableURL = URL(filePath: Tool.voxkeep.path)
        process.arguments = ["init", archive, "--quiet"] + key
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
    }

    private final class Counter: Sendable {
        private let value = Mutex<UInt64>(0)

        func next() -> UInt64 {
            value.withLock { value in
                value += 1
                return value & 0xFFFF
            }
        }
    }

    /// What a recorder can leave that holds no audio, and that no box sends in place of a message: text would be taken for that.
    static let noAudio: [UInt8] = [0, 1, 2] + Array("no audio at all".utf8)

    /// Mailboxes of short messages, every one with its own caller, date and audio, and neighbors of other lengths.
    static func mailboxes(messages: Int, extensions: [String] = ["1000", "1001"]) -> MailboxModel {
        var model = MailboxModel()
        for number in extensions { model.addExtension(number) }
        for index in 0..<messages {
            let seconds = 1 + 2 * (index % 3)
            model.deliver(
                to: extensions[index % extensions.count], folder: index % 5 == 0 ? .old : .inbox,
                date: "2026-01-05 09:\(index < 10 ? "0" : "")\(index):00", caller: "200\(index)",
                length: seconds,
                audio: audio(seed: UInt64(index), seconds: seconds))
        }
        return model
    }

    /// Speech-like audio.
    static func audio(seed: UInt64, seconds: Int = 1) -> [UInt8] {
        var speech = SpeechGenerator(seed: seed)
        return WaveComposer.file(
            samples: speech.speak(seconds: Double(seconds)), sampleRate: SpeechGenerator.sampleRate,
            encoding: .pcm16)
    }

    func arguments(_ extra: [String] = []) -> [String] {
        [
            "sync", "--pbx-url", emulator.url, "--username", "api", "--pbx-name", "test", "--archive",
            archive,
            "--timezone", "Asia/Shanghai", "--json",
        ] + extra
    }

    /// The password, a configuration folder of the test's own for the key that signs the log, and no proxy.
    var environment: [String: String] {
        [
            "VOXKEEP_PBX_PASSWORD": Self.password, "XDG_CONFIG_HOME": scratch.path("configuration"),
            "NO_PROXY": "*", "no_proxy": "*", "VOXKEEP": Tool.voxkeep.path,
        ]
    }

    func start(_ extra: [String] = []) throws -> RunningTool {
        try makeArchive(for: extra)
        return try Tool.voxkeep.start(arguments(extra), environment: environment)
    }

    /// Runs a sync, and checks that no secret is in what it prints.
    func sync(_ extra: [String] = []) async throws -> ToolResult {
        let result = try await start(extra).result()
        for text in [result.text, result.diagnostics] {
            #expect(!text.contains(Self.password))
            #expect(!text.contains(Self.secretPrefix))
            #expect(!text.contains(MD5.hexadecimal(of: Self.password)))
        }
        return result
    }

    /// What the archive says it holds, read through the binary.
    func list() async throws -> [Row] {
        let result = try await Tool.voxkeep.run(["list", "--archive", archive, "--json", "--quiet"])
        try #require(result.status == 0, "\(result.diagnostics)")
        return try result.lines.map { try JSONDecoder().decode(Row.self, from: Data($0.utf8)) }
    }

    struct Row: Decodable {
        let `extension`: String
        let caller: String
        let listedDate: String
        let sha256: String
        let state: String
        let output: String?
        let file: String?
        let warnings: [String]

        var key: String { "\(`extension`) \(caller) \(listedDate) \(sha256)" }
    }

    /// Checks that the archive holds every message of a model exactly once, under its own caller and date, that each
    /// restores to what the PBX sent, and that nothing unfinished is left.
    func expectEachOnce(
        _ model: MailboxModel, after comment: Comment? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let rows = try await list()
        let expected = model.extensions.flatMap { mailbox in
            MailboxModel.Folder.allCases.flatMap { model.messages(in: mailbox, folder: $0) }.map { entry in
                let digest = SHA256Hasher.digest(of: entry.message.audio).hexadecimal
                return "\(mailbox) \(entry.message.caller) \(entry.message.date) \(digest)"
            }
        }
        #expect(rows.map(\.key).sorted() == expected.sorted(), comment, sourceLocation: sourceLocation)
        for row in rows {
            if let output = row.output {
                let restored = try await Tool.voxkeep.run(["restore", output, "--output", "-"])
                #expect(restored.status == 0, "\(restored.diagnostics)", sourceLocation: sourceLocation)
                let digest = SHA256Hasher.digest(of: restored.output).hexadecimal
                #expect(digest == row.sha256, comment, sourceLocation: sourceLocation)
            } else if let file = row.file {
                let bytes = try Array(Data(contentsOf: URL(filePath: file)))
                #expect(
                    SHA256Hasher.digest(of: bytes).hexadecimal == row.sha256, comment,
                    sourceLocation: sourceLocation)
            }
        }
        let files = scratch.files()
        #expect(
            files.count { $0.hasSuffix(".flac") } == rows.count { $0.output != nil },
            sourceLocation: sourceLocation)
        #expect(
            !files.contains { $0.hasPrefix("archive/incoming/") }, comment, sourceLocation: sourceLocation)
    }

    /// Takes the catalog away, with the files that SQLite keeps beside it.
    func removeCatalog() {
        for name in ["catalog.sqlite", "catalog.sqlite-wal", "catalog.sqlite-shm"] {
            try? FileManager.default.removeItem(atPath: archive + "/" + name)
        }
    }

    func requests(_ endpoint: EmulatorEndpoint) async -> Int {
        await emulator.requestLog.count { $0.request.endpoint == endpoint }
    }
}
