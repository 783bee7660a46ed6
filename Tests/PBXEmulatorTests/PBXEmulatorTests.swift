import Crypto
import Foundation
import Logging
import ServiceLifecycle
import Synchronization
import TestSupport
import Testing

@testable import PBXEmulator

/// The emulator over real sockets, with curl as the client.
@Suite(.serialized) struct PBXEmulatorTests {
    private static func configuration() -> EmulatorConfiguration {
        var configuration = EmulatorConfiguration()
        configuration.password = Box.password
        configuration.mailboxes = .sample
        return configuration
    }

    /// Starts an emulator, hands it to a test, and stops it.
    private func withEmulator(
        _ configuration: EmulatorConfiguration = configuration(), _ test: (PBXEmulator) async throws -> Void
    ) async throws {
        let emulator = try await PBXEmulator.start(configuration)
        do {
            try await test(emulator)
        } catch {
            try await emulator.stop()
            throw error
        }
        try await emulator.stop()
    }

    private func curl(_ arguments: String...) async throws -> ToolResult {
        try await Tool("curl").run(["--silent", "--max-time", "20"] + arguments)
    }

    private func post(_ url: String, _ body: String, _ arguments: String...) async throws -> Reply.Answer {
        let result = try await Tool("curl").run(
            ["--silent", "--max-time", "20", "--insecure", "--json", body, url] + arguments)
        return try JSONDecoder().decode(Reply.Answer.self, from: Data(result.output))
    }

    private func login(_ emulator: PBXEmulator, _ arguments: String...) async throws -> String {
        let body = #"{"username":"api","password":"\#(Box.passwordMD5)","port":"8260","version":"1.0.2"}"#
        let result = try await Tool("curl").run(
            ["--silent", "--insecure", "--json", body, emulator.url + "/api/v1.1.0/login"] + arguments)
        return try #require(try JSONDecoder().decode(Reply.Answer.self, from: Data(result.output)).token)
    }

    /// The link for a new random string of extension 1000's first unread message.
    private func link(_ emulator: PBXEmulator, token: String, allowed: String = "") async throws -> String {
        let body =
            #"{"extid":"1000","voicemailfile":"msg0000.wav","voicemailstatus":"unread","allowedip":"\#(allowed)"}"#
        let answer = try await post(emulator.url + "/api/v1.1.0/voicemail/get_random?token=\(token)", body)
        let random = try #require(answer.random)
        return emulator.url
            + "/api/v1.1.0/voicemail/download?extid=1000&voicemailstatus=unread&token=\(token)"
            + "&voicemailfile=msg0000.wav&random=\(random)"
    }

