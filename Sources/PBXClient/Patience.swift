internal import Synchronization

/// How long a session goes on with a box that has nothing to show for it, and how long it leaves one alone that
/// has asked for that.
///
/// Progress is a login, a listing or a whole download. Without any, a run would otherwise take as many times the
/// limits of one request as there are messages.
final class Patience: Sendable {
    private struct State {
        var lastProgress = Duration.zero
        /// When the first attempt began that has failed since the last progress.
        var fruitlessSince: Duration?
        /// How the last attempt failed.
        var cause = ""
        /// Until when the box wants to be left alone.
        var restUntil = Duration.zero
    }

    private let address: PBXAddress
    private let limit: Duration
    private let timing: PBXTiming
    private let state = Mutex(State())

    /// Makes the patience of one session; the limit is the longest time without progress.
    init(with address: PBXAddress, limit: Duration, timing: PBXTiming) {
        self.address = address
        self.limit = limit
        self.timing = timing
    }

    /// Waits until the box may be asked.
    ///
    /// - Returns: The time at which the attempt begins, for `failed(_:since:)`.
    /// - Throws: `PBXError.gaveUp` where the patience has run out or would do so before then.
    func begin() async throws -> Duration {
        let now = timing.uptime()
        let (end, rest) = state.withLock { (($0.fruitlessSince ?? now) + limit, $0.restUntil - now) }
        if now >= end { throw exhausted }
        guard rest > .zero else { return now }
        guard now + rest < end else {
            throw PBXError.gaveUp(address, after: nil, reason: "it asks to be left alone for \(rest.inWords)")
        }
        try await timing.sleep(rest)
        return timing.uptime()
    }

    /// Takes note of an attempt that has failed by chance.
    ///
    /// - Throws: `PBXError.gaveUp` where the patience has run out.
    func failed(_ error: PBXError, since start: Duration) throws(PBXError) {
        let now = timing.uptime()
        let isOver = state.withLock { state in
            let since = min(state.fruitlessSince ?? max(start, state.lastProgress), now)
            state.fruitlessSince = since
            state.cause = error.cause
            if let pause = error.retryAfter { state.restUntil = max(state.restUntil, now + pause) }
            return now - since >= limit
        }
        if isOver { throw exhausted }
    }

    /// Takes note that the box has given something.
    func progress() {
        let now = timing.uptime()
        state.withLock { state in
            state.lastProgress = now
            state.fruitlessSince = nil
        }
    }

    private var exhausted: PBXError {
        .gaveUp(address, after: limit, reason: state.withLock { $0.cause })
    }
}

/// Whether an answer comes fast enough, as a whole and from one stretch of time to the next.
struct Pace {
    private let operation: PBXOperation
    private let whole: Duration
    private let leastRate: Int
    private let stretch: Duration
    private let uptime: @Sendable () -> Duration

    private let start: Duration
    private var stretchStart: Duration
    private var bytesInStretch = 0

    /// Starts to measure.
    ///
    /// - Parameters:
    ///   - operation: What is answered.
    ///   - whole: The longest time for all of it.
    ///   - leastRate: The fewest bytes a second, 0 for no limit.
    ///   - stretch: Over how long the bytes are counted.
    ///   - uptime: The clock.
    init(
        of operation: PBXOperation, whole: Duration, leastRate: Int = 0,
        over stretch: Duration = .seconds(30),
        uptime: @escaping @Sendable () -> Duration
    ) {
        self.operation = operation
        self.whole = whole
        self.leastRate = leastRate
        self.stretch = stretch
        self.uptime = uptime
        start = uptime()
        stretchStart = start
    }

    /// Takes note of bytes that have come.
    ///
    /// - Throws: `PBXError.tooSlow`.
    mutating func note(_ count: Int) throws(PBXError) {
        let now = uptime()
        guard now - start <= whole else {
            throw .tooSlow(operation, reason: "it has taken longer than \(whole.inWords)")
        }
        bytesInStretch += count
        let elapsed = now - stretchStart
        guard leastRate > 0, elapsed >= stretch else { return }
        guard Double(bytesInStretch) >= Double(leastRate) * (elapsed / .seconds(1)) else {
            throw .tooSlow(operation, reason: "fewer than \(leastRate) bytes a second")
        }
        stretchStart = now
        bytesInStretch = 0
    }
}

extension Duration {
    /// Whole seconds, or minutes where there are no odd seconds.
    var inWords: String {
        let seconds = Int(components.seconds) + (components.attoseconds > 0 ? 1 : 0)
        if seconds > 60, seconds % 60 == 0 { return "\(seconds / 60) minutes" }
        return seconds == 1 ? "1 second" : "\(seconds) seconds"
    }
}
