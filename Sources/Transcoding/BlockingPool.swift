internal import Foundation

/// Runs work that blocks its thread, such as decoding, encoding and waiting for a disk, on a bounded number of
/// threads of its own.
///
/// Swift's cooperative pool has one thread a core and expects none of them to wait.
public final class BlockingPool: Sendable {
    private let queue: OperationQueue

    /// Makes a pool of the given width, at least one thread.
    public init(width: Int) {
        queue = OperationQueue()
        queue.name = "voxkeep.blocking"
        queue.maxConcurrentOperationCount = max(1, width)
    }

    /// Runs a body on one of the pool's threads, and returns or throws what it does.
    public func run<Result: Sendable>(
        _ body: @escaping @Sendable () throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            queue.addOperation {
                continuation.resume(with: Swift.Result(catching: body))
            }
        }
    }
}
