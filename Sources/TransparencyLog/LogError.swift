public import DurableFiles

/// Why a log could not be opened, read or added to.
public enum LogError: Error, Sendable, Hashable {
    /// There is no log at the path, or its checkpoint was lost.
    case checkpointMissing(path: String)
    /// The checkpoint is not of its form, or not signed by a known key.
    case badCheckpoint(path: String, NoteError)
    /// A file of the log is missing or is not what it should be.
    case damaged(path: String, TileDamage)
    /// The log on the disk does not lead to the root hash of its checkpoint.
    case rootMismatch(path: String, size: UInt64)
    /// The log has fewer entries than it is known to have had.
    case rolledBack(path: String, size: UInt64, known: UInt64)
    /// The log's first entries are others than they are known to have been.
    case rewritten(path: String, known: UInt64)
    /// There is no entry of that index, or no tree of that size.
    case outOfRange(path: String, index: UInt64, size: UInt64)
    /// The log cannot take so many entries more.
    case full(path: String)
    /// Another process writes to the log: the one of this number, where that is known.
    case inUse(path: String, process: Int32?)
    /// An earlier write to the log failed, so that nothing more is written.
    case stopped(path: String)
    /// The key does not sign.
    case signing(SigningKeyError)
    /// A file could not be read or written.
    case file(FileError)
}

extension LogError: CustomStringConvertible {
    /// One sentence that names the log or the file and says what to do.
    public var description: String {
        switch self {
        case .checkpointMissing(let path):
            "there is no checkpoint in the log at \(path); check the path, or restore the log from a copy"
        case .badCheckpoint(let path, let error):
            "\(path)/checkpoint is not to be trusted: \(error)"
        case .damaged(let path, let damage):
            "\(path) \(damage.rawValue); verify the log and restore the file from a copy"
        case .rootMismatch(let path, let size):
            "the \(size) entries of the log at \(path) do not lead to the root hash that was signed; "
                + "verify the log and restore it from a copy"
        case .rolledBack(let path, let size, let known):
            "the log at \(path) has \(size) entries, but had \(known) before; restore its newest copy"
        case .rewritten(let path, let known):
            "the first \(known) entries of the log at \(path) are not those that were signed; "
                + "restore it from a copy, and find out who changed it"
        case .outOfRange(let path, let index, let size):
            "the log at \(path) has \(size) entries and cannot answer for \(index); ask for an earlier one"
        case .full(let path):
            "the log at \(path) cannot take so many more entries; begin a new log"
        case .inUse(let path, let process?):
            "the log at \(path) is in use by process \(process); wait until it has ended"
        case .inUse(let path, nil):
            "the log at \(path) is in use by another process; wait until it has ended"
        case .stopped(let path):
            "an earlier write to the log at \(path) failed, so nothing more is added; open it again"
        case .signing(let error):
            error.description
        case .file(let error):
            error.description
        }
    }
}