    @Test func `takes a client from login to logout`() async throws {
        try await withEmulator { emulator in
            let token = try await login(emulator)
            let listed = try await post(
                emulator.url + "/api/v1.1.0/voicemail/query?token=\(token)", #"{"extid":"1000"}"#)
            #expect(listed.voicemails?.first?.voicemail.count == 4)
            let link = try await link(emulator, token: token)
            #expect(try await curl(link).text == "first")
            #expect(try await curl(link).text == #"{"status":"Failed","errno":"20017"}"#)
            let bye = try await curl("--request", "POST", emulator.url + "/api/v1.1.0/logout?token=\(token)")
            #expect(bye.text == #"{"status":"Success"}"#)
        }
    }

    @Test func `spells the headers as a box does and closes the connection`() async throws {
        try await withEmulator { emulator in
            let result = try await curl(
                "--include", "--verbose", "--json", "{}", emulator.url + "/api/v1.1.0/login")
            let head = result.text.components(separatedBy: "\r\n")
            #expect(head.first == "HTTP/1.1 200 OK")
            for line in [
                "Server: Boa/0.94.14rc21", "Connection: close", "Accept-Ranges: bytes",
                "Content-Type: application/json",
                "Access-control-allow-origin: *",
                "Access-control-allow-methods: GET, POST, OPTIONS, PUT, DELETE",
            ] { #expect(head.contains(line), "\(line)") }
            #expect(result.diagnostics.contains("Closing connection"))
        }
    }

    @Test(arguments: AnswerFraming.allCases)
    func `conveys the length of audio as configured`(framing: AnswerFraming) async throws {
        var configuration = Self.configuration()
        configuration.audioFraming = framing
        configuration.audioContentType = "application/octet-stream"
        try await withEmulator(configuration) { emulator in
            let link = try await link(emulator, token: try await login(emulator))
            let result = try await curl("--include", link)
            #expect(result.status == 0)
            #expect(result.text.hasSuffix("\r\n\r\nfirst"))
            #expect(result.text.contains("Content-Length: 5") == (framing == .contentLength))
            #expect(result.text.contains("Transfer-Encoding: chunked") == (framing == .chunked))
            #expect(result.text.contains("Content-Type: application/octet-stream"))
        }
    }

    @Test func `lets only the address that logged in and the allowed one download`() async throws {
        try await withEmulator { emulator in
            let token = try await login(emulator)
            let own = try await link(emulator, token: token)
            #expect(try await curl("--interface", "127.0.0.2", own).text.contains("20015"))
            #expect(try await curl(own).text == "first")
            let other = try await link(emulator, token: token, allowed: "127.0.0.2")
            #expect(try await curl("--interface", "127.0.0.3", other).text.contains("20015"))
            #expect(try await curl("--interface", "127.0.0.2", other).text == "first")
        }
    }

    @Test func `cuts a body short of its length, so that curl sees a partial file`() async throws {
        var configuration = Self.configuration()
        configuration.faults = [EmulatorFault(.truncate, value: 2)]
        try await withEmulator(configuration) { emulator in
            let token = try await login(emulator)
            let cut = try await curl("--dump-header", "-", try await link(emulator, token: token))
            #expect(cut.status == 18, "CURLE_PARTIAL_FILE")
            #expect(cut.text.contains("Content-Length: 5"))
            #expect(cut.text.hasSuffix("fi"))
            #expect(try await curl(try await link(emulator, token: token)).text == "first")
        }
    }

    @Test func `promises too little, drops, stalls and overflows`() async throws {
        var configuration = Self.configuration()
        configuration.faults = [
            EmulatorFault(.wrongLength, value: 1), EmulatorFault(.drop), EmulatorFault(.slow, value: 80),
            EmulatorFault(.oversize, value: 300_000), EmulatorFault(.gatewayTimeout),
        ]
        try await withEmulator(configuration) { emulator in
            let token = try await login(emulator)
            #expect(try await curl(try await link(emulator, token: token)).text == "firs")
            #expect(try await curl(try await link(emulator, token: token)).status == 52, "CURLE_GOT_NOTHING")
            #expect(try await curl(try await link(emulator, token: token)).text == "first")
            #expect(try await curl(try await link(emulator, token: token)).output.count == 300_000)
            let timeout = try await curl("--include", try await link(emulator, token: token))
            #expect(timeout.text.hasPrefix("HTTP/1.1 504"))
            #expect(timeout.text.contains("<HTML>"))
            #expect(await emulator.requestLog.last?.fault?.action == .gatewayTimeout)
        }
    }

    @Test func `lets a test change the mailboxes between any two requests`() async throws {
        var configuration = Self.configuration()
        configuration.onRequest = { request, model in
            guard request.endpoint == .download, let id = model.id("first") else { return }
            model.delete(id)
        }
        try await withEmulator(configuration) { emulator in
            let token = try await login(emulator)
            #expect(try await curl(try await link(emulator, token: token)).text == "second")
            await emulator.onRequest(nil)
            let removed = await emulator.mutate { model in model.id("second").map { model.delete($0) } }
            #expect(removed == true)
            await emulator.inject(EmulatorFault(.empty))
            #expect(try await curl(try await link(emulator, token: token)).output.isEmpty)
            #expect(try await curl(try await link(emulator, token: token)).text == "third")
            #expect(await emulator.mailboxes.names(in: "1000", .inbox) == ["third"])
        }
    }

    @Test func `keeps secrets out of its log`() async throws {
        let lines = RecordedLines()
        var configuration = Self.configuration()
        configuration.logger = Logger(label: "test") { _ in lines }
        try await withEmulator(configuration) { emulator in
            let token = try await login(emulator)
            let link = try await link(emulator, token: token)
            _ = try await curl(link)
            let random = try #require(link.components(separatedBy: "random=").last)
            let entries = await emulator.requestLog
            #expect(entries.map(\.request.endpoint) == [.login, .random, .download])
            #expect(entries.last?.request.parameters["voicemailfile"] == "msg0000.wav")
            let all = lines.text + "\(entries)"
            for secret in [token, random, Box.passwordMD5, "8260\",\"version"] {
                #expect(!all.contains(secret))
            }
            #expect(lines.text.contains("127.0.0.1 GET /api/v1.1.0/voicemail/download 200 5 bytes"))
        }
    }

    @Test func `serves HTTPS with a certificate of its own that can be trusted and pinned`() async throws {
        var configuration = Self.configuration()
        configuration.certificate = .selfSigned
        configuration.redirectPort = 0
        let folder = try ScratchFolder()
        try await withEmulator(configuration) { emulator in
            #expect(emulator.url.hasPrefix("https://127.0.0.1:"))
            let path = emulator.url + "/api/v1.1.0/nothing"
            #expect(try await curl(path).status == 60, "CURLE_PEER_FAILED_VERIFICATION")
            #expect(try await curl("--insecure", path).text.contains("10003"))
            let pem = try #require(emulator.certificatePEM)
            let file = try folder.write(Array(pem.utf8), to: "ca.pem")
            #expect(try await curl("--cacert", file, path).text.contains("10003"))
            let named = path.replacing("127.0.0.1", with: "localhost")
            #expect(try await curl("--cacert", file, "--ipv4", named).text.contains("10003"))
            let openssl = try await Tool("openssl").run([
                "x509", "-in", file, "-noout", "-fingerprint", "-sha256",
            ])
            let fingerprint = try #require(openssl.text.split(separator: "=").last)
            #expect(
                fingerprint.replacing(":", with: "").lowercased().trimmingCharacters(
                    in: .whitespacesAndNewlines)
                    == emulator.certificateFingerprint)

            let plain = try #require(emulator.redirectPort)
            let redirect = try await curl("--include", "http://127.0.0.1:\(plain)/api/v1.1.0/login?a=b")
            #expect(redirect.text.hasPrefix("HTTP/1.1 302"))
            #expect(redirect.text.contains("\r\nLocation: \(emulator.url)/api/v1.1.0/login?a=b\r\n"))
            let token = try await login(emulator)
            #expect(try await curl("--insecure", try await link(emulator, token: token)).text == "first")
            await emulator.inject(EmulatorFault(.truncate, value: 1))
            #expect(
                try await curl("--insecure", try await link(emulator, token: token)).output == Array("f".utf8)
            )
        }
    }

