import Foundation
import Synchronization
import TestSupport
import Testing

/// Boxes that list a message more than once, or in another form than before: it is stored once.
@Suite struct SyncOnceTests {
    private typealias Message = SyncedBox.Message

    private static let audio = (1...5).map { SyncedPBX.audio(seed: UInt64($0)) }

    private static func message(_ number: Int = 1, status: String? = "unread") -> Message {
        .init(
            file: "msg000\(number).wav", caller: "200\(number)", date: "2026-01-05 09:00:0\(number)",
            length: "1", status: status, audio: audio[number - 1])
    }

    @Test func `stores a message once that is listed twice`() async throws {
        let synced = try await SyncedBox([Self.message(), Self.message(2), Self.message()])
        for _ in 0..<2 {
            let result = try await synced.sync()
            #expect(result.status == 0, "\(result.diagnostics)")
            #expect(result.diagnostics.contains("2 messages listed"), "\(result.diagnostics)")
        }
        #expect(try await synced.held() == SyncedBox.expectation([Self.message(), Self.message(2)]))
        #expect(try await synced.voxkeep("status").status == 0)
    }

    @Test func `stores messages once of a mailbox that is listed twice`() async throws {
        let messages = [Self.message(), Self.message(2)]
        let synced = try await SyncedBox(messages) { request, contents in
            guard request.operation == "voicemail/query" else { return nil }
            let listing = HandWrittenBox.listing(of: contents)
            let start = #"{"status":"Success","voicemails":["#
            let mailbox = listing.dropFirst(start.count).dropLast(2)
            return .json("\(start)\(mailbox),\(mailbox)]}")
        }
        #expect(try await synced.sync().status == 0)
        #expect(try await synced.held() == SyncedBox.expectation(messages))
    }

    @Test func `asks once for an extension that is named twice`() async throws {
        let synced = try await SyncedBox([Self.message()])
        let result = try await synced.sync(["--extension", "1000", "--extension", "1000"])
        #expect(result.status == 0, "\(result.diagnostics)")
        #expect(synced.box.requests("voicemail/query").allSatisfy { $0.fields["extid"] == "1000" })
        #expect(try await synced.held() == SyncedBox.expectation([Self.message()]))
    }

    @Test func `stores a message once that is seen in both folders while it is heard`() async throws {
        let synced = try await SyncedBox([Self.message(status: "read"), Self.message(2), Self.message()]) {
            request, contents in
            // By the time it is listed again it has left the folder of new messages.
            if request.operation == "voicemail/query", request.ordinal > 0 {
                contents.messages.removeAll { $0 == Self.message() }
            }
            return nil
        }
        let result = try await synced.sync()
        #expect(result.status == 0, "\(result.diagnostics)")
        #expect(try await synced.held() == SyncedBox.expectation([Self.message(), Self.message(2)]))
        let status = try await synced.voxkeep("status", "--json")
        #expect(status.status == 0 && status.text.contains(#""expected":2"#), "\(status.text)")
    }

    @Test func `tells once of a message that lies in both folders for good`() async throws {
        let synced = try await SyncedBox([Self.message(status: "read"), Self.message()])
        let first = try await synced.sync()
        #expect(first.status == 1, "\(first.diagnostics)")
        #expect(first.diagnostics.contains("1 archived, 1 listed repeatedly"), "\(first.diagnostics)")
        let downloads = synced.box.requests("voicemail/download").count
        let second = try await synced.sync()
        #expect(second.status == 0, "\(second.diagnostics)")
        #expect(synced.box.requests("voicemail/download").count == downloads)
        #expect(try await synced.held() == SyncedBox.expectation([Self.message()]))
        let status = try await synced.voxkeep("status", "--json")
        #expect(status.status == 0 && status.text.contains(#""expected":1"#), "\(status.text)")
    }

    @Test(arguments: [1, 2, 4])
    func `stores five messages once each that are listed alike and change places`(step: Int) async throws {
        let messages = (0..<5).map { number in
            Message(file: "msg000\(number).wav", length: "1", status: "unread", audio: Self.audio[number])
        }
        let synced = try await SyncedBox(messages) { request, contents in
            // Nothing shows in a listing when messages that are listed alike are renumbered.
            guard request.operation == "voicemail/get_random", request.ordinal < 7 else { return nil }
            for number in contents.messages.indices {
                let place = number + step * request.ordinal * request.ordinal
                contents.messages[number].audio = Self.audio[place % 5]
            }
            return nil
        }
        let result = try await synced.sync()
        #expect(result.status == 0, "\(result.diagnostics)")
        #expect(try await synced.held() == SyncedBox.expectation(messages))
        #expect(try await synced.voxkeep("status").status == 0)
    }

    @Test func `gives up for this run where the places of equal messages keep changing`() async throws {
        let messages = (0..<3).map { number in
            Message(file: "msg000\(number).wav", length: "1", status: "unread", audio: Self.audio[number])
        }
        let synced = try await SyncedBox(messages) { request, contents in
            // It never gives the third, and now this, now that one twice.
            guard request.operation == "voicemail/download" else { return nil }
            return .audio(Self.audio[request.ordinal % 2])
        }
        let result = try await synced.sync()
        #expect(result.status == 1, "\(result.diagnostics)")
        #expect(result.text.contains("2 recordings came from their places"), "\(result.text)")
        #expect(try await synced.voxkeep("status").status == 1)
        synced.box.handle(nil)
        #expect(try await synced.sync().status == 0)
        #expect(try await synced.held() == SyncedBox.expectation(messages))
        #expect(try await synced.voxkeep("status").status == 0)
    }

