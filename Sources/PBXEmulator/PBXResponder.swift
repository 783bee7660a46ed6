internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
internal import NIOCore

/// The part of a connection that an answer depends on.
struct PBXRequestContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }
}

/// Carries requests from the sockets to the state, and its answers back.
struct PBXResponder: HTTPResponder {
    /// Requests of this API are a few hundred bytes.
    private static let bodyLimit = 64 << 10
    private static let drainLimit = 16 << 20

    let state: PBXState

    func respond(to request: Request, context: PBXRequestContext) async throws -> Response {
        var body: [UInt8] = []
        var size = 0
        for try await buffer in request.body {
            size += buffer.readableBytes
            if size <= Self.bodyLimit { body.append(contentsOf: buffer.readableBytesView) }
            // The rest is read and dropped within reason: closing on a client that still sends resets the
            // connection, and the answer may be lost.
            if size > Self.drainLimit { break }
        }
        if size > Self.bodyLimit {
            return response(for: .page(status: 413, title: "Request Entity Too Large"))
        }
        let address = context.channel.remoteAddress?.ipAddress ?? ""
        let reply = await state.respond(
            to: PBXRequest(
                method: request.method.rawValue, path: request.uri.path,
                query: Self.parameters(of: request.uri),
                contentType: request.headers[.contentType], body: body,
                address: PBXService.normalizedAddress(address) ?? address))
        if reply.delivery == .dropped { try? await context.channel.close() }
        return response(for: reply)
    }

    private static func parameters(of uri: URI) -> [String: String] {
        var parameters: [String: String] = [:]
        for (name, value) in uri.queryParameters { parameters[String(name)] = String(value) }
        return parameters
    }

    private func response(for reply: PBXReply) -> Response {
        var headers =
            switch reply.heading {
            case .boa: HTTPFields.asBoa(contentType: reply.contentType)
            case .openVox: HTTPFields.accessControl
            }
        if let location = reply.location { headers[.location] = location }
        var length: Int? = reply.body.count
        switch reply.delivery {
        case .misdeclared(let shortfall): length = reply.body.count - shortfall
        case .padded(let size): length = size
        case .whole, .truncated, .slow, .dropped: break
        }
        switch reply.framing {
        case .contentLength: break
        case .chunked:
            length = nil
            headers[.transferEncoding] = "chunked"
        case .untilClose: length = nil
        }
        if let length { headers[.contentLength] = String(length) }
        return Response(
            status: .init(code: reply.status), headers: headers,
            body: Self.body(reply.body, as: reply.delivery))
    }

    private static func body(_ bytes: [UInt8], as delivery: PBXReply.Delivery) -> ResponseBody {
        let buffer = ByteBuffer(bytes: bytes)
        switch delivery {
        case .whole, .misdeclared, .dropped:
            return ResponseBody { writer in
                try await writer.write(buffer)
                try await writer.finish(nil)
            }
        case .truncated(let count):
            return ResponseBody { writer in
                try await writer.write(ByteBuffer(bytes: bytes.prefix(count)))
                try await writer.finish(nil)
            }
        case .slow(let pause):
            return ResponseBody { writer in
                for piece in 0..<8 {
                    let range = bytes.count * piece / 8..<bytes.count * (piece + 1) / 8
                    try await writer.write(ByteBuffer(bytes: bytes[range]))
                    try await Task.sleep(for: pause)
                }
                try await writer.finish(nil)
            }
        case .padded(let size):
            return ResponseBody { writer in
                try await writer.write(buffer)
                var missing = size - bytes.count
                let blanks = ByteBuffer(repeating: 0x20, count: 64 << 10)
                while missing > 0 {
                    let count = min(missing, blanks.readableBytes)
                    try await writer.write(
                        blanks.getSlice(at: blanks.readerIndex, length: count) ?? ByteBuffer())
                    missing -= count
                }
                try await writer.finish(nil)
            }
        }
    }
}

extension HTTPFields {
    /// The headers that a box's web server puts on each answer, spelled as it spells them.
    static func asBoa(contentType: String) -> HTTPFields {
        var fields: HTTPFields = [
            .server: "Boa/0.94.14rc21", .acceptRanges: "bytes", .connection: "close",
            .contentType: contentType,
        ]
        fields.append(contentsOf: accessControl)
        return fields
    }

    /// The two headers that both makers' pages print, spelled as they spell them.
    static var accessControl: HTTPFields {
        var fields = HTTPFields()
        for (name, value) in [
            ("Access-control-allow-origin", "*"),
            ("Access-control-allow-methods", "GET, POST, OPTIONS, PUT, DELETE"),
        ] {
            if let name = HTTPField.Name(name) { fields[name] = value }
        }
        return fields
    }
}
