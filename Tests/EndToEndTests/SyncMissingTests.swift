import Foundation
import TestSupport
import Testing

/// Messages that are listed and never come: each is told, until somebody acknowledges it.
@Suite struct SyncMissingTests {
    private typealias Message = SyncedBox.Message

    private static func message(_ number: Int, mailbox: String = "1000") -> Message {
        .init(
            mailbox: mailbox, file: "msg000\(number).wav", caller: "200\(number)",
            date: "2026-01-05 09:00:0\(number)", length: "1", status: "unread",
            audio: SyncedPBX.audio(seed: UInt64(number)))
    }

    private struct Missing: Decodable {
        let id: String
        let `extension`: String?
        let caller: String?
        let count: Int
        let acceptedBy: String?
        let reason: String?
    }

    private func missing(_ synced: SyncedBox, _ arguments: String...) async throws -> [Missing] {
        let result = try await Tool.voxkeep.run(
            ["missing", "--json", "--archive", synced.archive] + arguments, environment: synced.environment)
        try #require(result.status == 0, "\(result.diagnostics)")
        return try result.lines.map { try JSONDecoder().decode(Missing.self, from: Data($0.utf8)) }
    }

    /// A box on which something happens to a message right before it is asked for.
    private func box(_ change: @escaping @Sendable (inout [Message]) -> Void) async throws -> SyncedBox {
        try await SyncedBox([Self.message(1), Self.message(2)]) { request, contents in
            if request.operation == "voicemail/get_random", request.fields["voicemailfile"] == "msg0002.wav" {
                change(&contents.messages)
            }
            return nil
        }
    }

