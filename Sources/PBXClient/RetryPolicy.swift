/// How often a request that failed by chance is made again, and after which pause.
public struct RetryPolicy: Sendable, Hashable {
    /// How often a request is repeated at most, after its first attempt.
    public var retries: Int
    /// The pause before the first repetition; each later one is twice as long.
    public var firstPause: Duration
    /// The longest pause.
    public var longestPause: Duration

    /// Makes a policy.
    public init(
        retries: Int = 3, firstPause: Duration = .milliseconds(500), longestPause: Duration = .seconds(10)
    ) {
        self.retries = retries
        self.firstPause = firstPause
        self.longestPause = longestPause
    }

    /// The pause after so many failures.
    ///
    /// - Parameters:
    ///   - failures: How many attempts have failed, from 1.
    ///   - jitter: A random number from 0 to 1. It takes up to half of the pause away, so that clients that
    ///     failed together do not come back together.
    /// - Returns: Between half of the pause and all of it.
    public func pause(afterFailures failures: Int, jitter: Double) -> Duration {
        // 2^16 of the shortest pause are beyond every longest one that makes sense.
        let doublings = min(max(failures - 1, 0), 16)
        let pause = min(firstPause * (1 << doublings), longestPause)
        return pause * (1 - 0.5 * min(max(jitter, 0), 1))
    }
}
