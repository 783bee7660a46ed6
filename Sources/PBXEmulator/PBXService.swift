internal import Crypto

/// The PBX without its sockets: what it knows, and how it answers a request.
struct PBXService: Sendable {
    let configuration: EmulatorConfiguration
    /// The URL that plain HTTP requests and the `redirect` fault are sent to.
    var secureURL = "https://127.0.0.1:8088"

    var model: MailboxModel
    var faults: EmulatorFaults
    var sessions: SessionTable
    var randoms: RandomStringTable
    var loginGuard: LoginGuard
    /// Listed names that hide a file's real one, made by the `hostile-names` fault.
    var disguises: [String: String] = [:]
    let passwordDigest: String

    init(_ configuration: EmulatorConfiguration) {
        self.configuration = configuration
        model = configuration.mailboxes
        faults = configuration.faults
        sessions = SessionTable(life: configuration.tokenLife)
        randoms = RandomStringTable(life: configuration.randomLife)
        loginGuard = LoginGuard(limit: configuration.lockAfter, lockTime: configuration.lockTime)
        passwordDigest = Self.hexadecimal(Insecure.MD5.hash(data: Array(configuration.password.utf8)))
    }

    var now: Duration { configuration.clock.now }

    /// Answers a request, as the fault that strikes it will have it.
    mutating func respond(to request: PBXRequest, fault: EmulatorFault?) -> PBXReply {
        guard let route = route(of: request) else { return .page(status: 404, title: "Not Found") }
        if request.method == "OPTIONS" { return PBXReply() }
        prepare(fault, for: request)
        var answer: Answer
        do throws(PBXErrno) {
            answer = try self.answer(request, route: route, fault: fault)
        } catch {
            answer = .failure(error.rawValue)
        }
        if fault?.action == .error { answer = .failure(fault?.value ?? PBXErrno.handOverFailed.rawValue) }
        let reply = reply(for: answer, to: request, at: route, fault: fault)
        return shaped(reply, by: fault, path: request.path)
    }

    /// What a request asks for; nil for a path outside the API.
    func route(of request: PBXRequest) -> APIRoute? {
        APIRoute(path: request.path, spokenBy: configuration.families)
    }

    /// What an answer says, before it is put into bytes.
    enum Answer: Sendable {
        case success([(name: String, value: AnswerValue)])
        case failure(Int)
        case audio([UInt8])
    }

    private mutating func answer(
        _ request: PBXRequest, route: APIRoute, fault: EmulatorFault?
    ) throws(PBXErrno) -> Answer {
        guard let version = route.version, let endpoint = route.endpoint else { throw .requestNotSupported }
        if endpoint == .download {
            guard request.method == "GET" else { throw .requestNotSupported }
            return try download(
                RequestFields(request.query), address: request.address, version: version, fault: fault)
        }
        guard request.method == "POST" else { throw .postOnly }
        switch endpoint {
        case .login:
            let fields = try fields(of: request)
            if version.family == .openVox {
                return try openVoxLogin(fields, type: request.query["type"], address: request.address)
            }
            return try login(fields, address: request.address, version: version)
        case .refresh:
            guard configuration.hasRefresh else { throw .requestNotSupported }
            return try refresh(fields(of: request), address: request.address)
        case .heartbeat:
            _ = try sessions.use(request.query["token"], at: now)
            return try heartbeat(
                request.body.isEmpty ? RequestFields() : fields(of: request), version: version)
        case .logout:
            sessions.remove(try sessions.use(request.query["token"], at: now).token)
            return .success([])
        case .device:
            _ = try sessions.use(request.query["token"], at: now)
            guard version.family != .openVox, let serial = configuration.serialNumber else {
                throw .requestNotSupported
            }
            return .success([
                ("deviceinfo", .object([("devicename", .text("S100")), ("sn", .text(serial))]))
            ])
        case .query:
            _ = try sessions.use(request.query["token"], at: now)
            let lacksBody = request.body.isEmpty && !version.requiresQueryExtension
            return try query(
                lacksBody ? RequestFields() : fields(of: request), version: version, fault: fault)
        case .random:
            let session = try sessions.use(request.query["token"], at: now)
            return try random(fields(of: request), session: session, version: version)
        case .download:
            throw .requestNotSupported
        }
    }

    /// The parameters in a request's body.
    private func fields(of request: PBXRequest) throws(PBXErrno) -> RequestFields {
        if request.contentType?.contains("xml") == true { throw .xmlNotSupported }
        if request.body.isEmpty { throw .requestEmpty }
        if request.body.allSatisfy({ $0 <= 0x20 }) { throw .dataEmpty }
        return try RequestFields(json: request.body, tolerating: configuration.tolerance)
    }

    private func reply(
        for answer: Answer, to request: PBXRequest, at route: APIRoute, fault: EmulatorFault?
    ) -> PBXReply {
        var reply = PBXReply()
        let isOpenVox = configuration.families.contains(.openVox)
        if isOpenVox {
            // The pages print two headers and no more: neither a type nor a length.
            reply.heading = .openVox
            reply.framing = .untilClose
        }
        let members: [(name: String, value: AnswerValue)]
        switch answer {
        case .audio(let bytes):
            reply.body = bytes
            reply.contentType = configuration.audioContentType
            reply.framing = configuration.audioFraming
            return reply
        case .success(let values):
            members = [("status", .text("Success"))] + values
        case .failure(let errno):
            members = [("status", .text("Failed")), ("errno", .text(String(errno)))]
            reply.errno = errno
        }
        if isOpenVox, route.endpoint == .login, request.query["type"] != "json" {
            reply.body = Array(AnswerValue.object(members).renderedAsXML.utf8)
            return reply
        }
        let style = fault.flatMap { AnswerStyle(rawValue: $0.action.rawValue) } ?? configuration.answerStyle
        let integers = configuration.writesIntegers || fault?.action == .integers
        reply.body = Array(AnswerValue.object(members).rendered(style: style, integers: integers).utf8)
        return reply
    }

    /// Thirty-two hexadecimal digits: a token or a random string.
    func newSecret() -> String {
        let words = [configuration.randomWord(), configuration.randomWord()]
        return Self.hexadecimal(
            words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * $0)) } })
    }

    private static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    private static let digits = Array("0123456789abcdef".utf8)
}