    /// What a box lists of a message after a change of its firmware or settings.
    @Test(arguments: [
        ("2026-01-05 10:00:0", "200", "1", "clock"), ("2026-01-05 01:00:0", "200", "1", "clock"),
        ("2026-01-05 09:00:0", "Bob ", "1", "caller's name"),
        ("2026-01-05 09:00:0", "200", "00:00:01", "form of the length"),
        ("at nine o'clock ", "200", "1", "form of the date"),
    ])
    func `knows messages again that are listed in another form`(
        date: String, caller: String, length: String, difference: String
    ) async throws {
        let messages = (1...3).map { Self.message($0) }
        let synced = try await SyncedBox(messages)
        #expect(try await synced.sync().status == 0)
        synced.box.messages = messages.enumerated().map { index, message in
            var message = message
            message.date = "\(date)\(index + 1)"
            message.caller = "\(caller)\(index + 1)"
            message.length = length
            return message
        }
        let result = try await synced.sync()
        #expect(result.status == 0, "\(result.diagnostics)")
        #expect(result.diagnostics.contains("3 there in another form"), "\(result.diagnostics)")
        #expect(try SyncedBox.items(result).map(\.outcome) == ["adopted", "adopted", "adopted"])
        #expect(result.text.contains(#""difference":"\#(difference)""#), "\(result.text)")
        #expect(try await synced.held() == SyncedBox.expectation(messages))
        let downloads = synced.box.requests("voicemail/download").count
        #expect(try await synced.sync().status == 0)
        // Back to the form of before.
        synced.box.messages = messages
        #expect(try await synced.sync().status == 0)
        #expect(synced.box.requests("voicemail/download").count == downloads)
        let status = try await synced.voxkeep("status", "--json")
        #expect(status.status == 0 && status.text.contains(#""expected":3"#), "\(status.text)")
        let audit = try await synced.voxkeep("audit", "--event", "adopt")
        #expect(audit.lines.count == 3 && audit.text.contains(difference), "\(audit.text)")
        #expect(try await synced.voxkeep("verify", "--deep").status == 0)
    }

    @Test(arguments: [
        ("2026-01-05 10:00:01", "00:00:01"), ("2026/01/05 09:00:01", "1"), ("2026-01-05 09:00:01", "0:01"),
    ])
    func `brings no erased message back whose listing has changed its form`(
        date: String, length: String
    ) async throws {
        let message = Self.message()
        let synced = try await SyncedBox([message])
        #expect(try await synced.sync().status == 0)
        let row = try await synced.voxkeep("list", "--json", "--quiet")
        let id = try #require(try #/"id":"([0-9a-f]{32})"/#.firstMatch(in: row.text)).1
        #expect(try await synced.voxkeep("erase", String(id), "--ground", "a request").status == 0)
        synced.box.change { contents in
            contents.messages[0].date = date
            contents.messages[0].length = length
        }
        let result = try await synced.sync()
        #expect(result.status == 0, "\(result.diagnostics)")
        #expect(try SyncedBox.items(result).map(\.outcome) == ["adopted"])
        #expect(try await synced.held() == [])
        #expect(try await synced.voxkeep("status").status == 0)
    }

    @Test func `takes a message of the same audio for another one while the first is listed`() async throws {
        let first = Self.message()
        var second = first
        (second.file, second.date) = ("msg0002.wav", "2026-01-05 10:00:01")
        let synced = try await SyncedBox([first])
        #expect(try await synced.sync().status == 0)
        synced.box.messages = [first, second]
        #expect(try await synced.sync().status == 0)
        #expect(try await synced.held() == SyncedBox.expectation([first, second]))
        // And so it is when the first was deleted, and the second is of another caller and time.
        let third = Message(
            file: "msg0001.wav", caller: "3000", date: "2026-02-01 12:00:00", length: "1", status: "unread",
            audio: first.audio)
        synced.box.messages = [third]
        #expect(try await synced.sync().status == 0)
        #expect(try await synced.held() == SyncedBox.expectation([first, second, third]))
    }

    @Test func `ends with every message once, killed at any request while its listing changes`() async throws
    {
        let messages =
            (0..<3).map { number in
                Message(file: "msg000\(number).wav", length: "1", status: "unread", audio: Self.audio[number])
            } + [Self.message(4)]
        for request in stride(from: 2, to: 30, by: 3 * FaultCoverage.stride) {
            let synced = try await SyncedBox(messages)
            #expect(try await synced.sync().status == 0)
            synced.box.messages = messages.map { message in
                var message = message
                message.length = "00:00:01"
                return message
            }
            let victim = Mutex<RunningTool?>(nil)
            let seen = synced.box.requestCount
            synced.box.handle { current, _ in
                if current.number - seen == request { victim.withLock { $0?.signal(SIGKILL) } }
                return nil
            }
            let running = try synced.start()
            victim.withLock { $0 = running }
            _ = await running.result()
            synced.box.handle(nil)
            let result = try await synced.sync()
            #expect(result.status == 0, "request \(request): \(result.diagnostics)")
            #expect(try await synced.held() == SyncedBox.expectation(messages), "request \(request)")
            #expect(try await synced.voxkeep("status").status == 0)
            #expect(try await synced.voxkeep("verify").status == 0)
        }
    }
}
