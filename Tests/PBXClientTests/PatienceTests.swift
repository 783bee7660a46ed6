import Foundation
import Testing

@testable import PBXClient

/// Bounded time: how long a box is waited for that gives nothing.
@Suite struct PatienceTests {
    private static let wave = Array("RIFF".utf8) + [UInt8](repeating: 9, count: 5_000)

    /// Downloads until the PBX is given up; gives the error, and how many downloads have failed before.
    private func downloadOn(
        _ replies: [PBXOperation: [Reply]], clock: TestClock,
        adjust: (inout PBXConfiguration) -> Void = { _ in }
    ) async throws -> (error: PBXError, failures: Int) {
        var replies = replies
        replies[.login] = replies[.login] ?? [.login("t1")]
        replies[.voicemailRandom] = replies[.voicemailRandom] ?? [.random("r1")]
        let session = try Sample.session(ScriptedTransport(replies), clock: clock, adjust: adjust)
        return try await withScratchFolder { folder in
            for attempt in 0..<10_000 {
                let error = try await #require(throws: PBXError.self) {
                    try await session.download(Sample.listing(), to: folder.appending(path: "a.wav").path)
                }
                if case .gaveUp = error { return (error, attempt) }
            }
            Issue.record("it is never given up")
            return (.emptyBody(.login), 0)
        }
    }

    @Test func `gives a box up that fails at each of its messages`() async throws {
        let clock = TestClock()
        let (error, failures) = try await downloadOn(
            [.voicemailDownload: [.text("", status: 502)]], clock: clock)
        #expect(failures > 1)
        #expect(clock.uptime >= .seconds(300) && clock.uptime < .seconds(310))
        #expect("\(error)".contains("for 5 minutes (the last: HTTP status 502)"), "\(error)")
        #expect("\(error)".contains("--give-up-after"))
        #expect(!error.isTransient)
    }

    @Test func `stays with a box that has something to show now and then`() async throws {
        let clock = TestClock()
        let bad = Array(repeating: Reply.text("", status: 502), count: 200)
        let transport = ScriptedTransport([
            .login: [.login("t1")], .voicemailRandom: [.random("r1")],
            .voicemailDownload: bad + [.audio(Self.wave)] + bad + [.audio(Self.wave)],
        ])
        let session = try Sample.session(transport, clock: clock)
        var whole = 0
        try await withScratchFolder { folder in
            for attempt in 0..<200 where whole < 2 {
                do {
                    _ = try await session.download(
                        Sample.listing(), to: folder.appending(path: "\(attempt).wav").path)
                    whole += 1
                } catch PBXError.httpStatus {
                    continue
                }
            }
        }
        #expect(whole == 2)
        #expect(clock.uptime > .seconds(300))
    }

    @Test func `gives up at once what is asked of a box that it has given up`() async throws {
        let clock = TestClock()
        let transport = ScriptedTransport([.login: [.failing(.emptyBody(.login))]])
        let session = try Sample.session(transport, clock: clock) {
            $0.timeouts.patience = .seconds(2)
            $0.retry.retries = 9
        }
        for _ in 0..<3 {
            let error = try await #require(throws: PBXError.self) { try await session.voicemails() }
            #expect("\(error)".contains("is given up"))
        }
        #expect(transport.count(.login) == 3)
    }

    @Test func `stops a message that trickles, and one that takes too long as a whole`() async throws {
        // The clock goes on by 10 seconds for each piece that is looked at.
        for (piece, reason) in [(40, "fewer than 500 bytes a second"), (60_000, "longer than 2 minutes")] {
            let pieces = Array(
                repeating: Array("RIFF".utf8) + [UInt8](repeating: 0, count: piece), count: 200)
            let transport = ScriptedTransport([
                .login: [.login("t1")], .voicemailRandom: [.random("r1")],
                .voicemailDownload: [Reply(pieces: pieces)],
            ])
            let session = try Sample.session(transport, clock: TestClock(tick: .seconds(10))) {
                $0.retry.retries = 0
                $0.timeouts.message = .seconds(120)
            }
            try await withScratchFolder { folder in
                let error = try await #require(throws: PBXError.self) {
                    try await session.download(Sample.listing(), to: folder.appending(path: "a.wav").path)
                }
                #expect("\(error)".contains(reason), "\(error)")
                #expect(error.isTransient)
                #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
            }
        }
    }

    @Test func `gives a box up whose every message trickles`() async throws {
        let pieces = Array(repeating: [UInt8](repeating: 0, count: 40), count: 200)
        let clock = TestClock(tick: .seconds(10))
        let (error, _) = try await downloadOn(
            [.voicemailDownload: [Reply(pieces: pieces)]], clock: clock)
        #expect("\(error)".contains("the last: fewer than 500 bytes a second"), "\(error)")
        #expect(clock.uptime < .seconds(600))
    }

    @Test func `stops an answer of the API that trickles`() async throws {
        let pieces = Array(#"{"status":"Success","token":"t1"}"#.utf8).map { [$0] }
        let transport = ScriptedTransport([.login: [Reply(pieces: pieces)]])
        let session = try Sample.session(transport, clock: TestClock(tick: .seconds(10))) {
            $0.retry.retries = 0
        }
        let slow = PBXError.tooSlow(.login, reason: "it has taken longer than 60 seconds")
        await #expect(throws: slow) { try await session.logIn() }
    }

    @Test(arguments: [429, 503], ["7", "Tue, 14 Nov 2023 22:13:27 GMT"])
    func `comes back when it is asked to, and not before`(status: Int, header: String) async throws {
        let clock = TestClock()
        var busy = Reply.text("", status: status)
        busy.retryAfter = header
        let transport = ScriptedTransport([.login: [.login("t1")], .voicemailQuery: [busy, .success]])
        let session = try Sample.session(transport, clock: clock)
        _ = try await session.voicemails()
        // The test's clock stands at 22:13:20; half a second is the pause before any first repetition.
        #expect(clock.pauses == [.milliseconds(500), .milliseconds(6_500)])
    }

    @Test func `lets no other request go out while it is asked to wait`() async throws {
        let clock = TestClock()
        var busy = Reply.text("", status: 503)
        busy.retryAfter = "60"
        let transport = ScriptedTransport([.login: [.login("t1")], .voicemailQuery: [busy, .success]])
        let session = try Sample.session(transport, clock: clock) { $0.retry.retries = 0 }
        await #expect(throws: PBXError.httpStatus(.voicemailQuery, 503, retryAfter: .seconds(60))) {
            try await session.voicemails()
        }
        _ = try await session.voicemails()
        #expect(clock.pauses == [.seconds(60)])
    }

    @Test func `gives a box up that asks to be left alone for longer than it is waited for`() async throws {
        let clock = TestClock()
        var busy = Reply.text("", status: 503)
        busy.retryAfter = "3600"
        let session = try Sample.session(ScriptedTransport([.login: [busy]]), clock: clock)
        let error = try await #require(throws: PBXError.self) { try await session.logIn() }
        #expect("\(error)".contains("asks to be left alone for 60 minutes"), "\(error)")
        #expect(clock.uptime < .seconds(1))
    }

    @Test(arguments: [
        "", "soon", "-1", "1.5", "99999999999", "Tue, 14 Nov 2023 22:13:27", "Tue, 14 Foo 2023 22:13:27 GMT",
    ])
    func `makes nothing of a header that says no time`(header: String) {
        #expect(RetryAfter.pause(header, now: TestClock().now) == nil)
    }

    @Test func `takes a time that is over for no pause`() {
        #expect(RetryAfter.pause("Mon, 13 Nov 2023 22:13:27 GMT", now: TestClock().now) == .zero)
    }
}
