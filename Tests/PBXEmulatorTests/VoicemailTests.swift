import Foundation
import Testing

@testable import PBXEmulator

@Suite struct VoicemailTests {
    private static let first = #"{"extid":"1000","voicemailfile":"msg0000.wav","voicemailstatus":"unread"}"#

    private static func link(_ token: String, _ random: String?, file: String = "msg0000.wav") -> [String:
        String]
    {
        [
            "extid": "1000", "voicemailstatus": "unread", "token": token, "voicemailfile": file,
            "random": random ?? "",
        ]
    }

    @Test func `lists one mailbox, unread before read, all values as text in the manual's order`() throws {
        var box = Box()
        let token = try box.login()
        let reply = try box.post("v1.1.0/voicemail/query", #"{"extid":"1000"}"#, query: ["token": token])
        #expect(
            reply.text.hasPrefix(
                #"{"status":"Success","voicemails":[{"extid":"1000","voicemail":[{"voicemailfile":"msg0000.wav","#
                    + #""messagefrom":"2000","voicemailstatus":"unread","voicemaildate":"2020-01-02 18:00:05","#
                    + #""voicemaillength":"5"}"#))
        let messages = try #require(reply.answer?.voicemails?.first?.voicemail)
        #expect(
            messages.map(\.voicemailfile) == ["msg0000.wav", "msg0001.wav", "msg0002.wav", "msg0000.wav"])
        #expect(messages.map(\.voicemailstatus) == ["unread", "unread", "unread", "read"])
    }

    @Test(arguments: [
        ("v1.1.0", #"{"extid":"1000,1004"}"#, ["1000", "1004"]),
        ("v1.1.0", #"{"extid":"1004, 1000"}"#, ["1004", "1000"]),
        ("v1.1.0", #"{"extid":1004}"#, ["1004"]), ("v1.1.0", "", ["1000", "1004"]),
        ("v1.1.0", "{}", ["1000", "1004"]),
        ("v1.1.0", #"{"extid":""}"#, ["1000", "1004"]), ("v2.0.0", #"{"number":"all"}"#, ["1000", "1004"]),
        ("v2.0.0", #"{"number":"1004"}"#, ["1004"]), ("v1.1.0", #"{"extid":"1001,1004"}"#, ["1004"]),
    ])
    func `lists the mailboxes asked for`(version: String, body: String, mailboxes: [String]) throws {
        var box = Box()
        let token = try box.login(version: version)
        let answer = try #require(
            try box.post("\(version)/voicemail/query", body, query: ["token": token]).answer)
        let names = try #require(answer.voicemails).map { version == "v2.0.0" ? $0.number : $0.extid }
        #expect(names == mailboxes)
    }

    @Test(arguments: [
        ("v1.1.0", #"{"extid":"9"}"#, 10006), ("v1.1.0", #"{"extid":"1000,9"}"#, 10006),
        ("v1.1.0", #"{"extid":"all"}"#, 10006), ("v2.0.0", "", 20009), ("v2.0.0", "{}", 10004),
        ("v2.0.0", #"{"extid":"1000"}"#, 10004),
    ])
    func `refuses a query for mailboxes that do not exist or are not named`(
        version: String, body: String, errno: Int
    ) throws {
        var box = Box()
        let token = try box.login(version: version)
        #expect(try box.post("\(version)/voicemail/query", body, query: ["token": token]).errno == errno)
    }

    @Test func `leaves the list out when there is nothing to list`() throws {
        var box = Box()
        let token = try box.login()
        let reply = try box.post("v1.1.0/voicemail/query", #"{"extid":"1001"}"#, query: ["token": token])
        #expect(reply.text == #"{"status":"Success"}"#)
        var listing = Box { $0.listsEmptyMailboxes = true }
        let other = try listing.login()
        let full = try listing.post("v1.1.0/voicemail/query", #"{"extid":"1001"}"#, query: ["token": other])
        #expect(full.answer?.voicemails?.first?.voicemail == [])
    }

    @Test func `closes gaps when a mailbox is listed`() throws {
        var box = Box()
        let token = try box.login()
        box.service.model.delete(try #require(box.service.model.id("first")), closingGap: false)
        #expect(try box.random(Self.first, token: token).errno == 20018)
        _ = try box.post("v1.1.0/voicemail/query", #"{"extid":"1000"}"#, query: ["token": token])
        let random = try #require(try box.random(Self.first, token: token).answer?.random)
        #expect(try box.download(Self.link(token, random)).text == "second")
    }

    @Test func `answers for a random string as each version does`() throws {
        var box = Box()
        let token = try box.login()
        let old = try box.random(
            #"{"extid":1004,"voicemailfile":"msg0000.wav"}"#, token: token, version: "v0.0.1")
        let random = try #require(old.answer?.random)
        #expect(
            old.text
                == #"{"status":"Success","extid":"1004","voicemailfile":"msg0000.wav","random":"\#(random)"}"#
        )
        #expect(random.count == 32)
        let v1 = try box.random(Self.first, token: token)
        #expect(v1.answer?.voicemailstatus == "unread")
        let v2 = try box.random(
            #"{"number":"1000","voicemailfile":"msg0000.wav","voicemailstatus":"read"}"#, token: token,
            version: "v2.0.0")
        #expect(v2.answer?.number == "1000")
        #expect(v2.answer?.extid == nil)
        #expect(v2.answer?.voicemailstatus == "read")
    }

    @Test func `accepts the manual's starting page as printed where it is tolerant`() throws {
        let body = """
            {
                "extid": "1004",
                "voicemailfile": "msg0000.wav",
            }
            """
        var strict = Box()
        let strictToken = try strict.login()
        #expect(try strict.random(body, token: strictToken).errno == 20000)
        var box = Box { $0.tolerance = [.trailingCommas, .missingStatus] }
        let token = try box.login()
        for version in ["v0.0.1", "v1.1.0"] {
            let answer = try #require(try box.random(body, token: token, version: version).answer)
            #expect(answer.voicemailstatus == nil)
            let link = [
                "extid": "1004", "token": token, "voicemailfile": "msg0000.wav",
                "random": answer.random ?? "",
            ]
            #expect(try box.download(link, version: "v1.1.0").text == "only")
        }
    }

    @Test(arguments: [
        (#"{"voicemailfile":"msg0000.wav","voicemailstatus":"unread"}"#, 10004),
        (#"{"extid":"1000","voicemailstatus":"unread"}"#, 10004),
        (#"{"extid":"1000","voicemailfile":"msg0000.wav"}"#, 10004),
        (#"{"extid":"9","voicemailfile":"msg0000.wav","voicemailstatus":"unread"}"#, 10006),
        (#"{"extid":"1000","voicemailfile":"msg0000.wav","voicemailstatus":"new"}"#, 20016),
        (#"{"extid":"1000","voicemailfile":"msg0009.wav","voicemailstatus":"unread"}"#, 20018),
        (#"{"extid":"1000","voicemailfile":"msg0001.wav","voicemailstatus":"read"}"#, 20018),
        (#"{"extid":"1000","voicemailfile":"msg0000.wav","voicemailstatus":"read","allowedip":"me"}"#, 20015),
        (
            #"{"extid":"1000","voicemailfile":"msg0000.wav","voicemailstatus":"read","allowedip":"192.0.2.1,192.0.2.2"}"#,
            20015
        ),
        ("", 20009),
    ])
    func `refuses a random string for what cannot be downloaded`(body: String, errno: Int) throws {
        var box = Box()
        let token = try box.login()
        #expect(try box.random(body, token: token).errno == errno)
    }

    @Test func `tells the same file name in the two folders apart`() throws {
        var box = Box()
        let token = try box.login()
        let read = try box.random(Self.first.replacing("unread", with: "read"), token: token)
        var link = Self.link(token, read.answer?.random)
        #expect(try box.download(link).errno == 20017)
        link["voicemailstatus"] = "read"
        #expect(try box.download(link).text == "old")
    }

    @Test func `lets a random string serve once and for thirty seconds`() throws {
        var box = Box()
        let token = try box.login()
        let once = try box.random(Self.first, token: token).answer?.random
        #expect(try box.download(Self.link(token, once)).text == "first")
        #expect(try box.download(Self.link(token, once)).errno == 20017)
        let late = try box.random(Self.first, token: token).answer?.random
        box.clock.advance(by: .seconds(30))
        #expect(try box.download(Self.link(token, late)).errno == 20017)
        let timely = try box.random(Self.first, token: token).answer?.random
        box.clock.advance(by: .milliseconds(29_999))
        #expect(try box.download(Self.link(token, timely)).text == "first")
    }

    @Test(arguments: [
        ("extid", "1004", 20017), ("voicemailfile", "msg0001.wav", 20017), ("voicemailstatus", "read", 20017),
        ("voicemailstatus", "new", 20016), ("voicemailstatus", "", 10004), ("token", "0", 20004),
        ("token", "", 20005),
        ("random", "0", 20017), ("random", "", 10004), ("extid", "", 10004), ("voicemailfile", "", 10004),
    ])
    func `binds a random string to all that it was asked for`(name: String, value: String, errno: Int) throws
    {
        var box = Box()
        let token = try box.login()
        let good = Self.link(token, try box.random(Self.first, token: token).answer?.random)
        var bad = good
        bad[name] = value
        #expect(try box.download(bad).errno == errno)
        #expect(try box.download(good).text == "first", "a claim that does not fit uses nothing up")
    }

    @Test func `binds a random string to the token that asked for it`() throws {
        var box = Box()
        let token = try box.login()
        let other = try box.login()
        let random = try box.random(Self.first, token: token).answer?.random
        #expect(try box.download(Self.link(other, random)).errno == 20017)
        #expect(try box.download(Self.link(token, random)).text == "first")
    }

    @Test(arguments: [nil, "", " ", "192.0.2.77", "::ffff:192.0.2.77"])
    func `lets the address that logged in download, and the one allowed`(allowed: String?) throws {
        var box = Box()
        let token = try box.login()
        let body = allowed.map { Self.first.dropLast() + #","allowedip":"\#($0)"}"# } ?? Self.first
        for address in ["192.0.2.10", "192.0.2.77", "192.0.2.99"] {
            let random = try #require(try box.random(body, token: token).answer?.random)
            let reply = try box.download(Self.link(token, random), from: address)
            let isAllowed =
                address == "192.0.2.10" || address == "192.0.2.77" && allowed?.contains("77") == true
            #expect(reply.errno == (isAllowed ? nil : 20015), "\(address)")
        }
    }

    @Test func `sends whatever has the name by the time of the download`() throws {
        var box = Box()
        let token = try box.login()
        let random = try box.random(Self.first, token: token).answer?.random
        box.service.model.delete(try #require(box.service.model.id("first")))
        #expect(try box.download(Self.link(token, random)).text == "second")
        let gone = try box.random(Self.first.replacing("msg0000", with: "msg0001"), token: token).answer?
            .random
        box.service.model.delete(try #require(box.service.model.id("third")))
        #expect(try box.download(Self.link(token, gone, file: "msg0001.wav")).errno == 20018)
    }

    @Test func `accepts either name of the extension only where it is tolerant`() throws {
        let body = #"{"number":"1000","voicemailfile":"msg0000.wav","voicemailstatus":"unread"}"#
        var strict = Box()
        let strictToken = try strict.login()
        #expect(try strict.random(body, token: strictToken).errno == 10004)
        var box = Box { $0.tolerance = .eitherExtensionField }
        let token = try box.login()
        #expect(try box.random(body, token: token).answer?.random != nil)
    }
}
