internal import AsyncHTTPClient
internal import Foundation
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL

/// Turns what the network layers throw into an error that a person can act upon.
///
/// Their own descriptions are used only where they are known to hold no part of the link.
struct TransportFailure: Sendable {
    let configuration: PBXConfiguration
    let operation: PBXOperation

    private var address: PBXAddress { configuration.address }

    /// The error of a PBX that gives no answer, for a reason, perhaps on the way to it.
    private func unreachable(_ reason: String) -> PBXError {
        guard let proxy = configuration.proxy else { return .unreachable(address, reason: reason) }
        return .unreachable(
            address, reason: "\(reason); it is asked by way of the proxy \(proxy), unless NO_PROXY names it")
    }

    /// The error of a body that broke off after so many bytes.
    func breakOff(_ expected: Int64?, _ received: Int64) -> PBXError {
        .cutShort(operation, expected: expected, received: received)
    }

    /// The error of a body for which something went wrong after so many bytes.
    func error(for error: any Error, expected: Int64?, received: Int64) -> any Error {
        switch error {
        case let error as HTTPClientError where error == .remoteConnectionClosed: breakOff(expected, received)
        case is IOError, is ChannelError: breakOff(expected, received)
        default: self.error(for: error)
        }
    }

    /// Whether a connection was closed or reset before an answer came.
    func isEarlyClose(_ error: any Error) -> Bool {
        switch error {
        case let error as HTTPClientError: error == .remoteConnectionClosed
        case let error as IOError: [ECONNRESET, EPIPE].contains(error.errnoCode)
        case NIOSSLError.uncleanShutdown, is ChannelError: true
        default: false
        }
    }

    /// The error of a request that has got no answer.
    func error(for error: any Error) -> any Error {
        switch error {
        case let error as PBXError: error
        case let error as CancellationError: error
        case let error as HTTPClientError: self.error(for: error)
        case let error as HTTPParserError: PBXError.badAnswer(operation, reason: reason(error))
        case let error as CertificateMismatch: PBXError.untrusted(address, .otherCertificate(error.presented))
        case NIOSSLError.handshakeFailed(.sslError([.eofDuringHandshake])):
            unreachable("it closed the connection in the TLS handshake, and may speak no TLS on this port")
        case is NIOSSLExtraError: PBXError.untrusted(address, .otherName)
        case NIOSSLError.handshakeFailed(let cause): PBXError.untrusted(address, problem(handshake: cause))
        case NIOSSLError.uncleanShutdown: unreachable("it closed the connection before it answered")
        case is NIOSSLError, is BoringSSLError: unreachable("the TLS connection broke")
        case let error as NIOConnectionError: unreachable(Self.reason(error))
        case let error as IOError: unreachable(Self.reason(error))
        case is ChannelError: unreachable("the connection broke")
        default: unreachable("\(type(of: error))")
        }
    }

    private func error(for error: HTTPClientError) -> any Error {
        switch error {
        case .cancelled: CancellationError()
        case .remoteConnectionClosed:
            unreachable("it closed the connection before it answered")
        case .connectTimeout, .getConnectionFromPoolTimeout, .httpProxyHandshakeTimeout,
            .socksHandshakeTimeout:
            unreachable("no connection in time")
        case .tlsHandshakeTimeout:
            unreachable("the TLS handshake did not end in time; it may speak no TLS on this port")
        case .readTimeout, .deadlineExceeded, .writeTimeout: unreachable("no answer in time")
        case .proxyAuthenticationRequired: PBXError.httpStatus(operation, 407)
        case .invalidProxyResponse: unreachable("the proxy makes no connection")
        default: unreachable(EscapedText.of(error.shortDescription))
        }
    }

    private func reason(_ error: HTTPParserError) -> String {
        switch error {
        // The library has no name of its own for a missing carriage return.
        case .unknown, .lfExpected: "the lines of its HTTP header do not end in carriage return and line feed"
        case .unexpectedContentLength: "its HTTP header has more than one length"
        case .invalidContentLength: "the length in its HTTP header is no number"
        case .invalidChunkSize: "its HTTP chunks have no size"
        default: address.isEncrypted ? "it is not HTTP" : "it is not HTTP; the port may want https://"
        }
    }

    private static func reason(_ error: IOError) -> String {
        // Its own description begins with the name of a system call.
        let cause = NSError(domain: NSPOSIXErrorDomain, code: Int(error.errnoCode))
        return EscapedText.of(cause.localizedFailureReason ?? "error \(error.errnoCode)")
    }

    private static func reason(_ error: NIOConnectionError) -> String {
        if let failure = error.connectionErrors.first {
            if let cause = failure.error as? IOError { return reason(cause) }
            return "no connection in time"
        }
        return error.dnsAError == nil && error.dnsAAAAError == nil ? "no connection" : "its name is not known"
    }

    private func problem(handshake cause: BoringSSLError) -> TLSProblem {
        let text = String(describing: cause)
        func names(_ reasons: String...) -> Bool { reasons.contains { text.contains($0) } }
        if names("CERTIFICATE_VERIFY_FAILED") {
            guard case .certificates = configuration.trust else { return .unknownSigner(isFile: false) }
            return .unknownSigner(isFile: true)
        }
        if names("WRONG_VERSION_NUMBER", "HTTP_REQUEST") { return .noTLS }
        if names("PROTOCOL_VERSION", "UNSUPPORTED_PROTOCOL") { return .tooOld(configuration.minimumTLS) }
        if names("HANDSHAKE_FAILURE", "NO_SHARED_CIPHER", "INSUFFICIENT_SECURITY") { return .noCipher }
        // The reason is a word in capitals behind the third colon.
        let reason = text.matches(of: /:([A-Z0-9_]{4,60})/).last.map { String($0.1) }
        return .other(reason?.lowercased().replacing("_", with: " ") ?? "no reason is given")
    }
}
