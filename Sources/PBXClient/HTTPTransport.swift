internal import AsyncHTTPClient
internal import Foundation
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import Synchronization

/// Requests over sockets, by AsyncHTTPClient.
///
/// Nothing is logged here, and no logger is handed on: what travels has secrets in it.
struct HTTPTransport: PBXTransport {
    private let client: HTTPClient
    private let configuration: PBXConfiguration
    private let reuse = ConnectionReuse()

    /// One loop, which serves a box well; NIO's own group has one a processor, each with three descriptors, and ends the
    /// process where one is not to be had.
    static let loop = MultiThreadedEventLoopGroup(numberOfThreads: 1)

    /// Prepares connections; none is made yet.
    ///
    /// - Throws: `PBXConfigurationError.certificateFile` where the authority's file cannot be read.
    init(_ configuration: PBXConfiguration) throws(PBXConfigurationError) {
        var settings = HTTPClient.Configuration(
            tlsConfiguration: try configuration.trust.tlsConfiguration(
                minimum: configuration.minimumTLS),
            redirectConfiguration: .disallow,
            timeout: .init(
                connect: TimeAmount(configuration.timeouts.connect),
                read: TimeAmount(configuration.timeouts.idle)),
            decompression: .disabled)
        settings.httpVersion = .http1Only
        settings.proxy = configuration.proxy?.settings
        settings.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = max(
            1, configuration.requestLimit)
        // The boxes close after each answer, or soon; a connection kept for long would be found dead.
        settings.connectionPool.idleTimeout = .seconds(5)
        // Otherwise a refused connection is only told at the end of the time limit. Retries are the session's
        // task.
        settings.connectionPool.retryConnectionEstablishment = false
        var pins: [CertificateFingerprint]?
        if case .pinned(let fingerprints) = configuration.trust { pins = fingerprints }
        // The one place where the certificate can be looked at before a byte of HTTP leaves: the handshake is over by
        // then, so that the PBX has shown that the certificate is its own.
        settings.http1_1ConnectionDebugInitializer = { [pins] channel in
            BodyEndMark.add(to: channel).flatMap {
                pins.map { PinnedCertificate.check(channel, against: $0) }
                    ?? channel.eventLoop.makeSucceededVoidFuture()
            }
        }
        client = HTTPClient(eventLoopGroup: Self.loop, configuration: settings)
        self.configuration = configuration
    }

    func send(_ request: TransportRequest) async throws -> TransportResponse {
        let failure = TransportFailure(configuration: configuration, operation: request.operation)
        var outgoing = HTTPClientRequest(url: configuration.address.text + request.link.reveal())
        outgoing.headers.add(name: "User-Agent", value: configuration.userAgent)
        switch request.method {
        case .get: outgoing.method = .GET
        case .post:
            outgoing.method = .POST
            outgoing.headers.add(name: "Content-Type", value: "application/json; charset=utf-8")
            outgoing.body = .bytes(ByteBuffer(bytes: request.body ?? []))
        }
        if !reuse.isSafe { outgoing.headers.add(name: "Connection", value: "close") }
        let response: HTTPClientResponse
        do {
            response = try await client.execute(outgoing, timeout: TimeAmount(request.timeLimit))
        } catch {
            if failure.isEarlyClose(error) { reuse.giveUp() }
            throw await explained(failure.error(for: error))
        }
        let headers = response.headers
        return TransportResponse(
            status: Int(response.status.code),
            contentLength: headers.first(name: "content-length").flatMap { Int64($0) },
            location: headers.first(name: "location"), retryAfter: headers.first(name: "retry-after"),
            body: BodyBytes(
                body: response.body, failure: failure,
                expected: headers.first(name: "content-length").flatMap { Int64($0) }))
    }

    /// The error with what a second look at the certificate tells.
    private func explained(_ error: any Error) async -> any Error {
        guard case PBXError.untrusted(let address, .unknownSigner) = error, configuration.proxy == nil else {
            return error
        }
        let look = CertificateLook(
            address: address, minimum: configuration.minimumTLS, timeout: configuration.timeouts.connect)
        return await look.problem(at: Date()).map { PBXError.untrusted(address, $0) } ?? error
    }

    func ownAddress() async -> String? {
        // To connect a datagram socket sends nothing: the system only looks up the way, and so the address.
        let channel = try? await DatagramBootstrap(group: Self.loop)
            .connect(host: configuration.address.host, port: 9).get()
        defer { channel?.close(promise: nil) }
        return channel?.localAddress?.ipAddress
    }

    func shutdown() async {
        // It fails only when it is called twice.
        try? await client.shutdown()
    }
}

/// Whether connections are used for more than one request.
///
/// A box that closes them behind each answer without having said so may do that just when the next request is on its way, each
/// time anew. Whether one that closed early had been used before, the HTTP library does not tell.
private final class ConnectionReuse: Sendable {
    private let state = Mutex(true)

    var isSafe: Bool { state.withLock(\.self) }

    func giveUp() { state.withLock { $0 = false } }
}

/// The bytes of a body, piece by piece.
private struct BodyBytes: AsyncSequence, Sendable {
    typealias Element = [UInt8]
    typealias Failure = any Error

    let body: HTTPClientResponse.Body
    let failure: TransportFailure
    let expected: Int64?

    struct AsyncIterator: AsyncIteratorProtocol {
        typealias Failure = any Error

        var body: HTTPClientResponse.Body.AsyncIterator
        let failure: TransportFailure
        let expected: Int64?
        var received: Int64 = 0

        @concurrent
        mutating func next() async throws -> [UInt8]? {
            do {
                guard let piece = try await body.next() else { return nil }
                guard !BodyEndMark.isMark(piece) else { throw failure.breakOff(expected, received) }
                received += Int64(piece.readableBytes)
                return Array(piece.readableBytesView)
            } catch {
                throw failure.error(for: error, expected: expected, received: received)
            }
        }
    }

    func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(body: body.makeAsyncIterator(), failure: failure, expected: expected)
    }
}

extension TimeAmount {
    /// The amount in whole nanoseconds; beyond 292 years there is none.
    init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        let (nanoseconds, isTooLong) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        self = .nanoseconds(isTooLong ? .max / 2 : min(nanoseconds, .max / 2) + attoseconds / 1_000_000_000)
    }
}
