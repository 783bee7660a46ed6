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

        /// One that is valid from a day to another one, `yyyyMMdd`.
        init(in folder: URL, name: String, alternativeName: String, from start: String, to end: String) throws
        {
            try self.init(in: folder, name: name, alternativeName: alternativeName)
            let request = folder.appending(path: "\(name).csr").path
            let settings = folder.appending(path: "\(name).cnf").path
            let index = folder.appending(path: "\(name).index").path
            try Data().write(to: URL(filePath: index))
            try Data(
                """
                [ca]
                default_ca = self
                [self]
                database = \(index)
                new_certs_dir = \(folder.path)
                rand_serial = yes
                default_md = sha256
                policy = any
                x509_extensions = names
                [any]
                commonName = supplied
                [names]
                subjectAltName = \(alternativeName)
                """.utf8
            ).write(to: URL(filePath: settings))
            _ = try Self.openssl(["req", "-new", "-key", key, "-subj", "/CN=\(name)", "-out", request])
            _ = try Self.openssl([
                "ca", "-batch", "-notext", "-selfsign", "-config", settings, "-keyfile", key, "-in", request,
                "-startdate", start + "000000Z", "-enddate", end + "000000Z", "-out", file,
            ])
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
                #expect(text.contains("--pin-sha256"))
                #expect(text.contains("--ca-file") == (trust != pin))
                #expect(
                    text.contains("no authority of the file") == (trust == .certificates(file: other.file)))
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
            #expect("\(try #require(error))".contains("another name"))
            #expect(requests == 0)
            let (pinned, _) = try await logIn(
                at: box, trust: .pinned([try CertificateFingerprint(box.fingerprint)]), host: "localhost")
            #expect(pinned == nil)
        }
    }

    @Test(arguments: [
        ("20200101", "20210501", "expired on 2021-05-01"),
        ("20990101", "20991231", "is not valid before 2099-01-01"),
    ])
    func `says that a certificate has expired, or is not valid yet`(
        start: String, end: String, expected: String
    ) async throws {
        try await withScratchFolder { folder in
            let box = try Certificate(
                in: folder, name: "box", alternativeName: "IP:127.0.0.1", from: start, to: end)
            for trust in [PBXTrust.system, .certificates(file: box.file)] {
                let (error, requests) = try await logIn(at: box, trust: trust)
                let text = error.map { "\($0)" } ?? "no error"
                #expect(text.contains(expected), "\(text)")
                #expect(text.contains("--pin-sha256"))
                #expect(requests == 0)
            }
        }
    }

    @Test func `says that a port does not speak TLS`() async throws {
        let port = SocketResponder([.init("HTTP/1.1 400 Bad Request\r\n\r\n")])
        #expect("\(try await handshake(with: port))".contains("speaks no TLS on this port"))
        let closing = SocketResponder([.init("")])
        #expect("\(try await handshake(with: closing))".contains("may speak no TLS on this port"))
        let silent = SocketResponder([.init("", closes: false)])
        #expect("\(try await handshake(with: silent))".contains("in time"))
    }

    @Test func `names the option for a box that has only old versions of TLS`() async throws {
        try await withScratchFolder { folder in
            let box = try Certificate(in: folder, name: "box", alternativeName: "IP:127.0.0.1")
            var settings = TLSConfiguration.makeServerConfiguration(
                certificateChain: try NIOSSLCertificate.fromPEMFile(box.file).map { .certificate($0) },
                privateKey: .privateKey(try NIOSSLPrivateKey(file: box.key, format: .pem)))
            settings.minimumTLSVersion = .tlsv1
            settings.maximumTLSVersion = .tlsv11
            let responder = SocketResponder([Self.login], tls: try NIOSSLContext(configuration: settings))
            let error = try await handshake(with: responder)
            #expect("\(error)".contains("--tls-minimum 1.0"), "\(error)")
        }
    }

    @Test func `says that a port which got plain HTTP may want TLS`() async throws {
        try await withScratchFolder { folder in
            let box = try Certificate(in: folder, name: "box", alternativeName: "IP:127.0.0.1")
            let responder = SocketResponder([Self.login], tls: try box.context())
            let error = try await handshake(with: responder, scheme: "http")
            #expect(
                "\(error)".contains("the port may want https://")
                    || "\(error)".contains("closed the connection"))
        }
    }

    /// How a login fails.
    private func handshake(with responder: SocketResponder, scheme: String = "https") async throws -> PBXError
    {
        try await responder.run { port in
            var configuration = try Sample.configuration()
            configuration.address = try PBXAddress("\(scheme)://127.0.0.1:\(port)")
            configuration.retry.retries = 0
            configuration.timeouts.connect = .milliseconds(500)
            configuration.trust = .anything
            let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
            return try await PBXSession.withSession(configuration, logger: logger) { session in
                try await #require(throws: PBXError.self) { try await session.logIn() }
            }
        }
    }

    @Test(arguments: [false, true], [false, true])
    func `takes answers that end without the farewell of TLS where they are whole`(
        isCut: Bool, resets: Bool
    ) async throws {
        // 40,000 bytes, more than one record of TLS holds, and fewer than a reset drops before they are sent.
        let wave =
            Array("RIFF".utf8) + [0x38, 0x9C, 0x00, 0x00] + Array("WAVEfmt ".utf8)
            + [UInt8](repeating: 7, count: 39_984)
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
                script.resets = resets
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
                    #expect(error == .cutShort(.voicemailDownload, expected: nil, received: 39_999))
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
