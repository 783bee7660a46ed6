import Foundation
import Testing

@testable import PBXClient

/// The examples of the vendor's pages, and the shapes that are sent in each dialect.
@Suite struct PBXDialectTests {
    private func text(_ bytes: [UInt8]?) -> String? { bytes.map { String(decoding: $0, as: UTF8.self) } }

    @Test func `composes the link that the starting page prints`() throws {
        let dialect = try PBXDialect(family: .openVox, version: "v1.1.0")
        let listing = VoicemailListing(
            extension: "102", status: nil, file: "msg0001.wav", caller: "", date: "", length: "")
        let path = dialect.downloadPath(
            listing, token: Secret("1733765a8f15fef25c90075c394e6b45"),
            random: Secret("385d9c3cdf0fd31b90887d1b5815151b"))
        let link = try PBXAddress("http://172.16.101.37:9011").text + path
        #expect(
            link
                == "http://172.16.101.37:9011/api/v1.1.0/voicemail/download?extid=102"
                + "&token=1733765a8f15fef25c90075c394e6b45&voicemailfile=msg0001.wav"
                + "&random=385d9c3cdf0fd31b90887d1b5815151b")
    }

    @Test func `asks for a random string as the starting page does`() throws {
        let dialect = try PBXDialect(family: .openVox, version: "v1.1.0")
        #expect(
            dialect.path(.voicemailRandom, token: Secret("1e3b3ebb6a974cb42ed31de5413df52d"))
                == "/api/v1.1.0/voicemail/get_random?token=1e3b3ebb6a974cb42ed31de5413df52d")
        // The page prints the same members, with a comma too many behind the last one.
        let printed = "{\n    \"extid\": \"1004\",\n    \"voicemailfile\": \"msg0000.wav\",\n}"
        let repaired = try #require(AlmostJSON.repaired(Array(printed.utf8))).text
        let listing = VoicemailListing(
            extension: "1004", status: nil, file: "msg0000.wav", caller: "", date: "", length: "")
        #expect(dialect.randomBody(listing, allowedAddress: .unspecified) == repaired)
    }

    @Test(arguments: [
        (
            PBXDialect.openVox,
            "/api/v0.0.1/voicemail/download?extid=1000&voicemailstatus=unread&token=T&voicemailfile=msg0000.wav"
                + "&random=R"
        ),
        (
            .yeastarV1,
            "/api/v1.1.0/voicemail/download?extid=1000&voicemailstatus=unread&token=T&voicemailfile=msg0000.wav"
                + "&random=R"
        ),
        (
            .yeastarV2,
            "/api/v2.0.0/voicemail/download?number=1000&voicemailstatus=unread&voicemailfile=msg0000.wav&random=R"
                + "&token=T"
        ),
    ])
    func `orders the parameters of the link as its version does`(dialect: PBXDialect, expected: String) {
        #expect(dialect.downloadPath(Sample.listing(), token: Secret("T"), random: Secret("R")) == expected)
        let folderless = dialect.downloadPath(
            Sample.listing(status: nil), token: Secret("T"), random: Secret("R"))
        #expect(folderless == expected.replacing("&voicemailstatus=unread", with: ""))
    }

    @Test func `encodes all but the unreserved characters of every value`() {
        let listing = VoicemailListing(
            extension: "10&x=1", status: VoicemailStatus(rawValue: "a b"), file: "../msg 0?#/é\0\n.wav",
            caller: "",
            date: "", length: "")
        let path = PBXDialect.yeastarV1.downloadPath(
            listing, token: Secret("a+b/c="), random: Secret("~-._9Z{token}"))
        #expect(
            path
                == "/api/v1.1.0/voicemail/download?extid=10%26x%3D1&voicemailstatus=a%20b&token=a%2Bb%2Fc%3D"
                + "&voicemailfile=..%2Fmsg%200%3F%23%2F%C3%A9%00%0A.wav&random=~-._9Z%7Btoken%7D")
    }

    @Test func `uses the template that it is given`() throws {
        var dialect = PBXDialect.yeastarV2
        dialect.linkTemplate = try DownloadLinkTemplate(
            "/x/{version}/{number}?f={voicemailfile}&r={random}&t={token}")
        #expect(
            dialect.downloadPath(Sample.listing("a b"), token: Secret("T"), random: Secret("R"))
                == "/x/v2.0.0/1000?f=a%20b&r=R&t=T")
    }

    @Test(arguments: [
        "https://elsewhere/{random}{token}", "//elsewhere/{random}{token}", "/x?{random}",
        "/x?{token}&{random}&{who}",
        "/x?{random}{token", "/x?{random}}{token}", "/x y?{random}{token}", "",
    ])
    func `refuses a template that cannot work`(text: String) {
        #expect(throws: PBXConfigurationError.self) { try DownloadLinkTemplate(text) }
    }

    @Test(arguments: [
        ("v0.0.1", PBXDialect.Family.openVox, "v0.0.1"), ("v1.1.0", .yeastarV1, "v1.1.0"),
        ("1.0.6", .yeastarV1, "v1.0.6"), ("v1.10", .yeastarV1, "v1.10"), ("v2.0.0", .yeastarV2, "v2.0.0"),
    ])
    func `takes the family from the version`(text: String, family: PBXDialect.Family, version: String) throws
    {
        let dialect = try PBXDialect(text)
        #expect(dialect.family == family)
        #expect(dialect.version == version)
    }

    @Test(arguments: [
        "", "v", "v3.0.0", "1", "v1..0", "v1.a", "v1.1.0/..", "v-1.0", "v1.1.0 ", "v99999.1", "v١.1",
    ])
    func `refuses what is no version`(text: String) {
        #expect(throws: PBXConfigurationError.version(text)) { try PBXDialect(text) }
    }

    @Test func `logs in with the digest of the password, a port and a version`() {
        // printf %s p4ss-word | md5sum
        let digest = "41da9f80f3a43828eef8780172f4a1ac"
        let receiver = ReportReceiver(address: "192.0.2.7", port: 8260)
        #expect(
            text(
                PBXDialect.yeastarV1.loginBody(
                    username: "a\"b", password: Secret(Sample.password), receiver: receiver))
                == #"{"username":"a\"b","password":"\#(digest)","port":"8260","version":"1.0.2"}"#)
        #expect(
            text(
                PBXDialect.yeastarV2.loginBody(
                    username: "api", password: Secret(Sample.password), receiver: receiver))
                == #"{"username":"api","password":"\#(digest)","port":"8260","version":"2.0.0"}"#)
        #expect(PBXDialect.yeastarV1.path(.login) == "/api/v1.1.0/login")
        #expect(
            text(PBXDialect.yeastarV1.heartbeatBody(receiver: receiver))
                == #"{"ipaddr":"192.0.2.7","port":"8260"}"#)
        #expect(
            text(PBXDialect.yeastarV2.heartbeatBody(receiver: ReportReceiver(address: nil, port: 8260)))
                == #"{"port":8260}"#)
        #expect(PBXDialect.yeastarV1.path(.refreshToken) == "/api/v1.1.0/token/refresh")
    }

    @Test func `asks for one, several and all mailboxes`() {
        #expect(text(PBXDialect.yeastarV1.queryBody(.extensions(["1000"]))) == #"{"extid":"1000"}"#)
        #expect(
            text(PBXDialect.yeastarV1.queryBody(.extensions(["1000", "1001"]))) == #"{"extid":"1000,1001"}"#)
        #expect(PBXDialect.yeastarV1.queryBody(.all) == nil)
        #expect(PBXDialect.openVox.queryBody(.all) == nil)
        #expect(
            text(PBXDialect.yeastarV2.queryBody(.extensions(["1000", "1001"]))) == #"{"number":"1000,1001"}"#)
        #expect(text(PBXDialect.yeastarV2.queryBody(.all)) == #"{"number":"all"}"#)
    }

    @Test func `writes an extension as a number where it is asked to`() {
        var dialect = PBXDialect.yeastarV1
        dialect.extensionEncoding = .integer
        #expect(text(dialect.queryBody(.extensions(["1000"]))) == #"{"extid":1000}"#)
        #expect(text(dialect.queryBody(.extensions(["0100"]))) == #"{"extid":"0100"}"#)
        #expect(text(dialect.queryBody(.extensions(["1000", "1001"]))) == #"{"extid":"1000,1001"}"#)
    }

    @Test(arguments: [
        (
            PBXDialect.yeastarV1, AllowedAddress.unspecified,
            #"{"extid":"1000","voicemailfile":"msg0000.wav","voicemailstatus":"unread"}"#
        ),
        (
            .yeastarV1, .blank,
            #"{"extid":"1000","voicemailfile":"msg0000.wav","voicemailstatus":"unread","allowedip":""}"#
        ),
        (
            .yeastarV2, .blank,
            #"{"number":"1000","voicemailfile":"msg0000.wav","voicemailstatus":"unread","allowedip":" "}"#
        ),
        (
            .yeastarV2, .address("192.168.5.7"),
            #"{"number":"1000","voicemailfile":"msg0000.wav","voicemailstatus":"unread","allowedip":"192.168.5.7"}"#
        ),
    ])
    func `sends each of the three cases of allowedip`(
        dialect: PBXDialect, allowed: AllowedAddress, expected: String
    ) {
        #expect(text(dialect.randomBody(Sample.listing(), allowedAddress: allowed)) == expected)
        let folderless = dialect.randomBody(Sample.listing(status: nil), allowedAddress: allowed)
        #expect(text(folderless) == expected.replacing(#","voicemailstatus":"unread""#, with: ""))
    }

    @Test func `keeps a hostile file name inside of its JSON text`() throws {
        let name = "a\"},{\\\n\0\u{1F}é"
        let body = PBXDialect.yeastarV1.randomBody(Sample.listing(name), allowedAddress: .unspecified)
        let object = try #require(try JSONSerialization.jsonObject(with: Data(body)) as? [String: String])
        #expect(object["voicemailfile"] == name)
        #expect(object.count == 3)
    }
}
