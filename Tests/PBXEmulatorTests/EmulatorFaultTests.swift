import TestSupport
import Testing

@testable import PBXEmulator

@Suite struct EmulatorFaultTests {
    @Test(arguments: [
        ("truncate-download:2", EmulatorFault(.truncate, .download, count: 2)),
        ("truncate", EmulatorFault(.truncate, .download)),
        ("gateway-timeout-login", EmulatorFault(.gatewayTimeout, .login)),
        ("error-query=20010", EmulatorFault(.error, .query, value: 20010)),
        ("slow-download=500:*", EmulatorFault(.slow, .download, value: 500, count: nil)),
        ("expire-random", EmulatorFault(.expireRandom, .download)),
        ("expire-token-random", EmulatorFault(.expireToken, .random)),
        ("hostile-names:*", EmulatorFault(.hostileNames, .query, count: nil)),
        ("drop-refresh=0:1", EmulatorFault(.drop, .refresh, value: 0)),
    ])
    func `reads a fault`(text: String, fault: EmulatorFault) throws {
        #expect(try EmulatorFault(parsing: text) == fault)
    }

    @Test(arguments: [
        "", ":2", "-download", "truncate-", "truncate-lunch", "truncate:0", "truncate:-1", "truncate:",
        "truncate=:1",
        "truncate=-1", "truncate=x", "Truncate", "truncate:2:3", "truncate:99999999999999999999",
    ])
    func `refuses what is no fault`(text: String) {
        #expect(throws: EmulatorFaultSyntaxError(text: text)) { try EmulatorFault(parsing: text) }
    }

    @Test(arguments: EmulatorFault.Action.allCases)
    func `writes each fault so that it reads it back`(action: EmulatorFault.Action) throws {
        for endpoint in EmulatorEndpoint.allCases {
            for (value, count) in [(nil, 1), (7, 3), (nil, nil)] as [(Int?, Int?)] {
                let fault = EmulatorFault(action, endpoint, value: value, count: count)
                #expect(try EmulatorFault(parsing: fault.description) == fault)
            }
        }
        #expect(!action.summary.isEmpty && !action.summary.contains("\n"))
    }

    @Test func `strikes in order, counted faults before endless ones, and only its request`() {
        var faults: EmulatorFaults = [
            EmulatorFault(.empty, count: nil), EmulatorFault(.drop, count: 2), EmulatorFault(.html, .query),
            EmulatorFault(.truncate),
        ]
        #expect(faults.take(for: .login) == nil)
        #expect(
            (0..<5).map { _ in faults.take(for: .download)?.action } == [
                .drop, .drop, .truncate, .empty, .empty,
            ])
        #expect(faults.take(for: .query)?.action == .html)
        #expect(faults.take(for: .query) == nil)
        faults.removeAll()
        #expect(faults.isEmpty)
    }

    private static let query = #"{"extid":"1000"}"#
    private static let first = #"{"extid":"1000","voicemailfile":"msg0000.wav","voicemailstatus":"unread"}"#

    /// The answer to a query that a fault strikes.
    private func queried(_ action: EmulatorFault.Action) throws -> Reply {
        var box = Box { $0.faults = [EmulatorFault(action, .query)] }
        let token = try box.login()
        return try box.post("v1.1.0/voicemail/query", Self.query, query: ["token": token])
    }

    /// The answer to a download that a fault strikes, and the box afterwards.
    private func downloaded(_ fault: EmulatorFault) throws -> (reply: Reply, box: Box, token: String) {
        var box = Box { $0.faults = [fault] }
        let token = try box.login()
        let random = try box.random(Self.first, token: token).answer?.random
        let reply = try box.download([
            "extid": "1000", "voicemailstatus": "unread", "token": token, "voicemailfile": "msg0000.wav",
            "random": random ?? "",
        ])
        return (reply, box, token)
    }

    @Test(
        arguments: [
            (.missingCommas, "}\n{", "},{"), (.trailingCommas, ",}", "}"), (.unclosed, "", "]}]}"),
        ] as [(EmulatorFault.Action, String, String)])
    func `makes the manual's mistakes in JSON`(action: EmulatorFault.Action, wrong: String, right: String)
        async throws
    {
        let text = try queried(action).text
        let mended = action == .unclosed ? text + right : text.replacing(wrong, with: right)
        #expect(mended == (try queried(.drop)).text)
        let parse = "import json, sys; json.loads(sys.argv[1])"
        #expect(try await Tool.python.run(["-c", parse, text]).status == 1)
        #expect(try await Tool.python.run(["-c", parse, mended]).status == 0)
    }

    @Test func `writes numbers as integers`() throws {
        let text = try queried(.integers).text
        for member in [#""extid":1000,"#, #""voicemaillength":5"#, #""voicemailfile":"msg0000.wav""#] {
            #expect(text.contains(member))
        }
    }

    @Test func `lists hostile names and serves the files under them`() throws {
        var box = Box { $0.faults = [EmulatorFault(.hostileNames)] }
        let token = try box.login()
        let listed = try box.post("v1.1.0/voicemail/query", Self.query, query: ["token": token])
        let names = try #require(listed.answer?.voicemails?.first?.voicemail).map(\.voicemailfile)
        #expect(names[0] == "../../etc/msg0000.wav")
        #expect(names[1].contains("\0"))
        #expect(names[2].count == 300)
        #expect(names[3].contains("\n"))
        let body = Self.first.replacing("msg0000.wav", with: names[2])
        let random = try #require(try box.random(body, token: token).answer?.random)
        let link = [
            "extid": "1000", "voicemailstatus": "unread", "token": token, "voicemailfile": names[2],
            "random": random,
        ]
        #expect(try box.download(link).text == "third")
    }

    @Test func `renumbers just before a download`() throws {
        let (reply, box, _) = try downloaded(EmulatorFault(.renumber))
        #expect(reply.text == "second")
        #expect(box.service.model.names(in: "1000", .inbox) == ["second", "third"])
        #expect(box.service.model.names(in: "1000", .old) == ["old", "first"])
    }

    @Test func `sends another message's audio and changes nothing`() throws {
        let (reply, box, _) = try downloaded(EmulatorFault(.wrongMessage))
        #expect(reply.text == "second")
        #expect(box.service.model.names(in: "1000", .inbox) == ["first", "second", "third"])
    }

    @Test func `expires the token or the random string just before`() throws {
        var (expired, box, token) = try downloaded(EmulatorFault(.expireToken))
        #expect(expired.errno == 20006)
        #expect(try box.post("v1.1.0/heartbeat", query: ["token": token]).errno == 20006)
        #expect(try downloaded(EmulatorFault(.expireRandom)).reply.errno == 20017)
    }

    @Test func `answers errors and pages in place of audio`() throws {
        #expect(try downloaded(EmulatorFault(.error)).reply.text == #"{"status":"Failed","errno":"20010"}"#)
        #expect(try downloaded(EmulatorFault(.error, value: 20018)).reply.errno == 20018)
        let timeout = try downloaded(EmulatorFault(.gatewayTimeout)).reply.raw
        #expect(timeout.status == 504)
        #expect(timeout.contentType == "text/html")
        #expect(try downloaded(EmulatorFault(.html)).reply.raw.status == 200)
        #expect(try downloaded(EmulatorFault(.empty)).reply.raw.body.isEmpty)
        #expect(
            try downloaded(EmulatorFault(.redirect, .download)).reply.raw.location?.hasPrefix("https://")
                == true)
    }
}
