import Digests
import Foundation
import Testing

@testable import PBXClient

@Suite struct DownloadTests {
    static let wave = Array("RIFF\u{24}\0\0\0WAVEfmt ".utf8) + [UInt8](repeating: 7, count: 5_000)

    /// Downloads with scripted answers, and hands back what came of it, and what lies in the folder
    /// afterwards.
    private func download(
        _ transport: ScriptedTransport, clock: TestClock = TestClock(),
        adjust: (inout PBXConfiguration) -> Void = { _ in }
    ) async throws -> (result: Result<DownloadedAudio, PBXError>, bytes: [UInt8]?) {
        let session = try Sample.session(transport, clock: clock, adjust: adjust)
        return try await withScratchFolder { folder in
            let file = folder.appending(path: "a.wav")
            do {
                let audio = try await session.download(Sample.listing(), to: file.path)
                return (.success(audio), try Array(Data(contentsOf: file)))
            } catch let error as PBXError {
                #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
                return (.failure(error), nil)
            }
        }
    }

    private func transport(_ replies: [Reply]) -> ScriptedTransport {
        ScriptedTransport([
            .login: [.login("t1")],
            .voicemailRandom: [.random("r1"), .random("r2"), .random("r3"), .random("r4")],
            .voicemailDownload: replies,
        ])
    }

