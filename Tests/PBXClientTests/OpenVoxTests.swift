import Foundation
import Logging
import Testing

@testable import PBXClient

/// The family of the starting page, byte by byte on the wire, as its pages print it.
@Suite struct OpenVoxTests {
    private static let token = "1e3b3ebb6a974cb42ed31de5413df52d"
    private static let heading =
        "HTTP/1.1 200 OK\r\nAccess-control-allow-origin: *\r\n"
        + "Access-control-allow-methods: GET, POST, OPTIONS, PUT, DELETE\r\n\r\n"
    private static let login = printed(
        """
        {
            "status": "Success",
            "token": "1e3b3ebb6a974cb42ed31de5413df52d"
        }
        """)
    private static let success = printed(#"{"status": "Success"}"#)
    private static let wave = Array("RIFF".utf8) + [UInt8](repeating: 9, count: 2_000)
    // printf %s p4ss-word | md5sum
    private static let digest = "41da9f80f3a43828eef8780172f4a1ac"

    /// An answer as the pages print it: two headers, no length and no type, and the end of the connection.
    private static func printed(_ body: String) -> SocketResponder.Script {
        SocketResponder.Script(heading + body)
    }

    /// A listing as the page prints it: with the keys of an OpenVox, and none for the folder.
    private static let listing = printed(
        """
        {
            "status": "Success",
            "voicemails": [
                {
                    "extid": "102",
                    "voicemail": [
                        {
                            "voicemailfile": "msg0000.wav",
                            "messagefrom": "6000",
                            "voicemaildate": "2020-04-07 10:56:40",
                            "voicemaillength": "4"
                        },
                        {
                            "voicemailfile": "msg0001.wav",
                            "messagefrom": "7001",
                            "voicemaildate": "2020-04-07 11:00:00",
                            "voicemaillength": "9"
                        }
                    ]
                }
            ]
        }
        """)

    /// Talks to a box that answers from scripts; gives what it was sent.
    private func talk(
        _ scripts: [SocketResponder.Script], dialect: PBXDialect? = .openVox, clock: TestClock = TestClock(),
        _ operation: (PBXSession) async throws -> Void
    ) async throws -> [String] {
        let responder = SocketResponder(scripts)
        try await responder.run { port in
            var configuration = PBXConfiguration(
                address: try PBXAddress("http://127.0.0.1:\(port)"), username: "api",
                password: Secret(Sample.password), dialect: dialect)
            configuration.reportAddress = "172.16.6.150"
            let session = try PBXSession(
                configuration: configuration, logger: LogRecorder().logger, timing: clock.timing)
            do {
                try await operation(session)
            } catch {
                await session.close()
                throw error
            }
            await session.close()
        }
        return responder.requests
    }

    /// The request that a line and a body make, with the headers that the client sends.
    private func request(_ line: String, _ body: String?, in requests: [String]) -> String {
        let host = requests[0].split(separator: "\r\n").first { $0.lowercased().hasPrefix("host:") } ?? ""
        return line + " HTTP/1.1\r\nUser-Agent: Voxkeep\r\n"
            + (line.hasPrefix("POST") ? "Content-Type: application/json; charset=utf-8\r\n" : "")
            + host + "\r\n" + (body.map { "Content-Length: \($0.utf8.count)\r\n" } ?? "") + "\r\n"
            + (body ?? "")
    }

    @Test func `puts on the wire what the pages print`() async throws {
        let clock = TestClock()
        let listing = VoicemailListing(
            extension: "102", status: nil, file: "msg0001.wav", caller: "7001", date: "2020-04-07 11:00:00",
            length: "9")
        let requests = try await talk(
            [
                Self.login, Self.listing, Self.listing, Self.success,
                Self.printed(
                    """
                    {
                        "status": "Success",
                        "extid": "102",
                        "voicemailfile": "msg0001.wav",
                        "random": "385d9c3cdf0fd31b90887d1b5815151b"
                    }
                    """),
                SocketResponder.Script(head: "HTTP/1.1 200 OK", body: Self.wave), Self.success,
            ], clock: clock
        ) { session in
            #expect(try await session.voicemails().voicemails.last == listing)
            _ = try await session.voicemails(in: .extensions(["1000", "1001"]))
            clock.advance(by: 1_000)
            try await session.keepAlive()
            try await withScratchFolder { folder in
                let file = folder.appending(path: "a.wav")
                _ = try await session.download(listing, to: file.path)
                #expect(try Array(Data(contentsOf: file)) == Self.wave)
            }
        }
        let token = Self.token
        let lines: [(String, String?)] = [
            (
                "POST /api/v0.0.1/login?type=json",
                #"{"username":"api","password":"\#(Self.digest)","port":"8260","version":"0.0.1","#
                    + #""url":"172.16.6.150:8260","urltag":1}"#
            ),
            ("POST /api/v0.0.1/voicemail/query?token=\(token)", ""),
            ("POST /api/v0.0.1/voicemail/query?token=\(token)", #"{"extid":"1000,1001"}"#),
            (
                "POST /api/v0.0.1/heartbeat?token=\(token)",
                #"{"ipaddr":"172.16.6.150","port":"8260","url":"172.16.6.150:8260","urltag":"1"}"#
            ),
            (
                "POST /api/v0.0.1/voicemail/get_random?token=\(token)",
                #"{"extid":"102","voicemailfile":"msg0001.wav"}"#
            ),
            (
                "GET /api/v0.0.1/voicemail/download?extid=102&token=\(token)&voicemailfile=msg0001.wav"
                    + "&random=385d9c3cdf0fd31b90887d1b5815151b", nil
            ),
            ("POST /api/v0.0.1/logout?token=\(token)", ""),
        ]
        #expect(requests == lines.map { request($0.0, $0.1, in: requests) })
    }

    @Test func `finds its own address where none is given`() async throws {
        let responder = SocketResponder([Self.login, Self.success])
        try await responder.run { port in
            let configuration = PBXConfiguration(
                address: try PBXAddress("http://localhost:\(port)"), username: "api",
                password: Secret(Sample.password), dialect: .openVox)
            try await PBXSession.withSession(configuration, logger: LogRecorder().logger) {
                try await $0.logIn()
            }
        }
        let urls = [#""url":"127.0.0.1:8260","urltag":1}"#, #""url":"[::1]:8260","urltag":1}"#]
        #expect(urls.contains { responder.requests[0].hasSuffix($0) }, "\(responder.requests[0])")
    }

    @Test(arguments: [
        #"{"status":"Failed","errno":"30003"}"#, #"{"status":"Failed","errno":"20003"}"#,
        #"{"status":"Failed","errno":"10032"}"#, #"{"status":"Failed"}"#,
        #"<?xml version="1.0"?><response><status>Failed</status><errno>30003</errno></response>"#,
        "<status>Failed</status>",
    ])
    func `logs in once with a wrong password, whether the family is known or not`(refusal: String)
        async throws
    {
        for dialect in [PBXDialect.openVox, nil] {
            let clock = TestClock()
            let requests = try await talk([Self.printed(refusal)], dialect: dialect, clock: clock) {
                session in
                for _ in 0..<3 {
                    let error = try await #require(throws: PBXError.self) { try await session.voicemails() }
                    guard case .loginRefused = error else {
                        Issue.record("\(error)")
                        return
                    }
                }
            }
            #expect(requests.count == 1)
            #expect(clock.pauses.isEmpty)
        }
    }

    @Test func `tries no login again that an OpenVox may have refused, though it is taken for a Yeastar`()
        async throws
    {
        let refusal = Self.printed(#"{"status":"Failed","errno":"30003"}"#)
        let requests = try await talk([refusal], dialect: .yeastarV1) { session in
            let error = try await #require(throws: PBXError.self) { try await session.logIn() }
            #expect(error == .refused(.login, .serviceStopped, item: nil))
        }
        #expect(requests.count == 1)
    }

    @Test func `meets most boxes of either maker with the first login`() async throws {
        for (listing, family) in [
            (Self.listing, PBXDialect.Family.openVox),
            (
                .answer(
                    #"{"status":"Success","voicemails":[{"extid":"1000","voicemail":[{"voicemailfile":"msg0000.wav","#
                        + #""voicemailstatus":"read"}]}]}"#), .yeastarV1
            ),
        ] {
            let requests = try await talk([Self.login, listing, Self.success], dialect: nil) { session in
                _ = try await session.voicemails()
                #expect(session.exchange.spoken.current.family == family)
                #expect(session.exchange.spoken.current.version == "v1.1.0")
            }
            #expect(
                requests.map { $0.prefix { $0 != "\r\n" } } == [
                    "POST /api/v1.1.0/login?type=json HTTP/1.1",
                    "POST /api/v1.1.0/voicemail/query?token=\(Self.token) HTTP/1.1",
                    "POST /api/v1.1.0/logout?token=\(Self.token) HTTP/1.1",
                ])
        }
    }

    @Test func `goes on to another dialect where a login is not understood`() async throws {
        let unknown = Self.printed(#"{"status":"Failed","errno":"10003"}"#)
        let missing = SocketResponder.Script(
            "HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
        let page = Self.printed("<html><body>Please log in</body></html>")
        let clock = TestClock()
        let requests = try await talk(
            [unknown, missing, page, Self.login, Self.success], dialect: nil, clock: clock
        ) { session in
            try await session.logIn()
            #expect(session.exchange.spoken.current == .yeastarV2)
        }
        #expect(
            requests.map { $0.prefix { $0 != "\r\n" } } == [
                "POST /api/v1.1.0/login?type=json HTTP/1.1", "POST /api/v0.0.1/login?type=json HTTP/1.1",
                "POST /api/v1.1.0/login HTTP/1.1", "POST /api/v2.0.0/login HTTP/1.1",
                "POST /api/v2.0.0/logout?token=\(Self.token) HTTP/1.1",
            ])
        #expect(clock.pauses.isEmpty)
    }

    @Test func `sends one wrong password in all, however many dialects are tried`() async throws {
        let unknown = Self.printed(#"{"status":"Failed","errno":"10003"}"#)
        let wrong = Self.printed(#"{"status":"Failed","errno":"30003"}"#)
        let requests = try await talk([unknown, wrong], dialect: nil) { session in
            for _ in 0..<2 { await #expect(throws: PBXError.self) { try await session.logIn() } }
        }
        #expect(requests.count == 2)
    }

    @Test func `says that XML came where it does not say why, and does not ask again`() async throws {
        let requests = try await talk([Self.printed("<?xml version='1.0'?><a/>")], dialect: nil) { session in
            await #expect(throws: PBXError.xml(.login)) { try await session.logIn() }
        }
        #expect(requests.count == 1)
    }
}
