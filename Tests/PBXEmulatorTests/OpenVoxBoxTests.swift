import TestSupport
import Testing

@testable import PBXEmulator

/// The emulator in the part of an OpenVox, held against what its pages print.
@Suite struct OpenVoxBoxTests {
    private static let body =
        #"{"username":"api","password":"\#(Box.passwordMD5)","port":"8260","version":"0.0.1","#
        + #""url":"172.16.6.150:8260","urltag":1}"#

    private static func without(_ member: String) -> String {
        body.replacing("," + member, with: "")
    }

    private func box(_ change: (inout EmulatorConfiguration) -> Void = { _ in }) -> Box {
        Box {
            $0.families = [.openVox]
            change(&$0)
        }
    }

    private func logIn(_ box: inout Box, version: String = "v0.0.1") throws -> String {
        try #require(try box.post("\(version)/login", Self.body, query: ["type": "json"]).answer?.token)
    }

    @Test func `answers as the pages print it, byte by byte`() async throws {
        var configuration = EmulatorConfiguration()
        configuration.families = [.openVox]
        configuration.password = Box.password
        configuration.tolerance = .trailingCommas
        configuration.randomWord = { 0x1E3B_3EBB_6A97_4CB4 }
        configuration.mailboxes.deliver(
            to: "102", date: "2020-04-07 10:56:40", caller: "6000", length: 4, audio: Array("RIFF".utf8))
        let emulator = try await PBXEmulator.start(configuration)
        let secret = "1e3b3ebb6a974cb41e3b3ebb6a974cb4"
        let head =
            "HTTP/1.1 200 OK\r\nAccess-control-allow-origin: *\r\n"
            + "Access-control-allow-methods: GET, POST, OPTIONS, PUT, DELETE\r\n\r\n"
        for (path, body, answer) in [
            ("login?type=json", Self.body, #"{"status":"Success","token":"\#(secret)"}"#),
            (
                "login?type=json", Self.body.replacing("5e", with: "00"),
                #"{"status":"Failed","errno":"30003"}"#
            ),
            (
                "login", Self.body,
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<response><status>Failed</status>"
                    + "<errno>10002</errno></response>\n"
            ),
            (
                "heartbeat?token=\(secret)",
                #"{"ipaddr":"172.16.6.150","port":"8260","url":"172.16.6.150:8260","urltag":"1"}"#,
                #"{"status":"Success"}"#
            ),
            (
                "voicemail/query?token=\(secret)", "",
                #"{"status":"Success","voicemails":[{"extid":"102","voicemail":[{"voicemailfile":"msg0000.wav","#
                    + #""messagefrom":"6000","voicemaildate":"2020-04-07 10:56:40","voicemaillength":"4"}]}]}"#
            ),
            (
                "voicemail/get_random?token=\(secret)",
                "{\n    \"extid\": \"102\",\n    \"voicemailfile\": \"msg0000.wav\",\n}",
                #"{"status":"Success","extid":"102","voicemailfile":"msg0000.wav","random":"\#(secret)"}"#
            ),
        ] {
            let result = try await Tool("curl").run([
                "--silent", "--include", "--request", "POST", "--data-binary", body,
                "\(emulator.url)/api/v0.0.1/\(path)",
            ])
            #expect(result.text == head + answer)
        }
        // The link as the page prints it: with v1.1.0, and without the folder.
        let audio = try await Tool("curl").run([
            "--silent",
            "\(emulator.url)/api/v1.1.0/voicemail/download?extid=102&token=\(secret)&voicemailfile=msg0000.wav"
                + "&random=\(secret)",
        ])
        #expect(audio.text == "RIFF")
        try await emulator.stop()
    }

    @Test(arguments: [
        (without(#""port":"8260""#), "json", 10004), (without(#""version":"0.0.1""#), "json", 10004),
        (without(#""url":"172.16.6.150:8260""#), "json", 10004), (without(#""urltag":1"#), "json", 10004),
        (body.replacing(#""urltag":1"#, with: #""urltag":2"#), "json", 10004), (body, "yaml", 10004),
        (body.replacing("8260", with: "web"), "json", 20008), (body, nil, 10002),
    ])
    func `refuses a login that lacks something, and locks nobody out for it`(
        body: String, type: String?, errno: Int
    ) throws {
        var box = box()
        for _ in 0..<5 {
            let reply = try box.post("v0.0.1/login", body, query: type.map { ["type": $0] } ?? [:])
            #expect(type == "json" ? reply.errno == errno : reply.text.contains("<errno>\(errno)</errno>"))
        }
        _ = try logIn(&box)
    }

    @Test func `lets pass what it is told not to ask for`() throws {
        var box = box { $0.requiredAtLogin = [] }
        let body = #"{"username":"api","password":"\#(Box.passwordMD5)"}"#
        #expect(try box.post("v0.0.1/login", body).text.contains("<status>Success</status>"))
        let tagged = Self.body.replacing(#""urltag":1"#, with: #""urltag":"1""#)
        #expect(try box.post("v1.1.0/login", tagged, query: ["type": "json"]).answer?.token != nil)
    }

    @Test func `says 30003 of a wrong password, and locks an address after five`() throws {
        var box = box()
        let wrong = Self.body.replacing(Box.passwordMD5, with: String(repeating: "0", count: 32))
        for _ in 1...5 {
            #expect(try box.post("v0.0.1/login", wrong, query: ["type": "json"]).errno == 30003)
        }
        #expect(try box.post("v0.0.1/login", Self.body, query: ["type": "json"]).errno == 20002)
    }

    @Test(arguments: ["v0.0.1", "v1.1.0"])
    func `is spelled with either version of its pages, and knows no folders`(version: String) throws {
        var box = box()
        let token = try logIn(&box, version: version)
        let listing = try box.post("\(version)/voicemail/query", query: ["token": token])
        #expect(!listing.text.contains("voicemailstatus"))
        let random = try box.random(
            #"{"extid":"1000","voicemailfile":"msg0000.wav"}"#, token: token, version: version)
        #expect(random.answer?.voicemailstatus == nil)
        let query = ["extid": "1000", "voicemailfile": "msg0000.wav", "token": token]
        let grant = try #require(random.answer?.random)
        #expect(try box.download(query.merging(["random": grant]) { $1 }, version: version).text == "first")
    }

    @Test func `wants to hear in a heartbeat where reports go`() throws {
        var box = box()
        let token = try logIn(&box)
        func beat(_ body: String) throws -> Int? {
            try box.post("v0.0.1/heartbeat", body, query: ["token": token]).errno
        }
        #expect(try beat(#"{"ipaddr":"172.16.6.150","port":"8260"}"#) == nil)
        #expect(try beat(#"{"port":"8260"}"#) == 20011)
        #expect(try beat(#"{"ipaddr":"172.16.6.150"}"#) == 20011)
    }

    @Test func `speaks no version that is not its own`() throws {
        var openVox = box()
        #expect(try openVox.post("v2.0.0/login", Self.body).errno == 10003)
        var first = Box { $0.families = [.yeastarV1] }
        #expect(try first.post("v2.0.0/login", Self.body).errno == 10003)
        var second = Box { $0.families = [.yeastarV2] }
        #expect(try second.post("v1.1.0/login", Self.body).errno == 10003)
    }
}
