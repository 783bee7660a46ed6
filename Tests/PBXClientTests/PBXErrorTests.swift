import Foundation
import Testing

@testable import PBXClient

@Suite struct PBXErrorTests {
    /// Every code of the vendor's v1 and v2 tables.
    static let documented: [Int] =
        [10002, 10003, 10004, 10005, 20000] + Array(10006...10033) + Array(10042...10081)
        + Array(20001...20021)
        + [30001, 30003]

    @Test(arguments: documented)
    func `knows the meaning of a documented code`(number: Int) throws {
        let code = PBXErrorCode(rawValue: number)
        #expect(try #require(code.meaning).count > 5)
        #expect("\(code)".hasPrefix("\(number) ("))
    }

    @Test(arguments: [0, -1, 10001, 10034, 10041, 20022, 30002, 99999, .max, .min])
    func `keeps the number of a code that is not documented`(number: Int) {
        let code = PBXErrorCode(rawValue: number)
        #expect(code.meaning == nil)
        #expect("\(code)".contains("\(number)"))
    }

    @Test(arguments: [
        (10003, "does not support"), (10006, "extension"), (20001, "POST"), (20002, "locked"),
        (20003, "password"),
        (20004, "token"), (20006, "timed out"), (20015, "IP address"), (20016, "status"), (20017, "random"),
        (20018, "voicemail file"), (30003, "not running"),
    ])
    func `says what the vendor says`(number: Int, word: String) throws {
        #expect(try #require(PBXErrorCode(rawValue: number).meaning).contains(word))
    }

    private static func everyError() throws -> [PBXError] {
        let address = try PBXAddress("https://192.168.5.150:8088")
        let listing = Sample.listing("../msg\u{1B}[2J\n\0\u{202E}.wav", caller: "+8613800000000")
        return [
            .unreachable(address, reason: "connection refused"), .otherAPI(.login),
            .loginRefused(address, .loginRefused), .loginRefused(address, nil),
            .loginRefused(address, .serviceStopped), .webPage(.login), .xml(.login), .xml(.voicemailQuery),
            .locked(address, until: Date(timeIntervalSince1970: 0)),
            .refused(.voicemailRandom, .voicemailMissing, item: listing.place), .httpStatus(.login, 504),
            .badAnswer(.login, reason: "it is not JSON"), .emptyBody(.voicemailDownload),
            .tooLarge(.voicemailDownload, limit: 10),
            .tooSlow(.voicemailDownload, reason: "fewer than 500 bytes a second"),
            .gaveUp(address, after: .seconds(300), reason: "HTTP status 502"),
            .gaveUp(address, after: nil, reason: "it asks to be left alone for 60 minutes"),
            .cutShort(.voicemailDownload, expected: 10, received: 5),
            .cutShort(.voicemailDownload, expected: nil, received: 5),
            .redirected(.login, to: "https://a:8088"),
            .redirected(.login, to: nil), .messageMoved(listing), .ambiguousPlace(listing),
            .inconsistentAudio(listing, attempts: 4),
            .tooLarge(.voicemailQuery, limit: 10),
            .file(path: "/x/a.wav", reason: "no space is left"),
        ]
            + [
                TLSProblem.unknownSigner(isFile: false), .unknownSigner(isFile: true), .otherName,
                .expired(Date(timeIntervalSince1970: 0)), .notYetValid(Date(timeIntervalSince1970: 0)),
                .otherCertificate(nil), .noTLS, .tooOld(.tls12), .noCipher, .other("bad record mac"),
            ].map { .untrusted(address, $0) }
            + [400, 401, 403, 404, 407, 408, 429, 500, 502, 503, 507].map { .httpStatus(.login, $0) }
    }

    @Test(arguments: [
        (401, "user name and password"), (403, "allow this machine's address"), (404, "the API is enabled"),
        (429, "--pbx-requests"), (500, "restart its API"), (502, "does not get through"),
        (503, "try again later"),
    ])
    func `gives each HTTP status its own advice`(status: Int, advice: String) {
        #expect("\(PBXError.httpStatus(.login, status))".contains(advice))
    }

    @Test func `describes every error in one printable sentence with a remedy, without the caller`() throws {
        for error in try Self.everyError() {
            let text = "\(error)"
            #expect(text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0 != "\u{202E}" && $0 != "\u{7F}" })
            #expect(text.contains(": "), "\(text)")
            #expect(!text.contains("8613800000000"))
            #expect(text.count < 400)
        }
    }

    @Test func `says until when it is locked out`() throws {
        let error = PBXError.locked(
            try PBXAddress("https://box"), until: Date(timeIntervalSince1970: 1_577_988_000))
        #expect("\(error)".contains("2020-01-02T18:00:00Z"))
    }

    @Test func `cuts texts of the PBX to a bounded length`() {
        let name = String(repeating: "\u{0}x", count: 100_000)
        #expect("\(PBXError.messageMoved(Sample.listing(name)))".count < 1_000)
    }

    @Test func `repeats only what may have failed by chance`() throws {
        let transient = try Self.everyError().filter(\.isTransient)
        #expect(transient.count == 16)
        #expect(!PBXError.httpStatus(.login, 404).isTransient)
        #expect(PBXError.httpStatus(.login, 503).isTransient)
        #expect(PBXError.refused(.voicemailQuery, .serviceStopped, item: nil).isTransient)
        #expect(!PBXError.refused(.login, .serviceStopped, item: nil).isTransient)
        #expect(!PBXError.refused(.login, PBXErrorCode(rawValue: 99999), item: nil).isTransient)
    }
}
