internal import Synchronization

/// The time that token lives, random strings and lock-outs are measured with, counted from an arbitrary
/// start.
public struct EmulatorClock: Sendable {
    private let read: @Sendable () -> Duration

    /// Makes a clock from a function that tells the time since some fixed moment.
    public init(_ read: @escaping @Sendable () -> Duration) {
        self.read = read
    }

    /// The time since the clock's start.
    public var now: Duration { read() }

    /// The machine's continuous clock.
    public static var continuous: EmulatorClock {
        let start = ContinuousClock.now
        return EmulatorClock { start.duration(to: .now) }
    }
}

/// A clock that stands still until it is told to go on.
public final class ManualClock: Sendable {
    private let elapsed = Mutex(Duration.zero)

    /// Makes a clock that stands at zero.
    public init() {}

    /// Puts the clock forward.
    public func advance(by duration: Duration) {
        elapsed.withLock { $0 += duration }
    }

    /// The clock as an emulator reads it.
    public var clock: EmulatorClock {
        EmulatorClock { self.elapsed.withLock { $0 } }
    }
}
