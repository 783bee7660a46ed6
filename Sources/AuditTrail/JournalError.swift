public import DurableFiles
public import TransparencyLog

/// Why a journal could not be read or added to.
public enum JournalError: Error, Sendable, Hashable {
    /// A line is not what was written: the segment's path, and the line's number from 0 in the whole journal.
    case damaged(path: String, line: Int, JournalDamage)
    /// The journal does not have the lines that it is known to have had.
    case changed(path: String, known: Int)
    /// A segment has lines that it did not give when it was read: its path.
    case unread(path: String)
    /// Others have been adding to the journal all the while: the process of this number, where that is known.
    case inUse(path: String, process: Int32?)
    /// An earlier write to the journal failed, so that nothing more is written.
    case stopped(path: String)
    /// A copied line is not the one that comes next.
    case outOfOrder(path: String, line: Int, next: Int)
    /// A line is to be signed by another key than the one that signs there.
    case wrongSigner(path: String, key: String)
    /// An event was to be added without the key whose holder alone adds such.
    case needsKey(path: String, event: String)
    /// A signature does not hold, as with a fault in memory.
    case badSignature(key: String)
    /// An event has something that JSON cannot say.
    case unwritable(event: String, CanonicalJSON.Failure)
    /// An event has more bytes than a line or an entry can have.
    case tooLarge(event: String, limit: Int)
    /// A file could not be read or written.
    case file(FileError)
}

extension JournalError: CustomStringConvertible {
    /// One sentence that names the journal, the line or the event, and says what to do.
    public var description: String {
        switch self {
        case .damaged(let path, let line, let damage):
            "line \(line) of the journal, in \(path), \(damage.rawValue); "
                + "restore the file from a copy, and find out who changed it"
        case .changed(let path, let known):
            "the journal at \(path) does not have the \(known) lines that it had before; "
                + "restore its newest copy, or rebuild the catalog if this is it"
        case .unread(let path):
            "\(path) has more lines than it gave when it was read, so nothing was added to it; check the disk, and run again"
        case .inUse(let path, let process?):
            "process \(process) keeps the journal at \(path) locked; wait until it has ended"
        case .inUse(let path, nil):
            "another process keeps the journal at \(path) locked; wait until it has ended"
        case .stopped(let path):
            "an earlier write to the journal at \(path) failed, so nothing more is added; open it again"
        case .outOfOrder(let path, let line, let next):
            "line \(line) cannot be added to the journal at \(path), which lacks line \(next); copy that one first"
        case .wrongSigner(let path, let key):
            "the key \(key) does not sign the journal at \(path); name the newest one"
        case .needsKey(let path, let event):
            "nobody can add the event \(event) to the journal at \(path) without the archive's key; name it"
        case .badSignature(let key):
            "a signature of the key \(key) came out wrong, so nothing was added; check the machine's memory"
        case .unwritable(let event, let failure):
            "the event \(event) cannot be written: \(failure)"
        case .tooLarge(let event, let limit):
            "the event \(event) has more than the \(limit) bytes that fit; divide it into several"
        case .file(let error):
            error.description
        }
    }
}
