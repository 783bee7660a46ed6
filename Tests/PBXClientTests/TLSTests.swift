import Foundation
import Logging
import NIOSSL
import Testing

@testable import PBXClient

/// Trust in the self-signed certificates that these boxes ship.
@Suite struct TLSTests {
    /// A certificate made by `openssl`, with its fingerprint as `openssl` prints it.
    private struct Certificate {
        let file: String
        let key: String
        let fingerprint: String

        init(in folder: URL, name: String, alternativeName: String) throws {
            file = folder.appending(path: "\(name).pem").path
            key = folder.appending(path: "\(name).key").path
            _ = try Self.openssl([
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                "-days", "2",
                "-subj", "/CN=\(name)", "-addext", "subjectAltName=\(alternativeName)", "-keyout", key,
                "-out", file,
            ])
            let printed = try Self.openssl(["x509", "-in", file, "-noout", "-fingerprint", "-sha256"])
            fingerprint = String(printed.split(separator: "=").last ?? "").trimmingCharacters(in: .newlines)
        }

        func context() throws -> NIOSSLContext {
            let chain = try NIOSSLCertificate.fromPEMFile(file).map {
                NIOSSLCertificateSource.certificate($0)
            }
            return try NIOSSLContext(
                configuration: .makeServerConfiguration(
                    certificateChain: chain,
                    privateKey: .privateKey(NIOSSLPrivateKey(file: key, format: .pem))))
        }

        private static func openssl(_ arguments: [String]) throws -> String {
            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/env")
            process.arguments = ["openssl"] + arguments
            let output = Pipe()
            process.standardOutput = output
            process.standardError = FileHandle.nullDevice
            try process.run()
            let text =
                try output.fileHandleForReading.readToEnd().map { String(decoding: $0, as: UTF8.self) } ?? ""
            process.waitUntilExit()
            #expect(process.terminationStatus == 0)
            return text
        }
    }

