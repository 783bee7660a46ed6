internal import Foundation
internal import Synchronization

/// Runs work that blocks its thread, such as decoding, encoding and waiting for a disk, on a bounded number of
/// threads of its own.
///
/// Swift's cooperative pool has one thread a core and expects none of them to wait; Dispatch, too, starts no more
/// threads than there are cores while one of its own waits for the disk.
public final class BlockingPool: Sendable {
    private let width: Int
    private let queue = WorkQueue()

    /// Makes a pool of the given width, at least one thread; threads start when they are needed first.
    public init(width: Int) {
        self.width = max(1, width)
    }

    deinit {
        queue.close()
    }

    /// Runs a body on one of the pool's threads, and returns or throws what it does.
    public func run<Result: Sendable>(
        _ body: @escaping @Sendable () throws -> Result
    ) async throws -> Result {
        // The pool outlives the wait, and so do its threads.
        defer { withExtendedLifetime(self) {} }
        return try await withCheckedThrowingContinuation { continuation in
            queue.add(width: width) {
                continuation.resume(with: Swift.Result(catching: body))
            }
        }
    }
}

/// Work in the order in which it came, and the threads that take it.
private final class WorkQueue: Sendable {
    private struct State {
        var work: [@Sendable () -> Void] = []
        var threads = 0
    }

    private let state = Mutex(State())
    /// One for each piece of work; at the end one for each thread, which then finds none.
    private let signals = DispatchSemaphore(value: 0)

    func add(width: Int, _ work: @escaping @Sendable () -> Void) {
        let needsThread = state.withLock { state in
            state.work.append(work)
            guard state.threads < width else { return false }
            state.threads += 1
            return true
        }
        if needsThread { Thread { self.takeWork() }.start() }
        signals.signal()
    }

    func close() {
        for _ in 0..<state.withLock({ $0.threads }) { signals.signal() }
    }

    private func takeWork() {
        while true {
            signals.wait()
            let work = state.withLock { $0.work.isEmpty ? nil : $0.work.removeFirst() }
            guard let work else { return }
            work()
        }
    }
}
