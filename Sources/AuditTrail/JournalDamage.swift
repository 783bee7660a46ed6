/// How a line of the journal is not what was written.
public enum JournalDamage: String, Error, Sendable, Hashable {
    /// It is no canonical JSON.
    case notCanonical = "is not canonical JSON"
    /// It lacks what every line has, or has more.
    case incomplete = "does not have the parts of a line"
    /// It has the number of another line.
    case misplaced = "has the number of another line"
    /// Its entry has the digest, the time or the type of other details.
    case contradictory = "has an entry of other details"
    /// It commits to other lines than those before it.
    case unbound = "commits to other lines than those before it"
    /// It is longer than a line can be.
    case tooLong = "is longer than a line can be"
    /// Its segment ends, or is missing, and yet there is one after it.
    case missing = "is missing"
    /// It is not signed, and tells of more than that somebody has read.
    case unsigned = "is not signed"
    /// It has a signature, but not one of the key that signs at its place.
    case forged = "is not signed by the archive's key"
    /// It declares the key lost in favor of one that is not known to be the owner's.
    case usurping = "names a new key that is not the owner's"
}