    private static let login = SocketResponder.Script.answer(#"{"status":"Success","token":"t"}"#)

    /// Logs in at a box with that certificate; gives the error, and how many requests have reached the box.
    private func logIn(
        at certificate: Certificate, trust: PBXTrust, host: String = "127.0.0.1"
    ) async throws -> (error: PBXError?, requests: Int) {
        let responder = SocketResponder([Self.login], tls: try certificate.context())
        return try await responder.run { port in
            var configuration = try Sample.configuration()
            configuration.address = try PBXAddress("https://\(host):\(port)")
            configuration.trust = trust
            configuration.retry.retries = 0
            let session = try PBXSession(
                configuration: configuration,
                logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
            do {
                try await session.logIn()
            } catch let error as PBXError {
                let requests = responder.requests.count
                await session.close()
                return (error, requests)
            }
            let requests = responder.requests.count
            await session.close()
            return (nil, requests)
        }
    }

    @Test func `trusts a self-signed certificate by its fingerprint, its file, or not at all`() async throws {
        try await withScratchFolder { folder in
            let box = try Certificate(in: folder, name: "box", alternativeName: "IP:127.0.0.1")
            let pin = try CertificateFingerprint(box.fingerprint)
            #expect(pin.description == box.fingerprint)
            let other = try CertificateFingerprint(String(repeating: "ab", count: 32))
            for trust in [PBXTrust.pinned([other, pin]), .certificates(file: box.file), .anything] {
                let (error, requests) = try await logIn(at: box, trust: trust)
                #expect(error == nil, "\(trust)")
                #expect(requests == 1)
            }
        }
    }

    @Test func `sends nothing to a box whose certificate is not trusted, and says how to trust it`()
        async throws
    {
        try await withScratchFolder { folder in
            let box = try Certificate(in: folder, name: "box", alternativeName: "IP:127.0.0.1")
            let other = try Certificate(in: folder, name: "other", alternativeName: "IP:127.0.0.1")
            let pin = PBXTrust.pinned([try CertificateFingerprint(other.fingerprint)])
            for trust in [.system, .certificates(file: other.file), pin] {
                let (error, requests) = try await logIn(at: box, trust: trust)
                guard case .untrusted? = error else {
                    Issue.record("\(trust): \(String(describing: error))")
                    continue
                }
                let text = String(describing: error)
                #expect(text.contains("--ca-file") && text.contains("--pin-sha256"))
                #expect(!text.contains("handshake failed"))
                if trust == pin { #expect(text.contains(box.fingerprint)) }
                #expect(requests == 0)
            }
        }
    }

    @Test func `trusts a certificate of its file only for the names in it`() async throws {
        try await withScratchFolder { folder in
            let box = try Certificate(in: folder, name: "box", alternativeName: "DNS:pbx.example")
            let (error, requests) = try await logIn(
                at: box, trust: .certificates(file: box.file), host: "localhost")
            guard case .untrusted(_, let reason)? = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(reason.contains("another name"))
            #expect(requests == 0)
            let (pinned, _) = try await logIn(
                at: box, trust: .pinned([try CertificateFingerprint(box.fingerprint)]), host: "localhost")
            #expect(pinned == nil)
        }
    }

    @Test func `says that a port does not speak TLS`() async throws {
        let responder = SocketResponder([.init("HTTP/1.1 400 Bad Request\r\n\r\n")])
        try await responder.run { port in
            var configuration = try Sample.configuration()
            configuration.address = try PBXAddress("https://127.0.0.1:\(port)")
            configuration.retry.retries = 0
            configuration.timeouts.connect = .milliseconds(500)
            let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
            try await PBXSession.withSession(configuration, logger: logger) { session in
                let error = try await #require(throws: PBXError.self) { try await session.logIn() }
                guard case .untrusted(_, let reason) = error else {
                    Issue.record("\(error)")
                    return
                }
                #expect(reason.contains("http://"))
            }
        }
    }

    @Test(arguments: [false, true])
    func `takes answers that end without the farewell of TLS where they are whole`(isCut: Bool) async throws {
        let wave = Array("RIFF\u{24}\0\0\0WAVEfmt ".utf8) + [UInt8](repeating: 7, count: 28)
        let random = #"{"status":"Success","random":"r4ndom-5ecret"}"#
        let bodies = [
            Array(#"{"status":"Success","token":"t0ken-5ecret"}"#.utf8), Array(random.utf8),
            isCut ? wave.dropLast() : wave,
        ]
        try await withScratchFolder { folder in
            let box = try Certificate(in: folder, name: "box", alternativeName: "IP:127.0.0.1")
            let scripts = bodies.map { body in
                var script = SocketResponder.Script(head: "HTTP/1.1 200 OK", body: body)
                script.endsRaggedly = true
                return script
            }
            try await SocketResponder(scripts, tls: try box.context()).run { port in
                var configuration = try Sample.configuration()
                configuration.address = try PBXAddress("https://127.0.0.1:\(port)")
                configuration.trust = .pinned([try CertificateFingerprint(box.fingerprint)])
                configuration.retry.retries = 0
                let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
                try await PBXSession.withSession(configuration, logger: logger) { session in
                    let file = folder.appending(path: "a.wav")
                    guard isCut else {
                        _ = try await session.download(Sample.listing(), to: file.path)
                        #expect(try Array(Data(contentsOf: file)) == wave)
                        return
                    }
                    let error = try await #require(throws: PBXError.self) {
                        try await session.download(Sample.listing(), to: file.path)
                    }
                    #expect(error == .cutShort(.voicemailDownload, expected: nil, received: 43))
                }
            }
        }
    }

    @Test func `refuses a file of authorities that holds none`() throws {
        for file in ["/nonexistent", "/dev/null"] {
            var configuration = try Sample.configuration()
            configuration.trust = .certificates(file: file)
            #expect(throws: PBXConfigurationError.certificateFile(file)) {
                try PBXSession(configuration: configuration, logger: Logger(label: "test"))
            }
        }
    }
}
