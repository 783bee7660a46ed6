public import DurableFiles

/// What bringing a replica up to date did.
public struct ReplicationSummary: Sendable, Hashable {
    /// A file of the archive that was not copied.
    public struct Uncopied: Sendable, Hashable {
        /// Why not.
        public enum Reason: Sendable, Hashable {
            /// It has other bytes than were stored.
            case altered
            /// It is not there.
            case missing
            /// It could not be read, which says nothing of its bytes.
            case unreadable(FileError)
        }

        /// The file.
        public let path: String
        /// Why it was not copied.
        public let reason: Reason

        /// Makes it from its parts.
        public init(path: String, reason: Reason) {
            self.path = path
            self.reason = reason
        }
    }

    /// The replica's folder.
    public let path: String
    /// Recordings that were copied and read back.
    public var copied = 0
    /// Recordings that were removed because they were erased.
    public var removed = 0
    /// Files of the archive that were not copied, and are tried again the next time.
    public var uncopied: [Uncopied] = []
    /// Lines of the journal that it has now.
    public var lines = 0
}
