internal import Foundation

/// Single requests and their answers, one attempt each; what to repeat is decided elsewhere.
struct Exchange: Sendable {
    /// How long an address is locked after five failed logins, as the vendor says: ten minutes.
    private static let lockDuration: TimeInterval = 600

    /// How many redirects of a download are followed at most.
    private static let mostRedirects = 3

    let configuration: PBXConfiguration
    let transport: any PBXTransport
    let gate: RequestGate
    let spoken: SpokenDialect
    let secrets = KnownSecrets()
    let timing: PBXTiming

    private var dialect: PBXDialect { spoken.current }

    /// Logs in, in the dialect of the box or in one after the other until it understands one.
    func logIn() async throws -> Grant {
        while true {
            do {
                let dialect = dialect
                let body = dialect.loginBody(
                    username: configuration.username, password: configuration.password,
                    receiver: await receiver(for: dialect))
                let grant = try grant(try await post(.login, body: body), for: .login)
                spoken.settle()
                configuration.lockMemory.keep(nil)
                return grant
            } catch let error as PBXError where error.speaksAgainstDialect {
                if spoken.moveOn() { continue }
                if await isOtherAPI() { throw PBXError.otherAPI(.login) }
                throw error
            }
        }
    }

    /// Whether the box has the API of Yeastar's P-Series, which refuses whoever has not logged in.
    private func isOtherAPI() async -> Bool {
        let request = TransportRequest(
            operation: .otherAPI, method: .get, link: Secret("/openapi/v1.0/system/information"), body: nil,
            timeLimit: configuration.timeouts.answer)
        do {
            let response = try await transport.send(request)
            let body = try await collect(response, of: .otherAPI, limit: 1 << 16)
            _ = try PBXAnswer(body, operation: .otherAPI)
            return false
        } catch PBXError.otherAPI {
            return true
        } catch {
            return false
        }
    }

    private func receiver(for dialect: PBXDialect) async -> ReportReceiver {
        var address = configuration.reportAddress
        if address == nil, dialect.family == .openVox { address = await transport.ownAddress() }
        return ReportReceiver(address: address, port: configuration.reportPort)
    }

    func refresh(_ refreshToken: Secret) async throws -> Grant {
        try grant(try await post(.refreshToken, body: dialect.refreshBody(refreshToken)), for: .refreshToken)
    }

    func heartbeat(_ token: Secret) async throws {
        let dialect = dialect
        let body = dialect.heartbeatBody(receiver: await receiver(for: dialect))
        _ = try await post(.heartbeat, body: body, token: token)
    }

    func logOut(_ token: Secret) async throws {
        _ = try await post(.logout, body: nil, token: token)
    }

    func query(_ selection: MailboxSelection, token: Secret) async throws -> PBXAnswer {
        var asked: String?
        var item: String?
        if case .extensions(let extensions) = selection {
            asked = extensions.count == 1 ? extensions.first : nil
            item = "extension " + EscapedText.of(extensions.joined(separator: ","))
        }
        return try await post(
            .voicemailQuery, body: dialect.queryBody(selection), token: token, item: item, extension: asked)
    }

    /// Asks the box for its serial number.
    func serialNumber(token: Secret) async throws -> String? {
        try await post(.deviceQuery, body: nil, token: token).serial
    }

    /// Runs what counts as one request at a time: a random string that had to wait for its turn would run out.
    func withPassage<Result>(_ operation: () async throws -> Result) async throws -> Result {
        try await gate.withPassage(operation)
    }

    /// Asks for the random string of one download, and makes sure that the answer speaks of that message.
    ///
    /// Both this and `download` are to be called within one passage.
    func random(for listing: VoicemailListing, token: Secret) async throws -> Secret {
        let answer = try await postNow(
            .voicemailRandom, body: dialect.randomBody(listing, allowedAddress: configuration.allowedAddress),
            token: token, item: listing.place)
        guard let random = answer.random else {
            throw PBXError.badAnswer(.voicemailRandom, reason: "it has no random string")
        }
        let isOther =
            (answer.extension.map { $0 != listing.extension } ?? false)
            || (answer.file.map { $0 != listing.file } ?? false)
            || (answer.status != nil && listing.status != nil && answer.status != listing.status)
        guard !isOther else {
            throw PBXError.badAnswer(.voicemailRandom, reason: "it is for another message")
        }
        return random
    }

    /// Opens a download and hands its answer to an operation.
    func download<Result>(
        _ listing: VoicemailListing, token: Secret, random: Secret,
        receive: (TransportResponse) async throws -> Result
    ) async throws -> Result {
        let response = try await open(Secret(dialect.downloadPath(listing, token: token, random: random)))
        try await checkStatus(response, of: .voicemailDownload, item: listing.place)
        return try await receive(response)
    }

