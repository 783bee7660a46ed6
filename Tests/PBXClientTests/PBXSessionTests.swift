import Foundation
import Synchronization
import Testing

@testable import PBXClient

@Suite struct PBXSessionTests {
    @Test func `logs in, lists, and logs out with one token`() async throws {
        let listing = Sample.listing()
        let transport = ScriptedTransport([
            .login: [.login("t1")], .voicemailQuery: [.list([listing])], .logout: [.success],
        ])
        let session = try Sample.session(transport)
        try await session.logIn()
        #expect(try await session.voicemails().voicemails == [listing])
        #expect(try await session.voicemails(in: .extensions(["1000", "1001"])).voicemails == [listing])
        await session.close()
        #expect(
            transport.calls.map(\.link) == [
                "/api/v1.1.0/login", "/api/v1.1.0/voicemail/query?token=t1",
                "/api/v1.1.0/voicemail/query?token=t1",
                "/api/v1.1.0/logout?token=t1",
            ])
        #expect(transport.calls.map(\.method) == [.post, .post, .post, .post])
        #expect(transport.calls[1].body == nil)
        #expect(transport.calls[2].body == #"{"extid":"1000,1001"}"#)
        #expect(transport.isShutDown)
    }

    @Test func `asks nothing for no mailboxes, and refuses what is no extension`() async throws {
        let session = try Sample.session(ScriptedTransport([:]))
        #expect(try await session.voicemails(in: .extensions([])).voicemails == [])
        await #expect(throws: PBXConfigurationError.extensionNumber("1,2")) {
            try await session.voicemails(in: .extensions(["1,2"]))
        }
    }

    @Test(arguments: [20004, 20005, 20006])
    func `logs in once more when its token has died`(code: Int) async throws {
        let transport = ScriptedTransport([
            .login: [.login("t1"), .login("t2")], .voicemailQuery: [.refusal(code), .success],
        ])
        let session = try Sample.session(transport)
        #expect(try await session.voicemails().voicemails == [])
        #expect(transport.calls(of: .voicemailQuery).map { $0.link.suffix(2) } == ["t1", "t2"])
        #expect(transport.count(.login) == 2)
    }

    @Test func `gives up when the new token is refused as well`() async throws {
        let transport = ScriptedTransport([
            .login: [.login("t1"), .login("t2")], .voicemailQuery: [.refusal(20004)],
        ])
        let session = try Sample.session(transport)
        await #expect(throws: PBXError.refused(.voicemailQuery, .tokenUnknown, item: nil)) {
            try await session.voicemails()
        }
        #expect(transport.count(.login) == 2)
        #expect(transport.count(.voicemailQuery) == 2)
    }

    @Test func `logs in once for all tasks that start together`() async throws {
        let transport = ScriptedTransport([.login: [.login("t1")], .voicemailQuery: [.success]])
        let session = try Sample.session(transport) { $0.requestLimit = 8 }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 { group.addTask { _ = try await session.voicemails() } }
            try await group.waitForAll()
        }
        #expect(transport.count(.login) == 1)
        #expect(transport.count(.voicemailQuery) == 8)
    }

    @Test func `logs in once for all tasks that find the token dead`() async throws {
        let dead = Array(repeating: Reply.refusal(20004), count: 4)
        let transport = ScriptedTransport([
            .login: [.login("t1"), .login("t2")], .voicemailQuery: [.success] + dead + [.success],
        ])
        let session = try Sample.session(transport) { $0.requestLimit = 4 }
        _ = try await session.voicemails()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 { group.addTask { _ = try await session.voicemails() } }
            try await group.waitForAll()
        }
        #expect(transport.count(.login) == 2)
    }

    @Test func `keeps to the number of requests at a time`() async throws {
        let transport = ScriptedTransport([.login: [.login("t1")], .voicemailQuery: [.success]])
        let session = try Sample.session(transport)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<20 { group.addTask { _ = try await session.voicemails() } }
            try await group.waitForAll()
        }
        #expect(transport.mostUnderWay == 2)
        #expect(transport.count(.voicemailQuery) == 20)
    }

    @Test func `sends wrong credentials only once, however many tasks ask`() async throws {
        let transport = ScriptedTransport([.login: [.refusal(20003)]])
        let session = try Sample.session(transport) { $0.requestLimit = 8 }
        let refusal = PBXError.loginRefused(session.configuration.address, .loginRefused)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask { await #expect(throws: refusal) { try await session.voicemails() } }
            }
        }
        await #expect(throws: refusal) { try await session.logIn() }
        #expect(transport.count(.login) == 1)
    }

    @Test func `says until when it is locked out, and stays away until then`() async throws {
        let clock = TestClock()
        let transport = ScriptedTransport([.login: [.refusal(20002), .login("t1")]])
        let session = try Sample.session(transport, clock: clock)
        let locked = PBXError.locked(session.configuration.address, until: clock.now + 600)
        await #expect(throws: locked) { try await session.logIn() }
        clock.advance(by: 599)
        await #expect(throws: locked) { try await session.logIn() }
        #expect(transport.count(.login) == 1)
        clock.advance(by: 1)
        try await session.logIn()
        #expect(transport.count(.login) == 2)
    }

    @Test func `says the same end of a lock in each run, until a login is granted`() async throws {
        let clock = TestClock()
        let kept = Mutex<Date?>(nil)
        func session(_ reply: Reply) throws -> PBXSession {
            try Sample.session(ScriptedTransport([.login: [reply]]), clock: clock) {
                $0.lockMemory = LockMemory(
                    recall: { kept.withLock { $0 } }, keep: { end in kept.withLock { $0 = end } })
            }
        }
        let end = clock.now + 600
        for _ in 0..<3 {
            let locked = try session(.refusal(20002))
            await #expect(throws: PBXError.locked(locked.configuration.address, until: end)) {
                try await locked.logIn()
            }
            clock.advance(by: 100)
        }
        try await session(.login("t1")).logIn()
        #expect(kept.withLock { $0 } == nil)
        let again = try session(.refusal(20002))
        await #expect(throws: PBXError.locked(again.configuration.address, until: clock.now + 600)) {
            try await again.logIn()
        }
    }

    @Test(arguments: [
        #"{"errcode":10001,"errmsg":"INTERFACE NOT EXISTED"}"#, #"{"errcode":"10001","errmsg":""}"#,
    ])
    func `recognizes a box of the P-Series by its words`(text: String) async throws {
        let transport = ScriptedTransport([.login: [.text(text)]])
        for dialect in [PBXDialect.yeastarV1, nil] {
            let session = try Sample.session(transport, dialect: dialect)
            await #expect(throws: PBXError.otherAPI(.login)) { try await session.logIn() }
        }
        #expect(transport.count(.login) == 2)
    }

    @Test func `looks for the P-Series where there is no API, without saying who it is`() async throws {
        for (answer, expected) in [
            (#"{"errcode":10004,"errmsg":"TOKEN EXPIRED"}"#, PBXError.otherAPI(.login)),
            ("<html></html>", .httpStatus(.login, 404)),
        ] {
            let transport = ScriptedTransport([.login: [.text("", status: 404)], .otherAPI: [.text(answer)]])
            let session = try Sample.session(transport, dialect: nil)
            await #expect(throws: expected) { try await session.logIn() }
            #expect(transport.count(.login) == PBXDialect.candidates.count)
            #expect(transport.calls(of: .otherAPI).map(\.link) == ["/openapi/v1.0/system/information"])
            #expect(transport.calls(of: .otherAPI).map(\.body) == [nil])
        }
    }

    @Test func `takes its token out of whatever a box says`() async throws {
        let token = "1e3b3ebb6a974cb42ed31de5413df52d"
        let echo = token.uppercased()
        let listing =
            #"{"extid":"\#(echo)","voicemail":[{"voicemailfile":"\#(token).wav","messagefrom":"<\#(token)>","#
            + #""voicemailstatus":"\#(token)","voicemaildate":"\#(token)","voicemaillength":"\#(token)"}, null]}"#
        let transport = ScriptedTransport([
            .login: [.login(token)],
            .voicemailQuery: [
                .text(#"{"status":"Success","voicemails":[\#(listing)]}"#),
                .text(#"{"status":"x \#(echo)"}"#),
                .text(#"{"status":"Failed","errno":"e \#(token)"}"#),
                Reply(status: 302, location: "http://\(token).example/"),
            ],
        ])
        let log = LogRecorder()
        let session = try Sample.session(transport, log: log) { $0.retry.retries = 0 }
        var texts = ["\(try await session.voicemails())"]
        for _ in 0..<3 {
            let error = try await #require(throws: PBXError.self) { try await session.voicemails() }
            texts += ["\(error)", String(reflecting: error)]
        }
        #expect(texts[0].contains("<<redacted>>"))
        for text in texts + log.lines { #expect(!text.lowercased().contains(token), "\(text)") }
    }

    @Test func `takes secrets out of the answer that brings them, and out of what comes in place of audio`()
        async throws
    {
        let (token, random) = ("1e3b3ebb6a974cb4", "70f477822e6a379d")
        let digest = "5f4dcc3b5aa765d61d8327deb882cf99"
        let transport = ScriptedTransport([
            .login: [
                .text(#"{"status":"Sure, \#(digest)"}"#),
                .text(#"{"status":"\#(token)","token":"\#(token)"}"#),
                .login(token),
            ],
            .voicemailRandom: [.text(#"{"errno":"\#(random)","random":"\#(random)"}"#), .random(random)],
            .voicemailDownload: [.text(#"{"status":"\#(random) \#(token)"}"#)],
        ])
        let log = LogRecorder()
        let session = try Sample.session(transport, log: log) {
            $0.retry.retries = 0
            $0.password = Secret("password")
        }
        var texts: [String] = []
        for _ in 0..<2 {
            let error = try await #require(throws: PBXError.self) { try await session.logIn() }
            texts += ["\(error)", String(reflecting: error)]
        }
        try await withScratchFolder { folder in
            for _ in 0..<2 {
                let error = try await #require(throws: PBXError.self) {
                    try await session.download(Sample.listing(), to: folder.appending(path: "a.wav").path)
                }
                texts += ["\(error)", String(reflecting: error)]
            }
        }
        #expect(texts.allSatisfy { $0.contains("<redacted>") }, "\(texts)")
        for text in texts + log.lines {
            for secret in [token, random, digest] { #expect(!text.contains(secret), "\(text)") }
        }
    }

    @Test func `takes out what is a secret, and no word or number that only looks like one`() {
        let secrets = KnownSecrets()
        for text in ["abc123", "abc123def", "13800138000", "short", ""] { secrets.add(Secret(text)) }
        secrets.add(password: Secret("office"))
        secrets.add(password: Secret("0ff1ce!"))
        for text in ["13800138000", "The Office", "short", "", "abc12", "ab-c123"] {
            #expect(secrets.hidden(in: text) == text)
        }
        #expect(secrets.hidden(in: "xABC123y") == "x<redacted>y")
        #expect(secrets.hidden(in: "é abc123def 0FF1CE!") == "é <redacted> <redacted>")
        #expect(secrets.hidden(in: "abc123abc123") == "<redacted><redacted>")
    }

    @Test(arguments: [
        Reply.failing(.emptyBody(.voicemailQuery)), .text("<html><title>504</title></html>", status: 504),
        .text("<html>oops</html>"), .text("<?xml version='1.0'?><a/>"), .text(""),
        .text("nonsense"), .refusal(20010),
        Reply(contentLength: 100, pieces: [Array(#"{"status":"Success"}"#.utf8)]),
    ])
    func `repeats after a pause what failed by chance`(reply: Reply) async throws {
        let clock = TestClock()
        let transport = ScriptedTransport([
            .login: [.login("t1")], .voicemailQuery: [reply, reply, .list([Sample.listing()])],
        ])
        let session = try Sample.session(transport, clock: clock)
        #expect(try await session.voicemails().voicemails == [Sample.listing()])
        #expect(clock.pauses == [.milliseconds(500), .seconds(1)])
    }

    @Test func `gives up after so many repetitions`() async throws {
        let clock = TestClock()
        let transport = ScriptedTransport([.login: [.text("", status: 504)]])
        let session = try Sample.session(transport, clock: clock)
        await #expect(throws: PBXError.httpStatus(.login, 504)) { try await session.logIn() }
        #expect(transport.count(.login) == 4)
        #expect(clock.pauses.count == 3)
    }

    @Test(arguments: [10006, 10003, 20001, 20016, 99999])
    func `does not repeat what was refused`(code: Int) async throws {
        let transport = ScriptedTransport([.login: [.login("t1")], .voicemailQuery: [.refusal(code)]])
        let session = try Sample.session(transport)
        let error = PBXError.refused(.voicemailQuery, PBXErrorCode(rawValue: code), item: "extension 1000")
        await #expect(throws: error) { try await session.voicemails(in: .extensions(["1000"])) }
        #expect(transport.count(.voicemailQuery) == 1)
    }

    @Test func `reads a refusal under any HTTP status`() async throws {
        let reply = Reply.text(#"{"status":"Failed","errno":"20003"}"#, status: 401)
        let session = try Sample.session(ScriptedTransport([.login: [reply]]))
        await #expect(throws: PBXError.loginRefused(session.configuration.address, .loginRefused)) {
            try await session.logIn()
        }
    }

    @Test(arguments: [
        ("https://192.168.5.150:8088/api/v1.1.0/login?token=t1", "https://192.168.5.150:8088"),
        ("/login.html", nil), ("javascript:alert(1)", nil),
    ])
    func `says what URL to use instead of following a redirect`(location: String, target: String?)
        async throws
    {
        let transport = ScriptedTransport([.login: [Reply(status: 302, location: location)]])
        let session = try Sample.session(transport)
        await #expect(throws: PBXError.redirected(.login, to: target)) { try await session.logIn() }
        #expect(transport.calls.count == 1)
    }

    @Test func `refuses an answer beyond the limit`() async throws {
        let transport = ScriptedTransport([.login: [.text(String(repeating: " ", count: 1_001))]])
        let session = try Sample.session(transport) { $0.answerLimit = 1_000 }
        await #expect(throws: PBXError.tooLarge(.login, limit: 1_000)) { try await session.logIn() }
        #expect(transport.count(.login) == 4)
    }

    @Test(arguments: [
        ("1000", true), ("!*#~", true), (String(repeating: "1", count: 32), true), ("", false),
        ("10 0", false),
        ("1,2", false), ("1\u{7F}", false), ("é", false), (String(repeating: "1", count: 33), false),
    ])
    func `knows what can be an extension`(text: String, isOne: Bool) {
        #expect(PBXSession.isExtension(text) == isOne)
    }

    @Test func `takes an answer of just the limit`() async throws {
        let answer = #"{"status":"Success","token":"t1"}"#
        let transport = ScriptedTransport([.login: [.text(answer)]])
        let session = try Sample.session(transport) { $0.answerLimit = answer.utf8.count }
        try await session.logIn()
        #expect(transport.count(.login) == 1)
    }

    @Test func `keeps a sliding token alive with a heartbeat`() async throws {
        let clock = TestClock()
        let transport = ScriptedTransport([
            .login: [.login("t1")], .heartbeat: [.success], .voicemailQuery: [.success],
        ])
        let session = try Sample.session(transport, clock: clock)
        try await session.logIn()
        clock.advance(by: 800)
        _ = try await session.voicemails()
        clock.advance(by: 800)
        _ = try await session.voicemails()
        #expect(transport.count(.heartbeat) == 0)
        clock.advance(by: 1_000)
        try await session.keepAlive()
        #expect(transport.calls(of: .heartbeat).map(\.link) == ["/api/v1.1.0/heartbeat?token=t1"])
        #expect(transport.calls(of: .heartbeat).map(\.body) == [#"{"port":"8260"}"#])
        clock.advance(by: 1_800)
        try await session.keepAlive()
        #expect(transport.count(.heartbeat) == 1)
        #expect(transport.count(.login) == 2)
    }

    @Test func `logs in again when the heartbeat fails`() async throws {
        let clock = TestClock()
        let transport = ScriptedTransport([
            .login: [.login("t1"), .login("t2")], .heartbeat: [.refusal(20011)],
        ])
        let session = try Sample.session(transport, clock: clock)
        try await session.logIn()
        clock.advance(by: 1_000)
        try await session.keepAlive()
        #expect(transport.count(.login) == 2)
    }

    @Test func `refreshes a token of fixed life, and takes over both new ones`() async throws {
        func pair(_ number: Int) -> Reply {
            .text(#"{"status":"Success","token":"t\#(number)","refreshtoken":"r\#(number)"}"#)
        }
        let clock = TestClock()
        let transport = ScriptedTransport([
            .login: [pair(1)], .refreshToken: [pair(2), pair(3)], .voicemailQuery: [.success],
        ])
        let session = try Sample.session(transport, clock: clock)
        for _ in 0..<5 {
            _ = try await session.voicemails()
            clock.advance(by: 500)
        }
        #expect(transport.count(.login) == 1)
        #expect(
            transport.calls(of: .refreshToken).map(\.body) == [
                #"{"refreshtoken":"r1"}"#, #"{"refreshtoken":"r2"}"#,
            ])
        #expect(transport.calls(of: .refreshToken).map(\.link).allSatisfy { !$0.contains("?") })
        #expect(
            transport.calls(of: .voicemailQuery).map { $0.link.suffix(2) } == ["t1", "t1", "t2", "t2", "t3"])
    }

    @Test func `closes even where logging out fails`() async throws {
        let transport = ScriptedTransport([.login: [.login("t1")], .logout: [.refusal(20004)]])
        let session = try Sample.session(transport)
        try await session.logIn()
        await session.close()
        #expect(transport.isShutDown)
    }

    @Test func `lets no secret into the log or into errors`() async throws {
        let log = LogRecorder()
        let transport = ScriptedTransport([
            .login: [.text("", status: 504), .login("tok-5ecret"), .login("tok-2nd")],
            .voicemailRandom: [.refusal(20006), .random("rand-5ecret")],
            .voicemailDownload: [.refusal(20017), .text("<html></html>"), .refusal(20017)],
            .logout: [.refusal(20004)],
        ])
        let session = try Sample.session(transport, log: log)
        try await withScratchFolder { folder in
            let error = try await #require(throws: PBXError.self) {
                try await session.download(Sample.listing(), to: folder.appending(path: "a.wav").path)
            }
            let texts = log.lines + ["\(error)", String(reflecting: error)]
            await session.close()
            #expect(log.lines.count >= 3)
            for secret in ["tok-5ecret", "tok-2nd", "rand-5ecret", Sample.password, "41da9f80"] {
                #expect(texts.allSatisfy { !$0.contains(secret) })
            }
        }
    }
}
