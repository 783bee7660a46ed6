import Digests
import Foundation
import PBXEmulator
import TestSupport
import Testing

/// A sync that a fault breaks off, and what must hold afterwards.
struct BrokenSync {
    let pbx: SyncedPBX
    let mailboxes: MailboxModel

    /// The messages that the archive held before.
    private let before: [String]

    private static let messages = 3
    private static let withoutAudio = WaveComposer.file(samples: [], sampleRate: 8000, encoding: .pcm16)

    /// Mailboxes of three short messages, and one that holds no audio and goes to quarantine.
    ///
    /// - Parameter messagesBefore: How many of them were delivered, and synced, before; with none the archive is empty.
    /// - Throws: Where the emulator does not start, or the sync before fails.
    init(messagesBefore: Int) async throws {
        pbx = try await SyncedPBX(SyncedPBX.mailboxes(messages: messagesBefore), inMemory: true)
        if messagesBefore > 0 {
            try #require(try await pbx.sync().status == 0)
            before = try await pbx.list().map(\.key)
        } else {
            before = []
        }
        var mailboxes = SyncedPBX.mailboxes(messages: Self.messages)
        mailboxes.deliver(
            to: "1000", date: "2026-01-06 09:00:00", caller: "3000", length: 0,
            audio: Self.withoutAudio)
        await pbx.emulator.mutate { [mailboxes] model in model = mailboxes }
        self.mailboxes = mailboxes
        try pbx.makeArchive()
    }

    var arguments: [String] { pbx.arguments(["--jobs", "1"]) }
    var environment: [String: String] { pbx.environment }

    /// Checks the archive as it was left, syncs again, and checks that it is complete.
    func check(_ result: ToolResult, after fault: Comment) async throws {
        let rows = result.lines.compactMap { line in
            // The last line may be cut off.
            try? JSONDecoder().decode(SyncedRow.self, from: Data(line.utf8))
        }
        let acknowledged = rows.filter { ["archived", "quarantined"].contains($0.outcome) }.map(\.key)
        if FileManager.default.fileExists(atPath: pbx.archive + "/archive.json") {
            let kept = try await pbx.list().map(\.key)
            #expect(Set(before + acknowledged).isSubset(of: kept), fault)
            if [0, 1].contains(result.status), !rows.contains(where: { $0.outcome == "failed" }) {
                #expect(kept.count == Self.messages + 1, fault)
            }
        } else {
            #expect((before + acknowledged).isEmpty && result.status > 1, fault)
        }
        try await expectWholeFiles(fault)

        let again = try await pbx.sync(["--jobs", "1"])
        // 1: a message went to quarantine just now.
        #expect([0, 1].contains(again.status), "\(fault); \(again.diagnostics)")
        try await pbx.expectEachOnce(mailboxes, after: fault)
        try await expectWholeFiles(fault)
        #expect(
            files(in: "quarantine").map { $0.split(separator: ".").dropFirst().joined(separator: ".") }
                == ["json", "record.json", "wav", "txt"], fault)
    }

    /// Checks that no file under a final name is cut off or empty.
    private func expectWholeFiles(_ fault: Comment) async throws {
        let recordings = files(in: "recordings").filter { $0.hasSuffix(".flac") }
        if !recordings.isEmpty {
            let result = try await Tool("flac").run(
                ["--test", "--silent", "--warnings-as-errors"] + recordings, folder: pbx.scratch.path)
            #expect(result.status == 0, "\(fault); \(result.diagnostics)")
        }
        for file in files(in: "quarantine") {
            let bytes = try Data(contentsOf: URL(filePath: pbx.scratch.path(file)))
            if file.hasSuffix(".wav") {
                #expect(Array(bytes) == Self.withoutAudio, fault)
            } else if file.hasSuffix(".json") {
                #expect(throws: Never.self, fault) { try JSONSerialization.jsonObject(with: bytes) }
            }
        }
    }

    private func files(in folder: String) -> [String] {
        pbx.scratch.files().filter { $0.hasPrefix("archive/\(folder)/") }
    }

    /// A row of `sync --json`.
    private struct SyncedRow: Decodable {
        let `extension`: String
        let caller: String
        let listedDate: String
        let sha256: String?
        let outcome: String

        var key: String { "\(`extension`) \(caller) \(listedDate) \(sha256 ?? "")" }
    }
}