    /// Opens a link, and those to which the PBX redirects within itself; the token goes nowhere else.
    private func open(_ link: Secret) async throws -> TransportResponse {
        var link = link
        var redirects = 0
        while true {
            let request = TransportRequest(
                operation: .voicemailDownload, method: .get, link: link, body: nil,
                timeLimit: configuration.timeouts.answer)
            let response = try await transport.send(request)
            guard (300..<400).contains(response.status), redirects < Self.mostRedirects,
                let next = response.location.flatMap(configuration.address.link)
            else { return response }
            redirects += 1
            link = Secret(next)
        }
    }

    /// The error that a refusal stands for.
    func error(for code: PBXErrorCode, operation: PBXOperation, item: String?) -> PBXError {
        switch code {
        case .loginRefused: .loginRefused(configuration.address, code)
        case .passwordWrong where operation == .login: .loginRefused(configuration.address, code)
        case .serviceStopped where operation == .login && dialect.family == .openVox:
            .loginRefused(configuration.address, code)
        case .missing where operation == .login: .loginRefused(configuration.address, nil)
        case .loginLocked: .locked(configuration.address, until: endOfLock())
        default: .refused(operation, code, item: item)
        }
    }

    /// When the lock ends at the latest: ten minutes from when it was first met.
    private func endOfLock() -> Date {
        let now = timing.now()
        if let known = configuration.lockMemory.recall(), known > now,
            known <= now.addingTimeInterval(Self.lockDuration)
        {
            return known
        }
        let end = now.addingTimeInterval(Self.lockDuration)
        configuration.lockMemory.keep(end)
        return end
    }

    private func grant(_ answer: PBXAnswer, for operation: PBXOperation) throws -> Grant {
        guard let token = answer.token else { throw PBXError.badAnswer(operation, reason: "it has no token") }
        return Grant(token: token, refreshToken: answer.refreshToken)
    }

    private func post(
        _ operation: PBXOperation, body: [UInt8]?, token: Secret? = nil, item: String? = nil,
        extension asked: String? = nil
    ) async throws -> PBXAnswer {
        try await gate.withPassage {
            try await postNow(operation, body: body, token: token, item: item, extension: asked)
        }
    }

    private func postNow(
        _ operation: PBXOperation, body: [UInt8]?, token: Secret?, item: String?,
        extension asked: String? = nil
    ) async throws -> PBXAnswer {
        let request = TransportRequest(
            operation: operation, method: .post, link: Secret(dialect.path(operation, token: token)),
            body: body,
            // The end of a session is not worth waiting for.
            timeLimit: operation == .logout
                ? min(configuration.timeouts.answer, .seconds(5)) : configuration.timeouts.answer)
        let response = try await transport.send(request)
        try await checkStatus(response, of: operation, item: item)
        let bytes = try await collect(response, of: operation, limit: configuration.answerLimit)
        let answer = try PBXAnswer(
            bytes, operation: operation, extension: asked, encoding: configuration.textEncoding,
            hiding: secrets)
        if case .failure(let code) = answer.outcome {
            throw error(for: code, operation: operation, item: item)
        }
        return answer
    }

    /// Throws for every HTTP status but those of success.
    ///
    /// Redirects of a POST are not followed: it would come back as a GET, and the token would travel with it
    /// to wherever the answer says.
    private func checkStatus(_ response: TransportResponse, of operation: PBXOperation, item: String?)
        async throws
    {
        switch response.status {
        case 200..<300: return
        case 300..<400:
            throw PBXError.redirected(
                operation, to: response.location.flatMap(PBXAddress.origin).map(secrets.hidden))
        default:
            // The boxes refuse with status 200; one that does not may still say why.
            if let bytes = try? await collect(response, of: operation, limit: 1 << 16),
                let answer = try? PBXAnswer(bytes, operation: operation),
                case .failure(let code) = answer.outcome
            {
                throw error(for: code, operation: operation, item: item)
            }
            throw PBXError.httpStatus(
                operation, response.status,
                retryAfter: response.retryAfter.flatMap { RetryAfter.pause($0, now: timing.now()) })
        }
    }

    /// The whole body, which must not have more bytes than allowed nor fewer than announced.
    private func collect(
        _ response: TransportResponse, of operation: PBXOperation, limit: Int
    ) async throws -> [UInt8] {
        // A box that sends a byte now and then never trips the limit for the next ones.
        var pace = Pace(of: operation, whole: configuration.timeouts.answer, uptime: timing.uptime)
        var bytes: [UInt8] = []
        do {
            for try await piece in response.body {
                try pace.note(piece.count)
                guard piece.count <= limit - bytes.count else {
                    throw PBXError.tooLarge(operation, limit: Int64(limit))
                }
                bytes.append(contentsOf: piece)
            }
        } catch PBXError.cutShort(_, nil, let received) {
            // A box may close the connection without a farewell: what is whole by itself has not been cut.
            guard PBXAnswer.isWhole(bytes, encoding: configuration.textEncoding) else {
                throw PBXError.cutShort(operation, expected: nil, received: received)
            }
        }
        if let length = response.contentLength, Int64(bytes.count) < length {
            throw PBXError.cutShort(operation, expected: length, received: Int64(bytes.count))
        }
        return bytes
    }
}
