internal import CGlibc
internal import UnixSignals

/// Lets Ctrl-C, SIGTERM and a terminal that goes away (SIGHUP) end a command cleanly.
enum Interruption {
    private enum Event: Sendable {
        case finished(ExitStatus)
        case signaled
    }

    /// Whoever starts a command with nohup(1) has hang-ups ignored, and wants it to go on.
    private static var signals: [UnixSignal] {
        [.sigint, .sigterm] + (isSignalIgnored(SIGHUP) != 0 ? [] : [.sighup])
    }

    /// Runs a body, and cancels it at the first signal; what it has finished by then stays.
    ///
    /// The body is waited for even then, so that it can say what is done.
    static func run(_ body: @escaping @Sendable () async throws -> ExitStatus) async throws -> ExitStatus {
        let signals = signals
        return try await withThrowingTaskGroup(of: Event.self) { group in
            group.addTask { .finished(try await body()) }
            group.addTask {
                for await _ in await UnixSignalsSequence(trapping: signals) {
                    return .signaled
                }
                // The sequence ends only because this task was cancelled; the body's own event decides.
                return .signaled
            }
            defer { group.cancelAll() }
            switch try await group.next() {
            case .finished(let status):
                return status
            case .signaled, nil:
                group.cancelAll()
                do {
                    _ = try await group.next()
                } catch is CancellationError {
                    // The body had nothing to say.
                }
                return .interrupted
            }
        }
    }
}
