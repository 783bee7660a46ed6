/// What can be wrong with a file of a log.
public enum TileDamage: String, Sendable {
    /// It is not there.
    case missing = "is missing"
    /// It has not the size or the form that its place in the log calls for.
    case malformed = "does not have the size that its place in the log calls for"
    /// Its content is not what the signed root hash stands for.
    case altered = "does not have the content that was signed"
}
