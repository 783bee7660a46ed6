import Foundation
import TestSupport
import Testing

/// How a PBX is named in an archive where nobody gives a name.
@Suite struct SyncNamingTests {
    private typealias Message = SyncedBox.Message

    private static let messages = (1...2).map { number in
        Message(
            file: "msg000\(number).wav", caller: "200\(number)", date: "2026-01-05 09:00:0\(number)",
            length: "1",
            status: "unread", audio: SyncedPBX.audio(seed: UInt64(number)))
    }

    /// A box that tells its serial number.
    private static func tellingSerial(_ serial: String) -> HandWrittenBox.Handler {
        { request, _ in
            guard request.operation == "deviceinfo/query" else { return nil }
            return .json(
                #"{"status":"Success","deviceinfo":{"devicename":"S100","sn":"\#(serial)","systemtime":""}}"#)
        }
    }

    private func names(_ synced: SyncedBox) async throws -> [String] {
        struct Row: Decodable { let pbx: String }
        let result = try await synced.voxkeep("list", "--json", "--quiet")
        try #require(result.status == 0, "\(result.diagnostics)")
        return try result.lines.map { try JSONDecoder().decode(Row.self, from: Data($0.utf8)).pbx }
    }

    /// Syncs from another box into the same archive.
    private func sync(from box: HandWrittenBox, to synced: SyncedBox) async throws -> ToolResult {
        try await Tool.voxkeep.run(
            [
                "sync", "--pbx-url", box.url, "--username", "api", "--archive", synced.archive, "--timezone",
                "Asia/Shanghai", "--json",
            ], environment: synced.environment)
    }

    @Test func `takes two ports of a host for two boxes`() async throws {
        let synced = try await SyncedBox(Self.messages)
        let other = try HandWrittenBox(Self.messages)
        for _ in 0..<2 {
            #expect(try await synced.sync(named: nil).status == 0)
            #expect(try await sync(from: other, to: synced).status == 0)
        }
        let name = "127.0.0.1-\(synced.box.port)"
        #expect(
            try await names(synced).sorted()
                == [name, name, "127.0.0.1-\(other.port)", "127.0.0.1-\(other.port)"].sorted())
        for box in [synced.box, other] { #expect(box.requests("voicemail/download").count == 2) }
        #expect(try await synced.voxkeep("status").status == 0)
        #expect(try await synced.voxkeep("verify").status == 0)
    }

    @Test func `names a box by its serial number, also at another address`() async throws {
        let synced = try await SyncedBox(Self.messages, handler: Self.tellingSerial("369364835218"))
        #expect(try await synced.sync(named: nil).status == 0)
        let moved = try HandWrittenBox(Self.messages, handler: Self.tellingSerial("369364835218"))
        #expect(try await sync(from: moved, to: synced).status == 0)
        #expect(try await names(synced) == ["369364835218", "369364835218"])
        #expect(moved.requests("voicemail/download").isEmpty)
        // It is asked once.
        #expect(try await synced.sync(named: nil).status == 0)
        #expect(synced.box.requests("deviceinfo/query").count == 1)
    }

    @Test(arguments: ["000000000000", "../../x", "", "a b c d e f", String(repeating: "7a", count: 40)])
    func `takes nothing for a serial number that is none`(serial: String) async throws {
        let synced = try await SyncedBox(Self.messages, handler: Self.tellingSerial(serial))
        #expect(try await synced.sync(named: nil).status == 0)
        #expect(Set(try await names(synced)) == ["127.0.0.1-\(synced.box.port)"])
    }

    @Test(arguments: [10003, 20010, 0])
    func `does not mind a box that tells no serial number`(code: Int) async throws {
        let synced = try await SyncedBox(Self.messages) { request, _ in
            guard request.operation == "deviceinfo/query" else { return nil }
            return code == 0 ? .nothing : HandWrittenBox.refusal(code)
        }
        let result = try await synced.sync(named: nil)
        #expect(result.status == 0, "\(result.diagnostics)")
        #expect(synced.box.requests("deviceinfo/query").count == 1)
        #expect(synced.box.requests("login").count == 1)
        #expect(Set(try await names(synced)) == ["127.0.0.1-\(synced.box.port)"])
    }

    @Test func `leaves a box the name that it had before there were ports in names`() async throws {
        let synced = try await SyncedBox(Self.messages, handler: Self.tellingSerial("369364835218"))
        #expect(try await synced.sync(named: "127.0.0.1").status == 0)
        // As an archive of then has it: the name without an address.
        let forget = try await Tool(path: "/bin/bash").run(
            ["-c", "sqlite3 '\(synced.archive)/catalog.sqlite' 'DELETE FROM box'"])
        #expect(forget.status == 0, "\(forget.diagnostics)")
        let downloads = synced.box.requests("voicemail/download").count
        // Another box of that host has none of its messages.
        let other = try HandWrittenBox([
            Message(
                file: "msg0000.wav", caller: "3000", date: "2026-02-01 09:00:00", length: "1",
                status: "unread",
                audio: SyncedPBX.audio(seed: 9))
        ])
        #expect(try await sync(from: other, to: synced).status == 0)
        for _ in 0..<2 { #expect(try await synced.sync(named: nil).status == 0) }
        #expect(synced.box.requests("voicemail/download").count == downloads)
        #expect(try await names(synced).sorted() == ["127.0.0.1", "127.0.0.1", "127.0.0.1-\(other.port)"])
    }

    @Test func `keeps the name that somebody gave`() async throws {
        let synced = try await SyncedBox(Self.messages)
        #expect(try await synced.sync(named: "office").status == 0)
        let result = try await synced.sync(named: nil)
        #expect(result.status == 0 && result.diagnostics.contains("office lists 2"), "\(result.diagnostics)")
        #expect(Set(try await names(synced)) == ["office"])
        #expect(synced.box.requests("deviceinfo/query").isEmpty)
        #expect(synced.box.requests("voicemail/download").count == 2)
    }
}
