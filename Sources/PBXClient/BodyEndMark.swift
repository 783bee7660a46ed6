internal import NIOCore
internal import NIOHTTP1
internal import NIOSSL

/// Puts a mark behind a body that breaks off, in place of the error.
///
/// The HTTP library drops what it has not handed on yet when it is told of an error, and with it the rest of an answer that is
/// whole but for the farewell of TLS or the last chunk. So it gets an answer that ends well, and the mark tells its reader
/// how it ended.
final class BodyEndMark: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias InboundOut = HTTPClientResponsePart

    private enum State {
        /// No answer is under way.
        case idle
        /// The body of an answer is.
        case inBody
        /// It has broken off; what else comes of it has nobody to go to.
        case over
    }

    /// The bytes of the mark: drawn anew by each process, which sends them nowhere, so that no box can know them.
    private static let bytes = (0..<32).map { _ in UInt8.random(in: 0...UInt8.max) }

    private var state = State.idle

    /// Adds one to a connection, behind what reads its answers.
    static func add(to channel: any Channel) -> EventLoopFuture<Void> {
        channel.eventLoop.submit {
            let pipeline = channel.pipeline.syncOperations
            try pipeline.addHandler(ReadEnd(), position: .first)
            let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPResponseDecoder>.self)
            try pipeline.addHandler(BodyEndMark(), position: .after(decoder))
        }
    }

    /// Whether a piece of a body is the mark.
    static func isMark(_ piece: ByteBuffer) -> Bool {
        piece.readableBytes == bytes.count && piece.readableBytesView.elementsEqual(bytes)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard state != .over else { return }
        switch unwrapInboundIn(data) {
        case .head(var head) where head.status.code >= 200:
            state = .inBody
            // Where the end of the connection is that of the body, nothing more is to be sent on it.
            if !head.headers.contains(name: "content-length"),
                !head.headers.contains(name: "transfer-encoding")
            {
                head.headers.replaceOrAdd(name: "connection", value: "close")
            }
            context.fireChannelRead(wrapInboundOut(.head(head)))
        case .end:
            state = .idle
            context.fireChannelRead(data)
        default: context.fireChannelRead(data)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        // What is no HTTP is told as such.
        case let error as HTTPParserError where ![.invalidEOFState, .closedConnection].contains(error):
            context.fireErrorCaught(error)
        default: if !breakOff(context) { context.fireErrorCaught(error) }
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        _ = breakOff(context)
        context.fireChannelInactive()
    }

    /// Ends the answer that is under way; false where none is, or was.
    private func breakOff(_ context: ChannelHandlerContext) -> Bool {
        switch state {
        case .idle: return false
        case .over: return true
        case .inBody:
            state = .over
            context.fireChannelRead(wrapInboundOut(.body(ByteBuffer(bytes: Self.bytes))))
            context.fireChannelRead(wrapInboundOut(.end(nil)))
            context.fireChannelReadComplete()
            return true
        }
    }
}

/// Ends a read that fails before the failure is told.
///
/// NIO tells a reset connection without having said that the read is complete, and until then the TLS handler keeps what it
/// has decrypted: the whole of an answer, where a box resets the connection right behind it.
final class ReadEnd: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.fireChannelReadComplete()
        context.fireErrorCaught(error)
    }
}
