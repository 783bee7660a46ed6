/// Why a person's own program has given no answer.
package enum UserProgramError: Error, Sendable, Hashable {
    /// It could not be started, as the shell says or the system.
    case cannotRun(reason: String)
    /// It ended with another status than 0; the last line that it said on its standard error.
    case failed(status: Int32, message: String?)
    /// A signal ended it.
    case killed(signal: Int32, message: String?)
    /// It had to be ended.
    case timedOut(Duration)
    /// It printed more than this many bytes, and had to be ended.
    case saidTooMuch(limit: Int)
}

extension UserProgramError: CustomStringConvertible {
    /// A clause that says what the program did.
    package var description: String {
        switch self {
        case .cannotRun(let reason): "it cannot be run: \(reason)"
        case .failed(let status, let message): "it ended with status \(status)\(Self.quote(message))"
        case .killed(let signal, let message): "signal \(signal) ended it\(Self.quote(message))"
        case .timedOut(let limit): "it took longer than \(limit.components.seconds) s and was ended"
        case .saidTooMuch(let limit): "it printed more than \(limit) bytes and was ended"
        }
    }

    private static func quote(_ message: String?) -> String {
        guard let message else { return " and said nothing" }
        return ", saying \u{201C}\(message.prefix(200))\u{201D}"
    }
}
