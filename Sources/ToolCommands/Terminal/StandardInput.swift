internal import Foundation

/// What somebody types, or what another program writes, while a command runs.
enum StandardInput {
    /// The lines of standard input as they come, until it ends.
    static func lines() -> AsyncStream<String> {
        // A job in the background may not read its terminal: without this it would be stopped for trying.
        signal(SIGTTIN, SIG_IGN)
        return AsyncStream { continuation in
            Thread.detachNewThread {
                while let line = readLine() { continuation.yield(line) }
                continuation.finish()
            }
        }
    }
}
