public import Foundation

/// The effects that make a session's behavior depend on when it runs: clock, sleep and chance.
public struct PBXTiming: Sendable {
    /// The time of day.
    public var now: @Sendable () -> Date
    /// A time that never goes backward, from any beginning: what pauses and limits are measured with.
    public var uptime: @Sendable () -> Duration
    /// Waits; throws `CancellationError` when the task is cancelled.
    public var sleep: @Sendable (Duration) async throws -> Void
    /// A random number from 0 to 1.
    public var jitter: @Sendable () -> Double

    /// Makes a set of effects.
    public init(
        now: @escaping @Sendable () -> Date, uptime: @escaping @Sendable () -> Duration,
        sleep: @escaping @Sendable (Duration) async throws -> Void,
        jitter: @escaping @Sendable () -> Double
    ) {
        self.now = now
        self.uptime = uptime
        self.sleep = sleep
        self.jitter = jitter
    }

    /// The system's clock, real pauses and the system's random numbers.
    public static let system = PBXTiming(
        now: { Date() },
        uptime: { beginning.duration(to: .now) },
        sleep: { try await Task.sleep(for: $0) },
        jitter: { Double.random(in: 0...1) })

    /// It stands still while the machine sleeps, so that no box is given up for that.
    private static let beginning = SuspendingClock.now
}
