public import Logging

/// A session with one PBX: it logs in when a token is needed, and keeps within the limits of a small box.
///
/// All its functions may be called from many tasks at a time. They throw `PBXError`, or `CancellationError`
/// when the task is cancelled. A token that dies is replaced by one login for all tasks, and the request is
/// repeated once.
public final class PBXSession: Sendable {
    /// The settings of the session.
    public let configuration: PBXConfiguration

    /// How often the token is replaced during one operation at most.
    private static let mostReplacements = 4

    let transport: any PBXTransport
    let timing: PBXTiming
    let tokens: TokenKeeper
    let exchange: Exchange
    let patience: Patience
    let logger: Logger

    let mailboxes = KnownMailboxes()

    /// Prepares a session, which has to be ended with `close()`; nothing is sent yet.
    ///
    /// - Parameters:
    ///   - configuration: Which PBX, as whom, and within which limits.
    ///   - logger: Where repetitions and the like are told; no secret and no link reaches it.
    ///   - timing: Clock, sleep and chance.
    /// - Throws: `PBXConfigurationError` for a setting with which no connection can be made.
    public convenience init(
        configuration: PBXConfiguration, logger: Logger, timing: PBXTiming = .system
    ) throws(PBXConfigurationError) {
        let transport = try HTTPTransport(configuration)
        self.init(configuration: configuration, transport: transport, logger: logger, timing: timing)
    }

    init(configuration: PBXConfiguration, transport: any PBXTransport, logger: Logger, timing: PBXTiming) {
        let exchange = Exchange(
            configuration: configuration, transport: transport,
            gate: RequestGate(limit: configuration.requestLimit),
            spoken: SpokenDialect(configuration.dialects), timing: timing)
        exchange.secrets.add(password: configuration.password)
        let patience = Patience(
            with: configuration.address, limit: configuration.timeouts.patience, timing: timing)
        let retries = Retries(
            policy: configuration.retry, timing: timing, patience: patience, logger: logger)
        let source = TokenKeeper.Source(
            logIn: {
                let grant = try await retries.run(.login) { try await exchange.logIn() }
                patience.progress()
                logger.info("logged in", metadata: ["dialect": "\(exchange.spoken.current)"])
                return grant
            },
            refresh: { refreshToken in try await exchange.refresh(refreshToken) },
            heartbeat: { token in try await exchange.heartbeat(token) })
        self.configuration = configuration
        self.transport = transport
        self.timing = timing
        self.exchange = exchange
        self.patience = patience
        self.logger = logger
        tokens = TokenKeeper(source: source, life: configuration.tokenLife, now: timing.now)
    }

    /// Opens a session, hands it to an operation, and closes it whatever happens.
    ///
    /// - Parameters:
    ///   - configuration: Which PBX, as whom, and within which limits.
    ///   - logger: Where repetitions and the like are told.
    ///   - operation: What to do with the session; it must not keep it.
    /// - Returns: What the operation returns.
    /// - Throws: `PBXConfigurationError`, and what the operation throws.
    public static func withSession<Result>(
        _ configuration: PBXConfiguration, logger: Logger, operation: (PBXSession) async throws -> Result
    ) async throws -> Result {
        let session = try PBXSession(configuration: configuration, logger: logger)
        do {
            let result = try await operation(session)
            await session.close()
            return result
        } catch {
            await session.close()
            throw error
        }
    }

    /// Logs in now, so that wrong credentials are found before any work is done; does nothing with a live
    /// token.
    public func logIn() async throws {
        _ = try await tokens.current()
    }

    /// Prolongs the token where half of its life has gone by since the last request.
    ///
    /// Every request looks after this by itself; it is for callers that leave the PBX alone for long.
    public func keepAlive() async throws {
        _ = try await tokens.current()
    }

