internal import Logging

/// The one owner of a running emulator's state: requests are handled one at a time, as the model needs it.
actor PBXState {
    /// Entries kept in the request log; the oldest are forgotten beyond it.
    private static let logCapacity = 10_000

    private var service: PBXService
    private var log: [EmulatorLogEntry] = []
    private var requestCount = 0
    private var onRequest: (@Sendable (EmulatorRequest, inout MailboxModel) -> Void)?
    private let logger: Logger?

    init(_ configuration: EmulatorConfiguration) {
        service = PBXService(configuration)
        onRequest = configuration.onRequest
        logger = configuration.logger
    }

    func respond(to request: PBXRequest) -> PBXReply {
        requestCount += 1
        let seen = summary(of: request)
        if seen.endpoint != nil { onRequest?(seen, &service.model) }
        let fault = seen.endpoint.flatMap { service.faults.take(for: $0) }
        let reply = service.respond(to: request, fault: fault)
        let entry = EmulatorLogEntry(
            request: seen, status: reply.delivery == .dropped ? 0 : reply.status, errno: reply.errno,
            bytes: reply.body.count, fault: fault)
        if log.count == Self.logCapacity { log.removeFirst(Self.logCapacity / 2) }
        log.append(entry)
        logger?.info("\(entry)")
        return reply
    }

    private func summary(of request: PBXRequest) -> EmulatorRequest {
        let route = service.route(of: request)
        let body = try? RequestFields(json: request.body, tolerating: .all)
        let parameters = RequestFields(request.query).withoutSecrets
            .merging(body?.withoutSecrets ?? [:]) { _, fromBody in fromBody }
        return EmulatorRequest(
            sequence: requestCount, method: request.method, path: request.path, version: route?.version?.text,
            endpoint: route?.endpoint, address: request.address, parameters: parameters)
    }

    var requestLog: [EmulatorLogEntry] { log }

    var mailboxes: MailboxModel { service.model }

    func mutate<Result: Sendable>(
        _ change: @Sendable (inout MailboxModel) throws -> Result
    ) rethrows -> Result {
        try change(&service.model)
    }

    func setOnRequest(_ hook: (@Sendable (EmulatorRequest, inout MailboxModel) -> Void)?) {
        onRequest = hook
    }

    func add(_ faults: [EmulatorFault]) {
        for fault in faults { service.faults.add(fault) }
    }

    func removeFaults() {
        service.faults.removeAll()
    }

    func setSecureURL(_ url: String) {
        service.secureURL = url
    }

    var secureURL: String { service.secureURL }
}
