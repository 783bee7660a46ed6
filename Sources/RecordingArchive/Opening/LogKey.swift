/// Where the key is that signs an archive's log.
///
/// A log has one key at a time. They are numbered from 1, in the order in which they came to sign it.
public struct LogKey: Sendable, Hashable {
    /// The file of the key, outside of the archive.
    public var path: String

    /// Whether a key is made where the archive has no log yet.
    public var mayBeMade: Bool

    /// Names a key.
    public init(path: String, mayBeMade: Bool = true) {
        self.path = path
        self.mayBeMade = mayBeMade
    }

    /// The origin of an archive's log, and the name of its keys.
    public static func origin(archiveID: String) -> String { "voxkeep/\(archiveID)" }

    /// Finds the key of an archive.
    ///
    /// - Parameters:
    ///   - archiveID: The id of the archive.
    ///   - generation: The number of the key, from 1.
    public typealias Finder = @Sendable (_ archiveID: String, _ generation: Int) -> LogKey
}