    @Test func `tells of a message without a file name, until that is accepted`() async throws {
        let synced = try await SyncedBox([Self.message(1), Self.message(2)])
        synced.box.messages[1].entry =
            #"{"messagefrom":"2002","voicemaildate":"2026-01-05 09:00:02","voicemaillength":"1"}"#
        for _ in 0..<2 {
            let result = try await synced.sync()
            #expect(result.status == 1)
            #expect(result.diagnostics.contains("1 more unreadable"), "\(result.diagnostics)")
            #expect(
                result.diagnostics.contains(
                    "entry 2 of extension 1000 cannot be read, as it has no file name"))
            #expect(!result.diagnostics.contains("missing"), "\(result.diagnostics)")
        }
        #expect(try await synced.voxkeep("status").status == 1)
        let found = try await missing(synced)
        #expect(found.map(\.caller) == ["2002"])
        let id = try #require(found.first?.id)
        let accepted = try await synced.voxkeep(
            "missing", "accept", id, "--reason", "the box has lost its file")
        #expect(accepted.status == 0, "\(accepted.diagnostics)")
        let quiet = try await synced.sync()
        #expect(quiet.status == 0, "\(quiet.diagnostics)")
        #expect(try await synced.voxkeep("status").status == 0)
        // It has one again.
        synced.box.messages[1].entry = nil
        #expect(try await synced.sync().status == 0)
        #expect(try await synced.held() == SyncedBox.expectation([Self.message(1), Self.message(2)]))
    }

    @Test(arguments: [
        "null", "[]", #"{"voicemailfile":"msg0002.wav","messagefrom" "2002","voicemaillength":"1"}"#,
        #"{"voicemailfile":{},"messagefrom":7}"#,
    ])
    func `tells of an entry that cannot be read, until that is accepted`(entry: String) async throws {
        let synced = try await SyncedBox([Self.message(1), Self.message(2), Self.message(3)])
        synced.box.messages[1].entry = entry
        for _ in 0..<2 {
            let result = try await synced.sync()
            #expect(result.status == 1)
            #expect(result.diagnostics.contains("1 more unreadable"), "\(result.diagnostics)")
            #expect(result.diagnostics.contains("entry 2 of extension 1000"), "\(result.diagnostics)")
            #expect(!result.diagnostics.contains("missing"), "\(result.diagnostics)")
        }
        let status = try await synced.voxkeep("status", "--json")
        #expect(status.status == 1 && status.text.contains(#""missing":1"#), "\(status.text)")
        #expect(try await missing(synced).map(\.extension) == ["1000"])
        let accepted = try await synced.voxkeep("missing", "accept", "--all", "--reason", "heard on the box")
        #expect(accepted.status == 0, "\(accepted.diagnostics)")
        // Entries move up when one before them goes; it is the same one.
        synced.box.messages.removeFirst()
        let quiet = try await synced.sync()
        #expect(quiet.status == 0, "\(quiet.diagnostics)")
        #expect(!quiet.diagnostics.contains("unreadable"), "\(quiet.diagnostics)")
        #expect(try await synced.voxkeep("status").status == 0)
        // A second one like it is told.
        var other = Self.message(4)
        other.entry = entry
        synced.box.messages.append(other)
        #expect(try await synced.sync().status == 1)
        #expect(try await synced.voxkeep("status").status == 1)
        #expect(try await synced.held() == SyncedBox.expectation([Self.message(1), Self.message(3)]))
        #expect(try await synced.voxkeep("verify").status == 0)
    }

    @Test func `tells of a message that was deleted before it could be fetched, until that is accepted`()
        async throws
    {
        let synced = try await box { $0.removeAll { $0.caller == "2002" } }
        let first = try await synced.sync()
        #expect(first.status == 1)
        #expect(first.diagnostics.contains("1 archived, 1 missing"), "\(first.diagnostics)")
        #expect(try SyncedBox.items(first).filter { $0.outcome == "missing" }.map(\.caller) == ["2002"])
        // Told once, and counted until somebody says that it is known.
        let second = try await synced.sync()
        #expect(second.status == 1)
        #expect(second.diagnostics.contains("1 missing"), "\(second.diagnostics)")
        #expect(try SyncedBox.items(second).isEmpty)
        #expect(try await synced.voxkeep("status").status == 1)

        let found = try await missing(synced)
        #expect(found.map(\.caller) == ["2002"] && found.map(\.extension) == ["1000"])
        let id = try #require(found.first?.id)
        for wrong in [
            ["accept", "--reason", "x"], ["accept", id], ["accept", id, "--all", "--reason", "x"],
        ] {
            let result = try await Tool.voxkeep.run(["missing"] + wrong + ["--archive", synced.archive])
            #expect(result.status == 64, "\(result.diagnostics)")
        }
        let nobody = try await synced.voxkeep("missing", "accept", "000000", "--reason", "x")
        #expect(nobody.status == 66, "\(nobody.diagnostics)")
        let accepted = try await synced.voxkeep(
            "missing", "accept", String(id.prefix(8)), "--reason", "heard at reception", "--actor", "carol")
        #expect(accepted.status == 0, "\(accepted.diagnostics)")
        #expect(accepted.diagnostics.contains("1 missing message accepted"), "\(accepted.diagnostics)")

        #expect(try await synced.voxkeep("status").status == 0)
        let third = try await synced.sync()
        #expect(third.status == 0, "\(third.diagnostics)")
        #expect(!third.diagnostics.contains("missing"))
        #expect(try await missing(synced).isEmpty)
        let known = try await missing(synced, "--accepted")
        #expect(known.map(\.id) == [id] && known.map(\.acceptedBy) == ["carol"])
        #expect(known.map(\.reason) == ["heard at reception"] && known.map(\.caller) == ["2002"])
        let audit = try await synced.voxkeep("audit", "--event", "accept")
        #expect(audit.text.contains("carol") && audit.text.contains("heard at reception"), "\(audit.text)")
        #expect(try await synced.voxkeep("verify").status == 0)
    }

    @Test func `tells of a message whose caller got another name in mid-run`() async throws {
        let synced = try await box { messages in
            for index in messages.indices where messages[index].caller == "2002" {
                messages[index].caller = "Bob"
            }
        }
        let first = try await synced.sync()
        #expect(first.status == 1)
        #expect(first.diagnostics.contains("2 archived, 1 missing"), "\(first.diagnostics)")
        #expect(try await synced.held().map { $0.prefix(4) }.sorted() == ["2001", "Bob "])
        let accepted = try await synced.voxkeep("missing", "accept", "--all", "--reason", "renamed")
        #expect(accepted.status == 0, "\(accepted.diagnostics)")
        #expect(try await synced.sync().status == 0)
        #expect(try await synced.voxkeep("status").status == 0)
    }

    @Test func `goes on asking for a message that was accepted as missing, and takes it when it comes`()
        async throws
    {
        let synced = try await SyncedBox([Self.message(1), Self.message(2)]) { request, _ in
            request.operation == "voicemail/get_random" && request.fields["voicemailfile"] == "msg0002.wav"
                ? HandWrittenBox.refusal(20018) : nil
        }
        #expect(try await synced.sync().status == 1)
        let accepted = try await synced.voxkeep("missing", "accept", "--all", "--reason", "file is gone")
        #expect(accepted.status == 0, "\(accepted.diagnostics)")
        let quiet = try await synced.sync()
        #expect(quiet.status == 0, "\(quiet.diagnostics)")
        #expect(quiet.diagnostics.contains("1 not to be had, as is accepted"), "\(quiet.diagnostics)")
        #expect(try SyncedBox.items(quiet).map(\.outcome) == ["accepted"])
        synced.box.handle(nil)
        #expect(try await synced.sync().status == 0)
        #expect(try await synced.held() == SyncedBox.expectation([Self.message(1), Self.message(2)]))
        #expect(try await missing(synced, "--accepted").isEmpty)
    }

    @Test func `counts as missing only what was asked for`() async throws {
        let synced = try await SyncedBox([Self.message(1), Self.message(2, mailbox: "1001")]) { request, _ in
            request.operation == "voicemail/get_random" && request.fields["extid"] == "1001"
                ? HandWrittenBox.refusal(20018) : nil
        }
        #expect(try await synced.sync().status == 1)
        synced.box.messages = [Self.message(1)]
        synced.box.change { $0.extensions = ["1000", "1001"] }
        #expect(try await synced.sync(["--extension", "1000"]).status == 0)
        #expect(try await synced.sync(["--extension", "1001"]).status == 1)
        #expect(try await synced.sync().status == 1)
    }

    @Test func `is stopped by no extension that is gone among several`() async throws {
        let messages = [Self.message(1), Self.message(2, mailbox: "1001")]
        let synced = try await SyncedBox(messages)
        synced.box.change { $0.extensions = ["1000", "1001"] }
        let named = ["--extension", "1000", "--extension", "4711", "--extension", "1001"]
        let result = try await synced.sync(named)
        #expect(result.status == 1)
        #expect(result.diagnostics.contains("the PBX has no extension 4711"), "\(result.diagnostics)")
        #expect(try await synced.held() == SyncedBox.expectation(messages))
        let none = try await synced.sync(["--extension", "4711", "--extension", "4712"])
        #expect(none.status == 66, "\(none.diagnostics)")
    }
}
