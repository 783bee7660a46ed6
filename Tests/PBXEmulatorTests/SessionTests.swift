import Testing

@testable import PBXEmulator

@Suite struct SessionTests {
    @Test(arguments: ["v0.0.1", "v1.0.0", "v1.1.0", "v1.10", "v1.10.0", "v2.0.0"])
    func `logs in under any version`(version: String) throws {
        var box = Box()
        let token = try box.login(version: version)
        #expect(token.count == 32)
        #expect(token.allSatisfy { $0.isHexDigit && !$0.isUppercase })
    }

    @Test func `says how events come in v2 only, and gives a refresh token only where there is one`() throws {
        let body = #"{"username":"api","password":"\#(Box.passwordMD5)","port":8260}"#
        var box = Box()
        #expect(try box.post("v2.0.0/login", body).answer?.transport == "TCP")
        #expect(try box.post("v1.1.0/login", body).answer?.transport == nil)
        #expect(try box.post("v1.1.0/login", body).answer?.refreshtoken == nil)
        var cloud = Box { $0.hasRefresh = true }
        #expect(try cloud.post("v1.1.0/login", body).answer?.refreshtoken?.count == 32)
    }

    @Test(arguments: [
        (#"{"password":"x","port":"1"}"#, 10004), (#"{"username":"api","port":"1"}"#, 10004),
        (#"{"username":"api","password":"x"}"#, 20008),
        (#"{"username":"api","password":"x","port":"65537"}"#, 20008),
        (#"{"username":"api","password":"x","port":"web"}"#, 20008),
        (#"{"username":"api","password":"x","port":"8260"}"#, 20003), ("", 20009), (" \n", 20007),
        ("{", 20000),
        ("<login/>", 10002),
    ])
    func `refuses a login that lacks something`(body: String, errno: Int) throws {
        var box = Box()
        #expect(try box.post("v1.1.0/login", body).errno == errno)
    }

    @Test func `asks for a port in v1 only, with the code that is configured`() throws {
        let body = #"{"username":"api","password":"\#(Box.passwordMD5)"}"#
        var box = Box { $0.missingPort = .parameterEmpty }
        #expect(try box.post("v1.1.0/login", body).errno == 10004)
        #expect(try box.post("v2.0.0/login", body).answer?.status == "Success")
    }

    @Test func `accepts the MD5 of the password in small letters only`() throws {
        let body = #"{"username":"api","password":"\#(Box.passwordMD5.uppercased())","port":"1"}"#
        var box = Box()
        #expect(try box.post("v1.1.0/login", body).errno == 20003)
        var tolerant = Box { $0.tolerance = .upperCasePassword }
        #expect(try tolerant.post("v1.1.0/login", body).answer?.status == "Success")
        #expect(
            try box.post("v1.1.0/login", #"{"username":"api","password":"secret","port":"1"}"#).errno == 20003
        )
    }

    @Test func `tells its serial number to who has logged in, where it has one`() throws {
        var box = Box { $0.serialNumber = "3693A1234567" }
        let token = try box.login()
        for version in ["v1.1.0", "v2.0.0"] {
            let reply = try box.post("\(version)/deviceinfo/query", query: ["token": token])
            #expect(
                reply.text == #"{"status":"Success","deviceinfo":{"devicename":"S100","sn":"3693A1234567"}}"#)
        }
        #expect(try box.post("v1.1.0/deviceinfo/query", query: ["token": "x"]).errno == 20004)
        var nameless = Box()
        let other = try nameless.login()
        #expect(try nameless.post("v1.1.0/deviceinfo/query", query: ["token": other]).errno == 10003)
    }

    @Test func `locks an address for ten minutes after five failures, and only that address`() throws {
        var box = Box()
        let wrong = #"{"username":"api","password":"00","port":"1"}"#
        let right = #"{"username":"api","password":"\#(Box.passwordMD5)","port":"1"}"#
        for _ in 1...5 { #expect(try box.post("v1.1.0/login", wrong).errno == 20003) }
        #expect(try box.post("v1.1.0/login", right).errno == 20002)
        #expect(try box.post("v1.1.0/login", right, from: "192.0.2.11").answer?.status == "Success")
        box.clock.advance(by: .seconds(599))
        #expect(try box.post("v1.1.0/login", right).errno == 20002)
        box.clock.advance(by: .seconds(1))
        #expect(try box.post("v1.1.0/login", right).answer?.status == "Success")
    }

    @Test func `counts only failures in a row`() throws {
        var box = Box()
        let wrong = #"{"username":"api","password":"00","port":"1"}"#
        for _ in 1...3 {
            for _ in 1...4 { #expect(try box.post("v1.1.0/login", wrong).errno == 20003) }
            _ = try box.login()
        }
    }

    @Test func `tells an absent, an unknown, a forgotten and an expired token apart`() throws {
        var box = Box()
        let token = try box.login()
        #expect(try box.post("v1.1.0/voicemail/query").errno == 20005)
        #expect(try box.post("v1.1.0/voicemail/query", query: ["token": ""]).errno == 20005)
        #expect(try box.post("v1.1.0/voicemail/query", query: ["token": "0"]).errno == 20004)
        #expect(
            try box.post("v1.1.0/voicemail/query", #"{"token":"\#(token)"}"#).errno == 20005,
            "in the query only")
        box.clock.advance(by: .seconds(1800))
        #expect(try box.post("v1.1.0/voicemail/query", query: ["token": token]).errno == 20006)
        #expect(try box.post("v1.1.0/voicemail/query", query: ["token": token]).errno == 20006)
        let other = try box.login()
        #expect(try box.post("v1.1.0/logout", query: ["token": other]).answer?.status == "Success")
        #expect(try box.post("v1.1.0/logout", query: ["token": other]).errno == 20004)
    }

    @Test func `keeps a sliding token alive by any request`() throws {
        var box = Box()
        let token = try box.login()
        for path in ["voicemail/query", "heartbeat", "voicemail/query"] {
            box.clock.advance(by: .seconds(1799))
            #expect(try box.post("v1.1.0/\(path)", query: ["token": token]).answer?.status == "Success")
        }
    }

    @Test func `lets a fixed token expire unless it is refreshed, and replaces both tokens then`() throws {
        var box = Box {
            $0.tokenLife = .fixed(.seconds(1800))
            $0.hasRefresh = true
        }
        let body = #"{"username":"api","password":"\#(Box.passwordMD5)","port":"1"}"#
        let login = try #require(try box.post("v1.1.0/login", body).answer)
        let refreshBody = #"{"refreshtoken":"\#(login.refreshtoken ?? "")"}"#
        box.clock.advance(by: .seconds(1000))
        #expect(try box.post("v1.1.0/heartbeat", query: ["token": login.token ?? ""]).errno == nil)
        let refreshed = try #require(try box.post("v1.1.0/token/refresh", refreshBody).answer)
        #expect(refreshed.token != login.token)
        #expect(refreshed.refreshtoken != login.refreshtoken)
        #expect(try box.post("v1.1.0/token/refresh", refreshBody).errno == 20004)
        #expect(try box.post("v1.1.0/heartbeat", query: ["token": login.token ?? ""]).errno == 20004)
        box.clock.advance(by: .seconds(1000))
        #expect(try box.post("v1.1.0/heartbeat", query: ["token": refreshed.token ?? ""]).errno == nil)
        box.clock.advance(by: .seconds(800))
        #expect(try box.post("v1.1.0/heartbeat", query: ["token": refreshed.token ?? ""]).errno == 20006)
    }

    @Test func `has no refresh where the box has none`() throws {
        var box = Box()
        #expect(try box.post("v1.1.0/token/refresh", #"{"refreshtoken":"0"}"#).errno == 10003)
    }

    @Test func `ends other sessions where only one is allowed`() throws {
        var box = Box { $0.allowsOneSessionOnly = true }
        let first = try box.login()
        _ = try box.login()
        #expect(try box.post("v1.1.0/heartbeat", query: ["token": first]).errno == 20004)
    }

    @Test(
        arguments: [
            (#"{"ipaddr":"192.0.2.1","port":"8260"}"#, nil), (#"{"ipaddr":"here"}"#, 20011),
            (#"{"port":70000}"#, 20011),
            (#"{"port":8260}"#, nil), ("", nil),
        ] as [(String, Int?)])
    func `checks the settings of a heartbeat`(body: String, errno: Int?) throws {
        var box = Box()
        let token = try box.login()
        #expect(try box.post("v1.1.0/heartbeat", body, query: ["token": token]).errno == errno)
    }

    @Test func `reads the manual's heartbeat, which has a key without quotation marks`() throws {
        let body = #"{"port":"8260", "url":"a,b:c", urlflag:"0"}"#
        var strict = Box()
        let token = try strict.login()
        #expect(try strict.post("v1.1.0/heartbeat", body, query: ["token": token]).errno == 20000)
        var tolerant = Box { $0.tolerance = .bareKeys }
        let other = try tolerant.login()
        #expect(try tolerant.post("v1.1.0/heartbeat", body, query: ["token": other]).errno == nil)
    }
}
