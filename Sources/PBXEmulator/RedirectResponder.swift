internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
internal import NIOCore

/// Answers whatever comes to the plain HTTP port with the HTTPS address of the same path, as boxes do.
struct RedirectResponder: HTTPResponder {
    let state: PBXState

    func respond(to request: Request, context: PBXRequestContext) async throws -> Response {
        let page = PBXReply.page(status: 302, title: "Moved Temporarily")
        var headers = HTTPFields.asBoa(contentType: page.contentType)
        let query = request.uri.query.map { "?" + $0 } ?? ""
        headers[.location] = await state.secureURL + request.uri.path + query
        headers[.contentLength] = String(page.body.count)
        return Response(
            status: .found, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: page.body)))
    }
}
