/// A request as it came over the wire.
struct PBXRequest: Sendable {
    var method: String
    var path: String
    var query: [String: String] = [:]
    var contentType: String?
    var body: [UInt8] = []
    var address: String
}

/// An answer before it is put on the wire.
struct PBXReply: Sendable {
    /// How the body goes out.
    enum Delivery: Sendable, Hashable {
        case whole
        /// Only the first bytes, with the length of all.
        case truncated(after: Int)
        /// All bytes, with a length that is too small by so many.
        case misdeclared(by: Int)
        /// In eight pieces with a pause after each.
        case slow(pause: Duration)
        /// With blanks behind it up to a size.
        case padded(to: Int)
        /// Not at all.
        case dropped
    }

    /// Which headers an answer has besides those of its framing.
    enum Heading: Sendable, Hashable {
        /// Those of Yeastar's web server.
        case boa
        /// The two that OpenVox's pages print.
        case openVox
    }

    var status = 200
    var heading = Heading.boa
    var contentType = "application/json"
    var body: [UInt8] = []
    var location: String?
    var framing = AnswerFraming.contentLength
    var delivery = Delivery.whole
    var errno: Int?

    /// A page as web servers and gateways make them.
    static func page(status: Int, title: String) -> PBXReply {
        let html = """
            <HTML><HEAD><TITLE>\(status) \(title)</TITLE></HEAD>
            <BODY><H1>\(status) \(title)</H1></BODY></HTML>

            """
        return PBXReply(status: status, contentType: "text/html", body: Array(html.utf8))
    }
}
