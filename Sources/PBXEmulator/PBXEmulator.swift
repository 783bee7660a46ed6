internal import Foundation
internal import Hummingbird
internal import HummingbirdCore
internal import HummingbirdTLS
internal import Logging
internal import NIOCore
internal import NIOSSL
public import ServiceLifecycle

/// An OpenVox UC or a Yeastar S-Series PBX to develop and test against.
///
/// It has the voicemail part of the HTTP API, mailboxes that renumber, and faults on demand. It listens from
/// `start` until `stop`, or until the task in `run` is canceled.
public final class PBXEmulator: Sendable {
    /// The URL of the PBX, such as `http://127.0.0.1:40123`, without a slash at the end.
    public let url: String
    /// The port that it listens at.
    public let port: Int
    /// The port whose plain HTTP requests are redirected; nil where there is none.
    public let redirectPort: Int?
    /// The certificate in PEM, nil for HTTP and for a certificate from files.
    public let certificatePEM: String?
    /// The SHA-256 of that certificate in DER as 64 hexadecimal digits.
    public let certificateFingerprint: String?

    private let state: PBXState
    private let server: Task<Void, any Error>

    private init(
        url: String, port: Int, redirectPort: Int?, certificate: SelfSignedCertificate?, state: PBXState,
        server: Task<Void, any Error>
    ) {
        self.url = url
        self.port = port
        self.redirectPort = redirectPort
        certificatePEM = certificate?.certificatePEM
        certificateFingerprint = certificate?.fingerprint
        self.state = state
        self.server = server
    }

    /// Starts an emulator and waits until it listens.
    ///
    /// Throws `EmulatorStartError` where the port cannot be had or the certificate cannot be used.
    public static func start(_ configuration: EmulatorConfiguration) async throws(EmulatorStartError)
        -> PBXEmulator
    {
        let state = PBXState(configuration)
        var selfSigned: SelfSignedCertificate?
        var builder = HTTPServerBuilder { ClosingHTTPChannel(responder: $0) }
        if let certificate = configuration.certificate {
            do {
                if certificate == .selfSigned {
                    selfSigned = try SelfSignedCertificate(host: configuration.host)
                }
                let tls = try tls(certificate, selfSigned: selfSigned)
                // A key that does not fit shows here rather than as a port that cannot be had.
                _ = try NIOSSLContext(configuration: tls)
                builder = try .tls(builder, tlsConfiguration: tls)
            } catch {
                throw .certificate("\(error)")
            }
        }
        let main = try await Listener.start(
            PBXResponder(state: state), builder: builder, host: configuration.host, port: configuration.port)
        let scheme = configuration.certificate == nil ? "http" : "https"
        let host = configuration.host.contains(":") ? "[\(configuration.host)]" : configuration.host
        let url = "\(scheme)://\(host):\(main.port)"
        if scheme == "https" { await state.setSecureURL(url) }
        var redirect: Listener?
        if let port = configuration.redirectPort {
            do throws(EmulatorStartError) {
                redirect = try await Listener.start(
                    RedirectResponder(state: state),
                    builder: HTTPServerBuilder { ClosingHTTPChannel(responder: $0) },
                    host: configuration.host, port: port)
            } catch {
                main.task.cancel()
                throw error
            }
        }
        let listeners = [main, redirect].compactMap { $0?.task }
        let server = Task {
            try await withTaskCancellationHandler {
                for listener in listeners { try await listener.value }
            } onCancel: {
                for listener in listeners { listener.cancel() }
            }
        }
        return PBXEmulator(
            url: url, port: main.port, redirectPort: redirect?.port, certificate: selfSigned, state: state,
            server: server)
    }

    /// Stops listening and closes all connections.
    public func stop() async throws {
        server.cancel()
        try await ended()
    }

    /// Waits for the end of listening, of which a cancellation is the regular cause.
    private func ended() async throws {
        do {
            try await server.value
        } catch is CancellationError {
            return
        }
    }

    /// Changes the mailboxes between two requests.
    ///
    /// - Returns: What the change returns.
    @discardableResult
    public func mutate<Result: Sendable>(
        _ change: @Sendable (inout MailboxModel) throws -> Result
    ) async rethrows -> Result {
        try await state.mutate(change)
    }

    /// The mailboxes as they are now.
    public var mailboxes: MailboxModel {
        get async { await state.mailboxes }
    }

    /// The latest requests, at least 5,000 of them, and what became of each.
    public var requestLog: [EmulatorLogEntry] {
        get async { await state.requestLog }
    }

    /// Switches faults on, behind those that are on.
    public func inject(_ faults: EmulatorFault...) async {
        await state.add(faults)
    }

    /// Switches all faults off.
    public func removeFaults() async {
        await state.removeFaults()
    }

    /// Replaces the function called before each request of the API is handled.
    public func onRequest(_ hook: (@Sendable (EmulatorRequest, inout MailboxModel) -> Void)?) async {
        await state.setOnRequest(hook)
    }

    private static func tls(
        _ certificate: EmulatorCertificate, selfSigned: SelfSignedCertificate?
    ) throws -> TLSConfiguration {
        let chain: [NIOSSLCertificate]
        let key: NIOSSLPrivateKey
        switch certificate {
        case .files(let chainPath, let keyPath):
            chain = try NIOSSLCertificate.fromPEMFile(chainPath)
            key = try NIOSSLPrivateKey(file: keyPath, format: .pem)
        case .selfSigned:
            chain = try NIOSSLCertificate.fromPEMBytes(Array((selfSigned?.certificatePEM ?? "").utf8))
            key = try NIOSSLPrivateKey(bytes: Array((selfSigned?.privateKeyPEM ?? "").utf8), format: .pem)
        }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        // Every answer ends its connection. Most clients just close their side without TLS's farewell, which
        // would be waited for during the default 5 seconds.
        configuration.shutdownTimeout = .milliseconds(250)
        return configuration
    }
}

extension PBXEmulator: Service {
    /// Serves until the task is canceled or shut down gracefully, then stops listening.
    public func run() async throws {
        try await cancelWhenGracefulShutdown {
            try await withTaskCancellationHandler {
                try await self.ended()
            } onCancel: {
                self.server.cancel()
            }
        }
    }
}
