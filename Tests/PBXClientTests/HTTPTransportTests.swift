import Foundation
import Logging
import NIOSSL
import Testing

@testable import PBXClient

/// The session over real sockets.
@Suite struct HTTPTransportTests {
    private static let login = SocketResponder.Script.answer(#"{"status":"Success","token":"t0ken-5ecret"}"#)
    private static let random = SocketResponder.Script.answer(
        #"{"status":"Success","random":"r4ndom-5ecret"}"#)
    private static let wave = Array("RIFF".utf8) + [UInt8](repeating: 9, count: 200_000)

    private func withSession<Result>(
        port: Int, scheme: String = "http", host: String = "127.0.0.1",
        adjust: (inout PBXConfiguration) -> Void = { _ in }, operation: (PBXSession) async throws -> Result
    ) async throws -> Result {
        var configuration = try Sample.configuration()
        configuration.address = try PBXAddress("\(scheme)://\(host):\(port)")
        configuration.retry.retries = 0
        adjust(&configuration)
        return try await PBXSession.withSession(
            configuration, logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
            operation: operation)
    }

    private func download(
        _ scripts: [SocketResponder.Script], adjust: (inout PBXConfiguration) -> Void = { _ in }
    ) async throws -> (result: Result<[UInt8], PBXError>, requests: [String]) {
        let responder = SocketResponder([Self.login, Self.random] + scripts)
        let result: Result<[UInt8], PBXError> = try await responder.run { port in
            try await withSession(port: port, adjust: adjust) { session in
                try await withScratchFolder { folder in
                    let file = folder.appending(path: "a.wav")
                    do {
                        _ = try await session.download(Sample.listing(), to: file.path)
                        return .success(try Array(Data(contentsOf: file)))
                    } catch let error as PBXError {
                        let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
                        #expect(left == [])
                        return .failure(error)
                    }
                }
            }
        }
        return (result, responder.requests)
    }

    @Test func `sends requests as the vendor's page prints them`() async throws {
        let length = Self.wave.count
        let (result, requests) = try await download([
            SocketResponder.Script(
                head: "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: \(length)", body: Self.wave),
            .answer(#"{"status":"Success"}"#),
        ])
        #expect(try result.get() == Self.wave)
        #expect(
            requests.map { $0.prefix { $0 != "\r\n" } } == [
                "POST /api/v1.1.0/login HTTP/1.1",
                "POST /api/v1.1.0/voicemail/get_random?token=t0ken-5ecret HTTP/1.1",
                "GET /api/v1.1.0/voicemail/download?extid=1000&voicemailstatus=unread&token=t0ken-5ecret"
                    + "&voicemailfile=msg0000.wav&random=r4ndom-5ecret HTTP/1.1",
                "POST /api/v1.1.0/logout?token=t0ken-5ecret HTTP/1.1",
            ])
        #expect(requests.allSatisfy { $0.contains("User-Agent: Voxkeep\r\n") })
        #expect(requests[1].contains("Content-Type: application/json; charset=utf-8\r\n"))
        #expect(
            requests[1].hasSuffix(
                #"{"extid":"1000","voicemailfile":"msg0000.wav","voicemailstatus":"unread"}"#))
    }

    @Test func `reads a body without a length up to the end of the connection`() async throws {
        let (result, _) = try await download([
            SocketResponder.Script(head: "HTTP/1.0 200 OK\r\nContent-Type: audio/x-wav", body: Self.wave)
        ])
        #expect(try result.get() == Self.wave)
    }

    @Test func `notices a body that is cut short, and keeps nothing of it`() async throws {
        let (result, _) = try await download([
            SocketResponder.Script(head: "HTTP/1.1 200 OK\r\nContent-Length: 300000", body: Self.wave)
        ])
        let error = try #require(throws: PBXError.self) { try result.get() }
        #expect(
            error == .cutShort(.voicemailDownload, expected: 300_000, received: Int64(Self.wave.count)))
    }

    @Test func `notices a chunked body that is cut short`() async throws {
        let (result, _) = try await download([
            SocketResponder.Script("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\nRIFFRIFF\r\n")
        ])
        #expect(throws: PBXError.cutShort(.voicemailDownload, expected: nil, received: 8)) {
            try result.get()
        }
    }

    @Test func `downloads again with a new random string after a body that was cut short`() async throws {
        let (result, requests) = try await download([
            SocketResponder.Script(head: "HTTP/1.1 200 OK\r\nContent-Length: 300000", body: Self.wave),
            .answer(#"{"status":"Success","random":"another"}"#),
            SocketResponder.Script(head: "HTTP/1.1 200 OK", body: Self.wave),
        ]) {
            $0.retry = RetryPolicy(retries: 1, firstPause: .milliseconds(1))
        }
        #expect(try result.get() == Self.wave)
        #expect(requests[4].contains("random=another "))
    }

    @Test func `comes to an end with a box that closes a connection when it is used again`() async throws {
        func keeping(_ body: [UInt8]) -> SocketResponder.Script {
            var script = SocketResponder.Script(
                head: "HTTP/1.1 200 OK\r\nContent-Length: \(body.count)", body: body)
            script.closes = false
            return script
        }
        let random = keeping(Array(#"{"status":"Success","random":"r4ndom-5ecret"}"#.utf8))
        let login = keeping(Array(#"{"status":"Success","token":"t0ken-5ecret"}"#.utf8))
        let responder = SocketResponder([login, random, keeping(Self.wave), random], answersOnce: true)
        try await responder.run { port in
            try await withSession(port: port) {
                $0.retry = RetryPolicy(retries: 1, firstPause: .milliseconds(1))
            } operation: { session in
                try await withScratchFolder { folder in
                    let file = folder.appending(path: "a.wav")
                    _ = try await session.download(Sample.listing(), to: file.path)
                    #expect(try Array(Data(contentsOf: file)) == Self.wave)
                }
            }
        }
    }

    @Test func `stops a body beyond the limit`() async throws {
        let (result, _) = try await download([
            SocketResponder.Script(head: "HTTP/1.1 200 OK", body: Self.wave)
        ]) { $0.downloadLimit = 100_000 }
        #expect(throws: PBXError.tooLarge(.voicemailDownload, limit: 100_000)) { try result.get() }
    }

    @Test func `gives up on a body that stalls`() async throws {
        let (result, _) = try await download([
            SocketResponder.Script("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nRIFF", closes: false)
        ]) { $0.timeouts.idle = .milliseconds(200) }
        let error = try #require(throws: PBXError.self) { try result.get() }
        guard case .unreachable = error else {
            Issue.record("\(error)")
            return
        }
    }

    @Test(arguments: [
        (
            SocketResponder.Script(
                "HTTP/1.1 504 Gateway Time-out\r\nContent-Length: 13\r\n\r\n<html></html>"),
            PBXError.httpStatus(.login, 504)
        ),
        (.init("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"), .emptyBody(.login)),
        (
            .init("garbage\r\n\r\n"),
            .badAnswer(.login, reason: "it is not HTTP; the port may want https://")
        ),
        (
            .init("HTTP/1.1 200 OK\nContent-Length: 2\n\n{}"),
            .badAnswer(
                .login, reason: "the lines of its HTTP header do not end in carriage return and line feed")
        ),
        (
            .init("HTTP/1.1 200 OK\r\nContent-Length: 2\nServer: Boa\r\n\r\n{}"),
            .badAnswer(
                .login, reason: "the lines of its HTTP header do not end in carriage return and line feed")
        ),
        (
            .init("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\n{}"),
            .badAnswer(.login, reason: "its HTTP header has more than one length")
        ),
        (
            .init("HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\n{}"),
            .badAnswer(.login, reason: "the length in its HTTP header is no number")
        ),
        (
            .init(
                "HTTP/1.1 302 Found\r\nLocation: https://192.168.5.150:8088/login?token=a\r\nContent-Length: 0\r\n\r\n"
            ),
            .redirected(.login, to: "https://192.168.5.150:8088")
        ),
    ])
    func `names what went wrong`(script: SocketResponder.Script, expected: PBXError) async throws {
        let responder = SocketResponder([script])
        try await responder.run { port in
            try await withSession(port: port) { session in
                let error = await #expect(throws: PBXError.self) { try await session.logIn() }
                #expect(error == expected)
            }
        }
        #expect(responder.requests.count == 1)
    }

    /// A WAV file of 1,880 bytes by its own header.
    private static let headed =
        Array("RIFF\u{50}\u{7}\0\0WAVEfmt ".utf8) + [UInt8](repeating: 7, count: 1_864)

    @Test func `takes a chunked body without its end where the file is whole by its own header`()
        async throws
    {
        let size = String(Self.headed.count, radix: 16)
        let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\(size)\r\n"
        let whole = SocketResponder.Script(bytes: Array(head.utf8) + Self.headed)
        #expect(try await download([whole]).result.get() == Self.headed)
        // Less of it than the header says, and a header that says nothing.
        let bodies: [[UInt8]] = [Self.headed.dropLast(), Array("RIFF\0\0\0\0WAVE".utf8) + [1]]
        for body in bodies {
            let size = String(body.count, radix: 16)
            let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\(size)\r\n"
            let cut = SocketResponder.Script(bytes: Array(head.utf8) + body)
            let error = try await #require(throws: PBXError.self) { try await download([cut]).result.get() }
            guard case .cutShort(.voicemailDownload, nil, _) = error else {
                Issue.record("\(error)")
                return
            }
        }
    }

    @Test func `takes JSON that is whole, and none that is not, where the end is missing`() async throws {
        func script(_ body: String) -> SocketResponder.Script {
            .init(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + String(body.utf8.count, radix: 16) + "\r\n" + body)
        }
        let answer = #"{"status":"Success","token":"t0ken-5ecret"}"#
        try await SocketResponder([script(answer)]).run { port in
            try await withSession(port: port) { try await $0.logIn() }
        }
        try await SocketResponder([script(String(answer.dropLast()))]).run { port in
            try await withSession(port: port) { session in
                let error = try await #require(throws: PBXError.self) { try await session.logIn() }
                #expect(error == .cutShort(.login, expected: nil, received: Int64(answer.utf8.count - 1)))
            }
        }
    }

    @Test func `says that a connection is closed without an answer, or refused`() async throws {
        let port = try await SocketResponder([.init("")]).run { port in
            try await withSession(port: port) { session in
                let error = try await #require(throws: PBXError.self) { try await session.logIn() }
                #expect("\(error)".contains("closed the connection"))
            }
            return port
        }
        try await withSession(port: port) { session in
            let error = try await #require(throws: PBXError.self) { try await session.logIn() }
            #expect("\(error)".contains("refused"))
            #expect("\(error)".contains("127.0.0.1:\(port)"))
        }
    }

    @Test func `stops waiting when its task is cancelled`() async throws {
        try await SocketResponder([.init("", closes: false)]).run { port in
            try await withSession(port: port) { session in
                let waiting = Task { try await session.logIn() }
                try await Task.sleep(for: .milliseconds(50))
                waiting.cancel()
                await #expect(throws: CancellationError.self) { try await waiting.value }
            }
        }
    }
}
