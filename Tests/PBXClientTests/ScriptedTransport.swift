import Foundation
import Logging
import Synchronization

@testable import PBXClient

/// What a scripted PBX says to one request.
struct Reply: Sendable {
    var status = 200
    var contentLength: Int64?
    var location: String?
    var retryAfter: String?
    var pieces: [[UInt8]] = []
    /// Thrown in place of an answer.
    var failure: PBXError?
    /// Thrown after the pieces.
    var breakage: PBXError?

    static func text(_ text: String, status: Int = 200) -> Reply {
        Reply(status: status, pieces: [Array(text.utf8)])
    }

    static func refusal(_ code: Int) -> Reply { .text(#"{"status":"Failed","errno":"\#(code)"}"#) }

    static func audio(_ bytes: [UInt8]) -> Reply {
        Reply(contentLength: Int64(bytes.count), pieces: [bytes])
    }

    static func failing(_ error: PBXError) -> Reply { Reply(failure: error) }

    static let success = Reply.text(#"{"status":"Success"}"#)

    static func login(_ token: String) -> Reply { .text(#"{"status":"Success","token":"\#(token)"}"#) }

    static func random(_ random: String) -> Reply { .text(#"{"status":"Success","random":"\#(random)"}"#) }

    static func list(_ listings: [VoicemailListing]) -> Reply {
        guard !listings.isEmpty else { return success }
        let entries = listings.map { listing in
            #"{"voicemailfile":"\#(listing.file)","messagefrom":"\#(listing.caller)","voicemailstatus":"#
                + #""\#(listing.status?.rawValue ?? "")","voicemaildate":"\#(listing.date)","#
                + #""voicemaillength":"\#(listing.length)"}"#
        }
        return .text(
            #"{"status":"Success","voicemails":[{"extid":"\#(listings[0].extension)","voicemail":["#
                + entries.joined(separator: ",") + "]}]}")
    }
}

/// A PBX that answers from a list of replies for each operation; the last of a list is repeated.
final class ScriptedTransport: PBXTransport {
    struct Call: Sendable {
        let operation: PBXOperation
        let method: TransportRequest.Method
        let link: String
        let body: String?
    }

    struct Unscripted: Error {
        let operation: PBXOperation
    }

    private struct State {
        var replies: [PBXOperation: [Reply]]
        var calls: [Call] = []
        var underWay = 0
        var mostUnderWay = 0
        var isShutDown = false
    }

    private let state: Mutex<State>

    init(_ replies: [PBXOperation: [Reply]]) {
        state = Mutex(State(replies: replies))
    }

    var calls: [Call] { state.withLock { $0.calls } }
    var mostUnderWay: Int { state.withLock { $0.mostUnderWay } }
    var isShutDown: Bool { state.withLock { $0.isShutDown } }

    func calls(of operation: PBXOperation) -> [Call] { calls.filter { $0.operation == operation } }

    func count(_ operation: PBXOperation) -> Int { calls(of: operation).count }

    func send(_ request: TransportRequest) async throws -> TransportResponse {
        state.withLock { state in
            state.underWay += 1
            state.mostUnderWay = max(state.mostUnderWay, state.underWay)
        }
        // Others get a chance to run into this request, which shows what happens side by side.
        for _ in 0..<20 { await Task.yield() }
        let reply: Reply = try state.withLock { state in
            state.underWay -= 1
            state.calls.append(
                Call(
                    operation: request.operation, method: request.method, link: request.link.reveal(),
                    body: request.body.map { String(decoding: $0, as: UTF8.self) }))
            guard let replies = state.replies[request.operation], let reply = replies.first else {
                throw Unscripted(operation: request.operation)
            }
            if replies.count > 1 { state.replies[request.operation] = Array(replies.dropFirst()) }
            return reply
        }
        if let failure = reply.failure { throw failure }
        let (pieces, breakage) = (reply.pieces, reply.breakage)
        let body = AsyncThrowingStream<[UInt8], any Error> { continuation in
            for piece in pieces { continuation.yield(piece) }
            continuation.finish(throwing: breakage)
        }
        return TransportResponse(
            status: reply.status, contentLength: reply.contentLength,
            location: reply.location, retryAfter: reply.retryAfter, body: body)
    }

    func ownAddress() async -> String? { "172.16.6.150" }

    func shutdown() async { state.withLock { $0.isShutDown = true } }
}

/// A clock that stands still until it is moved, and pauses that are only noted.
final class TestClock: Sendable {
    private struct State {
        var now = Date(timeIntervalSince1970: 1_700_000_000)
        var uptime = Duration.zero
        var tick = Duration.zero
        var pauses: [Duration] = []
    }

    private let state = Mutex(State())

    /// A clock whose uptime, and nothing else, goes on by so much each time that it is read.
    init(tick: Duration = .zero) {
        state.withLock { $0.tick = tick }
    }

    var now: Date { state.withLock { $0.now } }
    var pauses: [Duration] { state.withLock { $0.pauses } }
    var uptime: Duration { state.withLock { $0.uptime } }

    func advance(by seconds: Double) { state.withLock { $0.now += seconds } }

    var timing: PBXTiming {
        PBXTiming(
            now: { self.now },
            uptime: {
                self.state.withLock { state in
                    state.uptime += state.tick
                    return state.uptime
                }
            },
            sleep: { pause in
                self.state.withLock { state in
                    state.pauses.append(pause)
                    state.uptime += pause
                }
            },
            jitter: { 0 })
    }
}

/// Keeps every line that is logged, with its metadata.
final class LogRecorder: Sendable {
    private let recorded = Mutex<[String]>([])

    var lines: [String] { recorded.withLock { $0 } }

    var logger: Logger { Logger(label: "test") { _ in Handler(recorder: self) } }

    private struct Handler: LogHandler {
        let recorder: LogRecorder
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let line = "\(event.message) \(event.metadata ?? [:])"
            recorder.recorded.withLock { $0.append(line) }
        }
    }
}

enum Sample {
    static let password = "p4ss-word"

    static func configuration(_ dialect: PBXDialect? = .yeastarV1) throws -> PBXConfiguration {
        PBXConfiguration(
            address: try PBXAddress("http://127.0.0.1:8088"), username: "api", password: Secret(password),
            dialect: dialect)
    }

    static func session(
        _ transport: ScriptedTransport, clock: TestClock = TestClock(), log: LogRecorder = LogRecorder(),
        dialect: PBXDialect? = .yeastarV1, adjust: (inout PBXConfiguration) -> Void = { _ in }
    ) throws -> PBXSession {
        var configuration = try configuration(dialect)
        adjust(&configuration)
        return PBXSession(
            configuration: configuration, transport: transport, logger: log.logger, timing: clock.timing)
    }

    static func listing(
        _ file: String = "msg0000.wav", status: VoicemailStatus? = .unread, caller: String = "2000",
        date: String = "2020-01-02 18:00:00", length: String = "42"
    ) -> VoicemailListing {
        VoicemailListing(
            extension: "1000", status: status, file: file, caller: caller, date: date, length: length)
    }
}

/// A folder of one's own, removed with its content.
func withScratchFolder<Result>(_ operation: (URL) async throws -> Result) async throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "pbx-client-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try await operation(folder)
}
