/// Something about a log's files that a verification came upon.
public enum LogFinding: Sendable, Hashable {
    /// A file of the log is missing or altered, or the log as a whole is not what was signed or known.
    case failure(LogError)
    /// An entry is not the one that was signed.
    case entryAltered(path: String, index: UInt64)
    /// A tile from before its place was full disagrees with what is there now.
    case earlierTileAltered(path: String)
    /// A file that is no part of a log.
    case stray(path: String)
    /// A file that a run did not live to sign or to remove; the next opening for writing does.
    case leaving(path: String)

    /// Whether the log is not as it was signed; only leavings are harmless.
    public var isDamage: Bool {
        if case .leaving = self { false } else { true }
    }
}

extension LogFinding: CustomStringConvertible {
    /// One sentence that names the file and says what to do.
    public var description: String {
        switch self {
        case .failure(let error):
            error.description
        case .entryAltered(let path, let index):
            "entry \(index) in \(path) is not the one that was signed; restore the file from a copy"
        case .earlierTileAltered(let path):
            "\(path) disagrees with the tile that took its place; compare it with a copy, then remove it"
        case .stray(let path):
            "\(path) is no part of the log; find out where it comes from, and move it away"
        case .leaving(let path):
            "\(path) was left by a run that was cut short; the next run that writes removes it"
        }
    }
}