    /// Lists the voicemails of some or all mailboxes.
    ///
    /// Neither a message whose entry cannot be read nor an extension that is not there keeps the others from being
    /// listed: they are named in the list. Where a listing as a whole cannot be read, each mailbox is listed by
    /// itself.
    ///
    /// What is listed twice alike is one message, and what is named twice is asked for once.
    ///
    /// - Parameter selection: The mailboxes; none gives an empty list without a request.
    /// - Returns: What is listed, in the order of the PBX.
    /// - Throws: `PBXConfigurationError.extensionNumber` for what cannot be an extension, or `PBXError`:
    ///   among them `refused` with `extensionMissing` where the PBX knows none of those that were named.
    public func voicemails(in selection: MailboxSelection = .all) async throws -> VoicemailList {
        if case .extensions(let extensions) = selection {
            if extensions.isEmpty { return VoicemailList() }
            for number in extensions where !Self.isExtension(number) {
                throw PBXConfigurationError.extensionNumber(number)
            }
            return try await query(.extensions(extensions.withoutRepetitions))
        }
        return try await query(selection)
    }

    /// The number by which a Yeastar box is told from others; nil where it gives none, or is not known to be a Yeastar.
    ///
    /// It is asked for once, and what the box makes of that does not matter.
    ///
    /// - Returns: 6 to 64 letters, digits and dashes.
    /// - Throws: `PBXError` where nothing else can be asked either: a login is refused, or the box has been given up.
    public func serialNumber() async throws -> String? {
        guard exchange.spoken.current.family != .openVox else { return nil }
        do {
            let serial = try await authorized { try await exchange.serialNumber(token: $0) }
            return serial.flatMap { Self.isSerial($0) ? $0 : nil }
        } catch let error as PBXError {
            switch error {
            case .loginRefused, .locked, .untrusted, .gaveUp: throw error
            default:
                logger.info("the PBX does not tell its serial number", metadata: ["reason": "\(error)"])
                return nil
            }
        }
    }

    /// Whether a text can be what tells one box from another: not the zeros of one that has none.
    private static func isSerial(_ text: String) -> Bool {
        (6...64).contains(text.utf8.count) && Set(text).count > 1
            && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
    }

    /// Logs out as well as it can be done, and ends all connections; the session is of no use afterwards.
    public func close() async {
        if let token = tokens.take() {
            let (exchange, logger) = (exchange, logger)
            // A task of its own, as this one may be cancelled, and the session is to end all the same.
            await Task {
                do {
                    try await exchange.logOut(token)
                } catch {
                    // The token dies by itself in half an hour.
                    logger.debug("logging out failed", metadata: ["reason": "\(error)"])
                }
            }.value
        }
        await transport.shutdown()
    }

    var retries: Retries {
        Retries(policy: configuration.retry, timing: timing, patience: patience, logger: logger)
    }

    /// Runs an operation with the session's token; where the PBX refuses that, once more with a new one.
    ///
    /// An operation of several requests may lose a token that was good for the first of them, to a box that
    /// allows one session at a time, say: then a few times more.
    func authorized<Result>(_ operation: (Secret) async throws -> Result) async throws -> Result {
        var token = try await tokens.current()
        var replacements = 0
        while true {
            do {
                let result = try await operation(token)
                tokens.used(token)
                return result
            } catch PBXError.refused(let refused, let code, _)
                where code.refusesToken
                && (replacements == 0 || replacements < Self.mostReplacements && tokens.hasServed(token))
            {
                replacements += 1
                logger.info(
                    "the token is no longer valid, so a new one is asked for",
                    metadata: ["operation": "\(refused.rawValue)", "code": "\(code.rawValue)"])
            }
            token = try await tokens.replacement(for: token)
        }
    }

    static func isExtension(_ text: String) -> Bool {
        (1...32).contains(text.utf8.count)
            && text.unicodeScalars.allSatisfy { $0.isASCII && $0.value > 0x20 && $0 != "\u{7F}" && $0 != "," }
    }
}