    @Test func `writes the bytes and gives their count and digest`() async throws {
        let transport = transport([.audio(Self.wave)])
        let (result, bytes) = try await download(transport)
        #expect(
            try result.get()
                == DownloadedAudio(
                    byteCount: Int64(Self.wave.count), digest: SHA256Hasher.digest(of: Self.wave)))
        #expect(bytes == Self.wave)
        let call = try #require(transport.calls(of: .voicemailDownload).first)
        #expect(call.method == .get)
        #expect(
            call.link
                == "/api/v1.1.0/voicemail/download?extid=1000&voicemailstatus=unread&token=t1"
                + "&voicemailfile=msg0000.wav&random=r1")
    }

    /// A file of which only the beginning comes, as its header shows.
    private static let cut = Array("RIFF\u{24}\u{27}\0\0WAVEfmt ".utf8) + [UInt8](repeating: 7, count: 5_000)

    private static func ended(_ bytes: [UInt8], of length: Int64? = nil) -> Reply {
        Reply(
            contentLength: length, pieces: [bytes],
            breakage: .cutShort(.voicemailDownload, expected: length, received: Int64(bytes.count)))
    }

    @Test func `takes what each attempt breaks off behind for all that the box has`() async throws {
        let transport = transport([Self.ended(Self.cut)])
        let (result, bytes) = try await download(transport) { $0.retry.retries = 3 }
        #expect(try result.get().isCutShort)
        #expect(bytes == Self.cut)
        #expect(transport.count(.voicemailDownload) == 4)
        // A whole one ends it at once, and is not said to be cut.
        let other = self.transport([Self.ended(Self.cut), Self.ended(Self.wave)])
        let whole = try await download(other) { $0.retry.retries = 3 }
        #expect(try !whole.result.get().isCutShort)
        #expect(whole.bytes == Self.wave)
    }

    @Test(arguments: [
        [ended(cut), ended(cut.dropLast()), ended(cut), ended(cut)],
        [ended(cut), .failing(.httpStatus(.voicemailDownload, 503)), ended(cut), ended(cut)],
        [ended(cut), ended(cut), ended(cut), .text("busy")], [ended(Array("Service temporarily".utf8))],
        [ended(Array(#"{"status":"Fail"#.utf8))], [ended([])], [ended(cut, of: 9_999)],
    ])
    func `takes no part of a file that may be more the next time`(replies: [Reply]) async throws {
        let transport = transport(replies)
        let (result, _) = try await download(transport) { $0.retry.retries = 3 }
        #expect(throws: PBXError.self) { try result.get() }
        #expect(transport.count(.voicemailDownload) == 4)
        // One attempt alone proves nothing.
        let once = try await download(self.transport([Self.ended(Self.cut)])) { $0.retry.retries = 0 }
        #expect(throws: PBXError.self) { try once.result.get() }
    }

    @Test func `reads a whole refusal behind which the connection breaks off`() async throws {
        let transport = transport([Self.ended(Array(#"{"status":"Failed","errno":"20018"}"#.utf8))])
        let (result, _) = try await download(transport) { $0.retry.retries = 3 }
        #expect(
            throws: PBXError.refused(.voicemailDownload, .voicemailMissing, item: Sample.listing().place)
        ) { try result.get() }
        #expect(transport.count(.voicemailDownload) == 1)
    }

    private static let oddFiles: [String: [UInt8]] = [
        "a WAV file": wave, "one zero byte": [0], "a header of zeros": [UInt8](repeating: 0, count: 44),
        "a brace before much": Array("{".utf8) + [UInt8](repeating: 0, count: 70_000),
        "a header of HTTP before a WAV file": Array("HTTP/1.0 200 OK\r\n\r\n".utf8) + wave,
        "the beginning of a WAV file": Array("RIFF".utf8),
        "an erased flash": [UInt8](repeating: 255, count: 900),
        "a gzip's mark in a WAV file": Array("RIFF".utf8) + [0x1F, 0x8B, 0, 0],
    ]

    @Test(arguments: oddFiles.keys.sorted())
    func `takes every file that is not plainly something else for the message`(name: String) async throws {
        let bytes = try #require(Self.oddFiles[name])
        var reply = Reply.audio(bytes)
        reply.pieces = bytes.map { [$0] }
        #expect(try await download(transport([reply])).bytes == bytes)
    }

    private static let passingErrors: [String: [UInt8]] = [
        "a sentence": Array("Service temporarily unavailable".utf8),
        "a sentence of GBK": [0xB7, 0xFE, 0xCE, 0xF1, 0xD4, 0xDD, 0xCA, 0xB1, 0x21],
        "a text without end": Array(repeating: Array("busy\r\n".utf8), count: 20_000).flatMap { $0 },
        "a page": Array("<!DOCTYPE html><html></html>".utf8),
        "a page behind blanks": Array("\r\n  <HTML><body>Please log in</body></HTML>".utf8),
        "XML": Array("<?xml version='1.0'?><a/>".utf8), "half a page": Array("<x".utf8),
        "an answer that grants": Array(#"{"status":"Success"}"#.utf8),
        "a refusal without a code": Array(#"{"status":"Failed"}"#.utf8),
        "JSON of something else": Array(#"{"error":"busy"}"#.utf8), "a list": Array("[1,2]".utf8),
        "half an answer": Array(#"{"status":"Succ"#.utf8), "a byte order mark": [0xEF, 0xBB, 0xBF],
        "blanks": Array("   \r\n".utf8), "nothing": [],
        "a page of UTF-16": [0xFF, 0xFE] + Array("<html>".utf8).flatMap { [$0, 0] },
        "gzip": [0x1F, 0x8B, 8, 0] + [UInt8](repeating: 3, count: 900),
        "zip": Array("PK\u{3}\u{4}".utf8) + [UInt8](repeating: 0, count: 30),
        "tar": Array("a.wav".utf8) + [UInt8](repeating: 0, count: 252) + Array("ustar\0".utf8),
        "a picture": [0x89] + Array("PNG\r\n\u{1A}\n".utf8) + [UInt8](repeating: 0, count: 300),
    ]

    @Test(arguments: passingErrors.keys.sorted(), [1, 1 << 20])
    func `never takes for the message what is plainly something else`(name: String, size: Int) async throws {
        let bytes = try #require(Self.passingErrors[name])
        let pieces = stride(from: 0, to: bytes.count, by: size).map {
            Array(bytes[$0..<min($0 + size, bytes.count)])
        }
        let bad = Reply(contentLength: Int64(bytes.count), pieces: pieces)
        let (result, _) = try await download(transport([bad]))
        let error = try #require(throws: PBXError.self) { try result.get() }
        #expect(error.isTransient)
        #expect(try await download(transport([bad, .audio(Self.wave)])).bytes == Self.wave)
    }

    @Test func `reads a refusal in XML that comes in place of audio`() async throws {
        let reply = Reply.text("<response><status>Failed</status><errno>20018</errno></response>")
        let (result, _) = try await download(transport([reply]))
        #expect(
            throws: PBXError.refused(.voicemailDownload, .voicemailMissing, item: Sample.listing().place)
        ) { try result.get() }
    }

    @Test(arguments: [10006, 20015, 20016, 20018, 99999])
    func `reads a refusal that comes in place of audio`(code: Int) async throws {
        let reply = Reply(
            pieces: Array(#"{"status":"Failed","errno":"\#(code)"}"#.utf8).map { [$0] })
        let transport = transport([reply])
        let (result, _) = try await download(transport)
        #expect(
            throws: PBXError.refused(
                .voicemailDownload, PBXErrorCode(rawValue: code), item: Sample.listing().place)
        ) { try result.get() }
        #expect(transport.count(.voicemailDownload) == 1)
    }

    @Test func `asks for a new random string when the PBX calls its own invalid`() async throws {
        let transport = transport([.refusal(20017), .refusal(20017), .audio(Self.wave)])
        #expect(try await download(transport).bytes == Self.wave)
        #expect(transport.calls(of: .voicemailDownload).map { $0.link.suffix(2) } == ["r1", "r2", "r3"])
    }

    @Test func `does not ask for random strings for ever`() async throws {
        let transport = transport([.refusal(20017)])
        let (result, _) = try await download(transport)
        #expect(throws: PBXError.self) { try result.get() }
        #expect(transport.count(.voicemailRandom) == 3)
    }

    @Test(arguments: [20004, 20006])
    func `logs in once more when the token dies before the download`(code: Int) async throws {
        let transport = ScriptedTransport([
            .login: [.login("t1"), .login("t2")], .voicemailRandom: [.random("r1"), .random("r2")],
            .voicemailDownload: [.refusal(code), .audio(Self.wave)],
        ])
        #expect(try await download(transport).bytes == Self.wave)
        #expect(transport.calls(of: .voicemailRandom).map { $0.link.suffix(2) } == ["t1", "t2"])
        #expect(transport.count(.login) == 2)
    }

    @Test(arguments: [
        Reply(pieces: []),
        Reply(contentLength: 9_999, pieces: [Self.wave]),
        Reply(pieces: [Self.wave], breakage: .cutShort(.voicemailDownload, expected: 9_999, received: 5_016)),
        .text("Gateway timeout", status: 504),
        .failing(.cutShort(.voicemailDownload, expected: 10, received: 0)),
    ])
    func `repeats a failed download with a new random string`(reply: Reply) async throws {
        let clock = TestClock()
        let transport = transport([reply, .audio(Self.wave)])
        #expect(try await download(transport, clock: clock).bytes == Self.wave)
        #expect(transport.calls(of: .voicemailDownload).map { $0.link.suffix(2) } == ["r1", "r2"])
        #expect(clock.pauses == [.milliseconds(500)])
    }

    @Test func `gives an empty file up after its repetitions`() async throws {
        let transport = transport([Reply(contentLength: 0)])
        let (result, _) = try await download(transport)
        #expect(throws: PBXError.emptyBody(.voicemailDownload)) { try result.get() }
        #expect(transport.count(.voicemailDownload) == 4)
    }

    @Test(arguments: [Int64?.none, 5_016])
    func `refuses a body beyond the limit, announced or not`(length: Int64?) async throws {
        let transport = transport([Reply(contentLength: length, pieces: [Self.wave])])
        let (result, _) = try await download(transport) { $0.downloadLimit = 5_015 }
        #expect(throws: PBXError.tooLarge(.voicemailDownload, limit: 5_015)) { try result.get() }
        #expect(transport.count(.voicemailDownload) == 1)
    }

    @Test(arguments: [
        #"{"status":"Success","random":"r1","extid":"1001"}"#,
        #"{"status":"Success","random":"r1","voicemailfile":"msg0001.wav"}"#,
        #"{"status":"Success","random":"r1","voicemailstatus":"read"}"#, #"{"status":"Success"}"#,
    ])
    func `does not use a random string for another message`(text: String) async throws {
        let transport = ScriptedTransport([.login: [.login("t1")], .voicemailRandom: [.text(text)]])
        let (result, _) = try await download(transport)
        #expect(throws: PBXError.self) { try result.get() }
        #expect(transport.count(.voicemailDownload) == 0)
    }

    @Test func `accepts the answer with an integer for the extension`() async throws {
        let transport = ScriptedTransport([
            .login: [.login("t1")],
            .voicemailRandom: [
                .text(
                    #"{"status":"Success","extid":1000,"voicemailfile":"msg0000.wav","voicemailstatus":"Unread","#
                        + #""random":"r1"}"#)
            ], .voicemailDownload: [.audio(Self.wave)],
        ])
        #expect(try await download(transport).bytes == Self.wave)
    }

    @Test func `does not touch a file that exists, nor one in a folder that does not`() async throws {
        let session = try Sample.session(transport([.audio(Self.wave)]))
        try await withScratchFolder { folder in
            let target = folder.appending(path: "target")
            try Data("kept".utf8).write(to: target)
            let link = folder.appending(path: "link").path
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: target.path)
            for path in [target.path, link, folder.path, folder.appending(path: "none/a.wav").path] {
                let error = try await #require(throws: PBXError.self) {
                    try await session.download(Sample.listing(), to: path)
                }
                guard case .file(path, _) = error else {
                    Issue.record("\(error)")
                    continue
                }
            }
            #expect(try Data(contentsOf: target) == Data("kept".utf8))
        }
    }

    @Test func `replaces a token as often as one that was good dies before the download`() async throws {
        let transport = ScriptedTransport([
            .login: ["t1", "t2", "t3"].map(Reply.login), .voicemailRandom: [.random("r1")],
            .voicemailDownload: [.refusal(20004), .refusal(20006), .audio(Self.wave)],
        ])
        #expect(try await download(transport).bytes == Self.wave)
        #expect(transport.count(.login) == 3)
    }

    @Test func `does not repeat the repetitions of a random string`() async throws {
        let transport = ScriptedTransport([
            .login: [.login("t1")], .voicemailRandom: [.text("Bad gateway", status: 502)],
        ])
        let (result, _) = try await download(transport)
        #expect(throws: PBXError.httpStatus(.voicemailRandom, 502)) { try result.get() }
        #expect(transport.count(.voicemailRandom) == 4)
    }

    @Test func `lets no random string wait for another download`() async throws {
        let transport = transport([.audio(Self.wave)])
        let session = try Sample.session(transport) { $0.requestLimit = 1 }
        try await withScratchFolder { folder in
            async let first = session.download(Sample.listing(), to: folder.appending(path: "a.wav").path)
            async let second = session.download(Sample.listing(), to: folder.appending(path: "b.wav").path)
            _ = try await (first, second)
        }
        #expect(
            transport.calls.map(\.operation).filter { $0 != .login } == [
                .voicemailRandom, .voicemailDownload, .voicemailRandom, .voicemailDownload,
            ])
    }

    @Test(arguments: ["/files/1.wav?a=b", "http://127.0.0.1:8088/files/1.wav?a=b"])
    func `follows a redirect within the PBX`(location: String) async throws {
        let transport = transport([Reply(status: 302, location: location), .audio(Self.wave)])
        #expect(try await download(transport).bytes == Self.wave)
        #expect(transport.calls.last?.link == "/files/1.wav?a=b")
    }

    @Test(arguments: [
        "https://127.0.0.1:8088/files/1.wav", "http://127.0.0.1:80880/x", "http://127.0.0.1:8088@a/x",
        "//a/x", "x",
    ])
    func `takes its token to no other server`(location: String) async throws {
        let transport = transport([Reply(status: 302, location: location), .audio(Self.wave)])
        let (result, _) = try await download(transport)
        #expect(throws: PBXError.self) { try result.get() }
        #expect(transport.count(.voicemailDownload) == 1)
    }

    @Test func `follows no redirect for ever`() async throws {
        let transport = transport([Reply(status: 302, location: "/again")])
        let (result, _) = try await download(transport)
        #expect(throws: PBXError.redirected(.voicemailDownload, to: nil)) { try result.get() }
        #expect(transport.count(.voicemailDownload) == 4)
    }
}
