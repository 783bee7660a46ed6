public import DurableFiles

/// Why a key could not be made, opened or signed with.
public enum SigningKeyError: Error, Sendable, Hashable {
    /// A name that signed notes cannot hold.
    case invalidName(String)
    /// A seed that does not have 32 bytes.
    case invalidSeed
    /// There is a key at the path already.
    case exists(path: String)
    /// There is no key at the path.
    case missing(path: String)
    /// The file is not a key.
    case malformed(path: String)
    /// Others than the owner may read the key, or write it.
    case accessibleToOthers(path: String, permissions: UInt16)
    /// The record of what the key signed last is not beside it.
    case recordMissing(path: String)
    /// The record of what the key signed last cannot be used.
    case recordUnusable(path: String, NoteError)
    /// There is a record of signatures without the key that made them.
    case orphanedRecord(path: String)
    /// Another process is signing with the key: the one of this number, where that is known.
    case inUse(path: String, process: Int32?)
    /// What is to be signed does not extend what was signed before.
    case notExtending(path: String, signed: UInt64, offered: UInt64, ProofError)
    /// An earlier signature could not be recorded, so nothing more is signed.
    case stopped(path: String)
    /// A file could not be read or written.
    case file(FileError)
}

extension SigningKeyError: CustomStringConvertible {
    /// One sentence that names the key's file and says what to do.
    public var description: String {
        switch self {
        case .invalidName(let name):
            "\(name.debugDescription) cannot be the name of a key; choose one without spaces and +"
        case .invalidSeed:
            "the seed of a key must have 32 bytes; take them from a source of random numbers"
        case .exists(let path):
            "there is a key at \(path) already; use it, or choose another path for the new one"
        case .missing(let path):
            "there is no signing key at \(path); restore it from its backup, or make a new one"
        case .malformed(let path):
            "\(path) is not a signing key; restore it from its backup"
        case .accessibleToOthers(let path, let permissions):
            "\(path) has mode \(String(permissions, radix: 8)), so that others have access to the signing key; "
                + "find out who used it, then run: chmod 600 \(path)"
        case .recordMissing(let path):
            "\(path) is missing, which keeps the key from signing two histories; restore it from its backup"
        case .recordUnusable(let path, let error):
            "\(path), the record of what the key signed last, cannot be used: \(error)"
        case .orphanedRecord(let path):
            "\(path) records signatures of a key that is gone; restore the key, or move the record away"
        case .inUse(let path, let process?):
            "the signing key at \(path) is in use by process \(process); wait until it has ended"
        case .inUse(let path, nil):
            "the signing key at \(path) is in use by another process; wait until it has ended"
        case .notExtending(let path, let signed, let offered, let error):
            "the key at \(path) signed \(signed) entries last and does not sign these \(offered), "
                + "which do not extend them: \(error)"
        case .stopped(let path):
            "the key at \(path) could not record what it signed and has stopped; check the disk and run again"
        case .file(let error):
            error.description
        }
    }
}
