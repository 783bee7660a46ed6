import Foundation
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// A server on loopback that answers each request with the next of its scripted texts, byte by byte as given.
final class SocketResponder: Sendable {
    /// What is written for one request, and whether the connection is closed behind it.
    struct Script: Sendable {
        var bytes: [UInt8]
        var closes = true
        /// Whether the connection ends below TLS, without its farewell.
        var endsRaggedly = false
        /// Whether the connection is reset behind it, as a program does that dies, or lingers for no time.
        var resets = false

        init(_ text: String, closes: Bool = true) {
            bytes = Array(text.utf8)
            self.closes = closes
        }

        init(bytes: [UInt8]) {
            self.bytes = bytes
        }

        init(head: String, body: [UInt8]) {
            self.init(bytes: Array((head + "\r\n\r\n").utf8) + body)
        }

        /// A well-formed answer of the API.
        static func answer(_ body: String) -> Script {
            Script(
                "HTTP/1.1 200 OK\r\nServer: Boa/0.94.14rc21\r\nConnection: close\r\n"
                    + "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
        }
    }

    private struct State {
        var scripts: [Script]
        var requests: [String] = []
    }

    private let state: Mutex<State>
    private let tls: NIOSSLContext?
    /// Whether a connection is closed when a second request comes on it.
    fileprivate let answersOnce: Bool

    init(_ scripts: [Script], tls: NIOSSLContext? = nil, answersOnce: Bool = false) {
        state = Mutex(State(scripts: scripts))
        self.tls = tls
        self.answersOnce = answersOnce
    }

    var requests: [String] { state.withLock { $0.requests } }

    /// Listens while an operation runs, and hands it the port.
    func run<Result>(_ operation: (Int) async throws -> Result) async throws -> Result {
        let channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls = self.tls {
                        try channel.pipeline.syncOperations.addHandler(RaggedEnd())
                        try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls))
                    }
                    try channel.pipeline.syncOperations.addHandler(Responder(owner: self))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        do {
            let result = try await operation(channel.localAddress?.port ?? 0)
            try await channel.close()
            return result
        } catch {
            try await channel.close()
            throw error
        }
    }

    fileprivate func next(after request: String) -> Script {
        state.withLock { state in
            state.requests.append(request)
            return state.scripts.count > 1 ? state.scripts.removeFirst() : state.scripts[0]
        }
    }
}

private final class Responder: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let owner: SocketResponder
    private var received = ""
    private var hasAnswered = false

    init(owner: SocketResponder) {
        self.owner = owner
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if hasAnswered, owner.answersOnce { return context.close(promise: nil) }
        received += String(buffer: unwrapInboundIn(data))
        // A handshake of TLS where none is spoken: it is answered as servers do, with a page about bad
        // requests.
        if received.utf8.first == 0x16 { return respond(context: context) }
        guard let end = received.range(of: "\r\n\r\n") else { return }
        let length =
            received[..<end.lowerBound].split(separator: "\r\n")
            .first { $0.lowercased().hasPrefix("content-length:") }
            .flatMap { Int($0.split(separator: ":")[1].drop { $0 == " " }) } ?? 0
        guard received[end.upperBound...].utf8.count >= length else { return }
        respond(context: context)
    }

    private func respond(context: ChannelHandlerContext) {
        let script = owner.next(after: received)
        (received, hasAnswered) = ("", true)
        context.write(wrapOutboundOut(ByteBuffer(bytes: script.bytes)), promise: nil)
        context.flush()
        if script.resets {
            (context.channel as? any SocketOptionProvider)?
                .setSoLinger(linger(l_onoff: 1, l_linger: 0)).whenFailure { _ in fatalError("no option") }
        }
        guard !script.endsRaggedly else {
            return context.triggerUserOutboundEvent(RaggedEnd.Event(), promise: nil)
        }
        if script.closes { context.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}

/// Closes a connection from below TLS, which so says no farewell.
private final class RaggedEnd: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer

    struct Event: Sendable {}

    func triggerUserOutboundEvent(
        context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?
    ) {
        guard event is Event else {
            return context.triggerUserOutboundEvent(event, promise: promise)
        }
        context.close(promise: promise)
    }
}
