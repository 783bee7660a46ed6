internal import DurableFiles

/// The places in an archive's folder.
struct ArchiveLayout: Sendable, Hashable {
    /// The archive's folder: an absolute path.
    let root: String

    /// Whether both are in the folder of one path.
    static func == (one: ArchiveLayout, other: ArchiveLayout) -> Bool {
        PathKey(one.root) == PathKey(other.root)
    }

    func hash(into hasher: inout Hasher) { hasher.combine(PathKey(root)) }

    var description: String { Folder.path(root, "archive.json") }
    var catalog: String { Folder.path(root, "catalog.sqlite") }
    /// What is left of a catalog that could not be opened.
    var damagedCatalog: String { catalog + ".damaged" }
    var lock: String { Folder.path(root, "lock") }
    /// Room on the disk for erasures when it is full.
    var reserve: String { Folder.path(root, "reserve") }
    /// Where files are while they are written; on the same file system, so that they can be linked out of it.
    var incoming: String { Folder.path(root, "incoming") }

    var journal: String { Folder.path(root, "journal") }
    var log: String { Folder.path(root, "log") }
    /// The keys that the log's signatures are checked with, one a line, the oldest first.
    var verifierKeys: String { Folder.path(root, "verifier-keys.txt") }
    var anchors: String { Folder.path(root, "anchors") }
    var listings: String { Folder.path(root, "listings") }

    /// The sidecar of a recording whose ingest is under way; while it is there, files without a row are no strangers.
    func intent(of id: String) -> String { Folder.path(incoming, id + ".json") }

    /// What the names of such sidecars look like.
    static var intentName: Regex<Substring> { /[0-9a-f]{32}\.json/ }

    static let pendingAnswerSuffix = ".answer.json"

    /// An answer of a hook on its way into the sidecar of a recording.
    func pendingAnswer(to id: String) -> String { Folder.path(incoming, id + Self.pendingAnswerSuffix) }

    /// The files that SQLite keeps beside the catalog.
    var catalogCompanions: [String] { [catalog + "-wal", catalog + "-shm"] }

    func absolute(_ path: String) -> String {
        Folder.path(root, path)
    }

    /// Makes sure that none of the folders is a symbolic link: what is written into it would not be in the archive.
    func refuseLinks(_ operations: any FileOperations) throws(FileError) {
        for folder in Self.folders + ["log/tile"] {
            try Folder.refuseLinks(to: absolute(folder), below: root, operations: operations)
        }
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

    /// All folders of an archive that are not below another one of it.
    static let folders = ["anchors", "incoming", "journal", "listings", "log", "quarantine", "recordings"]

    /// Whether a path in an archive is one of these, or of those in them that are always the same.
    static func isFolder(_ path: String) -> Bool { folders.contains(path) || path == "log/tile" }

    /// The folders that are empty until the archive is finished.
    static let namesThatFill = ["recordings", "quarantine", "journal"]

    /// All names that belong into the folder of an archive, or of the file system that it is the root of.
    static let names: Set = [
        "anchors", "archive.json", "catalog.sqlite", "catalog.sqlite-journal", "catalog.sqlite-shm",
        "catalog.sqlite-wal", "catalog.sqlite.damaged", "incoming", "journal", "listings", "lock", "log",
        "lost+found",
        "quarantine", "recordings", "reserve", "verifier-keys.txt",
    ]

    /// The names that are in the folder of an archive that was not finished when its making was cut short.
    static let namesWhileMaking: Set = [
        "lock", "incoming", "recordings", "quarantine", "catalog.sqlite", "catalog.sqlite-wal",
        "catalog.sqlite-shm", "catalog.sqlite-journal", "journal",
    ]
}
