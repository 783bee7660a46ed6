internal import Logging

/// Repeats what failed by chance.
struct Retries: Sendable {
    let policy: RetryPolicy
    let timing: PBXTiming
    let patience: Patience
    let logger: Logger

    /// Runs an attempt until it succeeds, fails for good, has been repeated often enough, or the patience with the
    /// box has run out.
    func run<Result>(_ operation: PBXOperation, _ attempt: () async throws -> Result) async throws -> Result {
        var failures = 0
        while true {
            try Task.checkCancellation()
            let start = try await patience.begin()
            do {
                return try await attempt()
            } catch let error as PBXError where error.isTransient {
                try patience.failed(error, since: start)
                guard failures < policy.retries else { throw error }
                failures += 1
                logger.info(
                    "a request failed and will be repeated",
                    metadata: [
                        "operation": "\(operation.rawValue)", "failures": "\(failures)", "reason": "\(error)",
                    ])
                try await timing.sleep(policy.pause(afterFailures: failures, jitter: timing.jitter()))
            }
        }
    }
}