    @Test func `serves HTTPS with a certificate from files`() async throws {
        let folder = try ScratchFolder()
        let made = try SelfSignedCertificate(host: "127.0.0.1")
        var configuration = Self.configuration()
        configuration.certificate = .files(
            certificateChain: try folder.write(Array(made.certificatePEM.utf8), to: "chain.pem"),
            privateKey: try folder.write(Array(made.privateKeyPEM.utf8), to: "key.pem"))
        try await withEmulator(configuration) { emulator in
            let answer = try await curl(
                "--cacert", folder.path("chain.pem"), emulator.url + "/api/v1.1.0/nothing")
            #expect(answer.text.contains("10003"))
            #expect(emulator.certificatePEM == nil)
        }
        let other = try SelfSignedCertificate(host: "127.0.0.1")
        try folder.write(Array(other.privateKeyPEM.utf8), to: "other.pem")
        configuration.certificate = .files(
            certificateChain: folder.path("chain.pem"), privateKey: folder.path("other.pem"))
        await #expect {
            try await PBXEmulator.start(configuration)
        } throws: { error in
            if case EmulatorStartError.certificate = error { true } else { false }
        }
        configuration.certificate = .files(
            certificateChain: folder.path("none.pem"), privateKey: folder.path("key.pem"))
        await #expect(throws: EmulatorStartError.self) { try await PBXEmulator.start(configuration) }
    }

    @Test func `says so when the port is taken, and frees it when stopped`() async throws {
        let emulator = try await PBXEmulator.start(Self.configuration())
        var second = Self.configuration()
        second.port = emulator.port
        await #expect { try await PBXEmulator.start(second) } throws: { error in
            guard case EmulatorStartError.listening(_, let port, _) = error else { return false }
            return port == emulator.port
        }
        try await emulator.stop()
        #expect(try await curl(emulator.url).status == 7, "CURLE_COULDNT_CONNECT")
        let again = try await PBXEmulator.start(second)
        try await again.stop()
    }

    @Test func `runs until it is canceled`() async throws {
        let emulator = try await PBXEmulator.start(Self.configuration())
        let running = Task { try await emulator.run() }
        #expect(try await curl(emulator.url).text.contains("404"))
        running.cancel()
        _ = await running.result
        #expect(try await curl(emulator.url).status == 7)
    }

    @Test func `ends without an error when its service group shuts down`() async throws {
        let emulator = try await PBXEmulator.start(Self.configuration())
        let group = ServiceGroup(
            services: [emulator], logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        async let running: Void = group.run()
        #expect(try await curl(emulator.url).text.contains("404"))
        await group.triggerGracefulShutdown()
        try await running
        #expect(try await curl(emulator.url).status == 7)
    }

    @Test func `stops while a body is being sent slowly`() async throws {
        var configuration = Self.configuration()
        configuration.faults = [EmulatorFault(.slow, value: 3_600_000)]
        let emulator = try await PBXEmulator.start(configuration)
        let link = try await link(emulator, token: try await login(emulator))
        async let result = curl(link)
        while await emulator.requestLog.last?.fault == nil { await Task.yield() }
        try await emulator.stop()
        #expect(try await result.status != 0)
    }

    @Test func `refuses a body that no request has`() async throws {
        try await withEmulator { emulator in
            let folder = try ScratchFolder()
            let file = try folder.write(Array(repeating: 0x20, count: 200_000), to: "body")
            let result = try await curl("--include", "--json", "@\(file)", emulator.url + "/api/v1.1.0/login")
            #expect(result.text.hasPrefix("HTTP/1.1 413"))
        }
    }
}

/// A log handler that keeps what it is given.
private final class RecordedLines: LogHandler {
    private let lines = Mutex("")

    var text: String { lines.withLock { $0 } }
    var logLevel: Logger.Level {
        get { .trace }
        set {}
    }
    var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }
    subscript(metadataKey _: String) -> Logger.Metadata.Value? {
        get { nil }
        set {}
    }

    func log(event: LogEvent) {
        lines.withLock { $0 += "\(event.message)\n" }
    }
}
