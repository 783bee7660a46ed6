internal import DurableFiles

/// The places in an archive's folder.
struct ArchiveLayout: Sendable, Hashable {
    /// The archive's folder: an absolute path.
    let root: String

    var description: String { Folder.path(root, "archive.json") }
    var catalog: String { Folder.path(root, "catalog.sqlite") }
    var lock: String { Folder.path(root, "lock") }
    /// Where files are while they are written; on the same file system, so that they can be linked out of it.
    var incoming: String { Folder.path(root, "incoming") }

    /// The files that SQLite keeps beside the catalog.
    var catalogCompanions: [String] { [catalog + "-wal", catalog + "-shm"] }

    func absolute(_ path: String) -> String {
        Folder.path(root, path)
    }

    func folder(of state: Recording.State) -> String {
        absolute(Self.folderName(of: state))
    }

    static func folderName(of state: Recording.State) -> String {
        switch state {
        case .archived: "recordings"
        case .quarantined: "quarantine"
        }
    }

    static func pathExtension(of state: Recording.State) -> String {
        switch state {
        case .archived: "flac"
        case .quarantined: "wav"
        }
    }

    /// The names that are in the folder of an archive that was not finished when its making was cut short.
    static let namesWhileMaking: Set = [
        "lock", "incoming", "recordings", "quarantine", "catalog.sqlite", "catalog.sqlite-wal",
        "catalog.sqlite-shm", "catalog.sqlite-journal",
    ]
}
