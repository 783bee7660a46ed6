import Foundation
import TestSupport
import Testing

/// What callers are called, and boxes that do not know how to write it.
@Suite struct SyncListingTests {
    private static func message(_ index: Int, entry: String? = nil) -> SyncedBox.Message {
        .init(
            mailbox: "100\(index % 2)", file: "msg000\(index).wav", caller: "200\(index)",
            date: "2026-01-05 09:00:0\(index)", length: "1", status: "unread",
            audio: SyncedPBX.audio(seed: UInt64(index)), entry: entry)
    }

    private static func entry(_ index: Int, caller: String) -> String {
        #"{"voicemailfile":"msg000\#(index).wav","messagefrom":"\#(caller)","voicemailstatus":"unread","#
            + #""voicemaildate":"2026-01-05 09:00:0\#(index)","voicemaillength":"1"}"#
    }

    @Test func `keeps a caller with quotation marks that were not escaped`() async throws {
        var messages = (0..<4).map { Self.message($0) }
        messages[1].entry = Self.entry(1, caller: #"Bob "the" Builder"#)
        let synced = try await SyncedBox(messages)
        let result = try await synced.sync()
        #expect(result.status == 0, "\(result.diagnostics)")
        messages[1].caller = #"Bob "the" Builder"#
        #expect(try await synced.held() == SyncedBox.expectation(messages))
    }

    @Test func `brings all messages home but the one whose entry cannot be read, and names that`()
        async throws
    {
        var messages = (0..<4).map { Self.message($0) }
        messages[1].entry = #"{"voicemailfile":"msg0001.wav","messagefrom" "2001"}"#
        let synced = try await SyncedBox(messages)
        for _ in 0..<2 {
            let result = try await synced.sync()
            #expect(result.status == 1, "\(result.diagnostics)")
            #expect(
                result.diagnostics.contains("entry 1 of extension 1001 (msg0001.wav) cannot be read"),
                "\(result.diagnostics)")
            #expect(
                try await synced.held() == SyncedBox.expectation([messages[0], messages[2], messages[3]]))
        }
    }

    @Test func `brings all messages home beside entries that are none`() async throws {
        var messages = (0..<3).map { Self.message($0) }
        messages[2].entry = "null"
        let synced = try await SyncedBox(messages)
        let result = try await synced.sync()
        #expect(result.status == 1, "\(result.diagnostics)")
        #expect(result.diagnostics.contains("entry 2 of extension 1000"), "\(result.diagnostics)")
        #expect(try await synced.held() == SyncedBox.expectation(Array(messages.prefix(2))))
    }

    @Test(arguments: ["utf-8", "gb18030"])
    func `keeps a caller in GBK, decoded or not`(encoding: String) async throws {
        var message = Self.message(0)
        let synced = try await SyncedBox([message]) { request, contents in
            guard request.operation == "voicemail/query" else { return nil }
            // 张三 in GBK, and a character whose second byte is a backslash.
            var body = Array(HandWrittenBox.listing(of: contents, asked: request.fields["extid"]).utf8)
            guard let place = body.firstRange(of: Array("2000".utf8)) else { return nil }
            body.replaceSubrange(place, with: [0xD5, 0xC5, 0xC8, 0xFD, 0xB3, 0x5C])
            return .body(body, type: "application/json")
        }
        let result = try await synced.sync(["--text-encoding", encoding])
        #expect(result.status == 0, "\(result.diagnostics)")
        message.caller = encoding == "utf-8" ? "\u{FFFD}\u{FFFD}\u{FFFD}" : "张三砛"
        #expect(try await synced.held() == SyncedBox.expectation([message]))
    }

    @Test func `reads dates as boxes write them, and asks for the order of day and month`() async throws {
        var messages = (0..<4).map { Self.message($0) }
        for (index, date) in [
            "2026/03/01 09:00:00", "1772326800", "03/04/2026 09:00:00", "04/03/2026 09:00:00",
        ].enumerated() {
            messages[index].date = date
        }
        let synced = try await SyncedBox(messages)
        let result = try await synced.sync()
        #expect(result.status == 0, "\(result.diagnostics)")
        #expect(
            result.diagnostics.contains("2 messages came with a date in which day and month"),
            "\(result.diagnostics)")
        #expect(result.diagnostics.contains("--date-order"))
        #expect(try await synced.held() == SyncedBox.expectation(messages))
        #expect(!(try await synced.sync()).diagnostics.contains("--date-order"))
        let other = try await SyncedBox(messages)
        let ordered = try await other.sync(["--date-order", "mdy"])
        #expect(!ordered.diagnostics.contains("--date-order"), "\(ordered.diagnostics)")
        let dates = try await other.voxkeep("list", "--json", "--quiet").lines.compactMap { line in
            try (JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])?["date"] as? String
        }
        #expect(
            dates.sorted()
                == [
                    "2026-03-01T09:00:00+08:00", "2026-03-01T09:00:00+08:00", "2026-03-04T09:00:00+08:00",
                    "2026-04-03T09:00:00+08:00",
                ].sorted())
        let refused = try await other.sync(["--date-order", "ymd"])
        #expect(refused.status == 64)
    }

    @Test func `lists the others where one of the extensions that were named is not there`() async throws {
        let messages = (0..<4).map { Self.message($0) }
        let synced = try await SyncedBox(messages)
        let arguments = ["1000", "9999", "1001"].flatMap { ["--extension", $0] }
        let result = try await synced.sync(arguments)
        #expect(result.status == 1, "\(result.diagnostics)")
        #expect(result.diagnostics.contains("has no extension 9999"), "\(result.diagnostics)")
        #expect(try await synced.held() == SyncedBox.expectation(messages))
    }
}
