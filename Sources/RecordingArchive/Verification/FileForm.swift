internal import DurableFiles

/// What can be in the place of a file or a folder of the archive, none of which are links.
enum FileForm {
    /// What is at a path that is no file, worded to follow the path; nil for a file, and where there is nothing.
    static func problem(at path: String, _ operations: any FileOperations) -> String? {
        let kind = kind(at: path, operations)
        return kind == .file ? nil : kind.map { "is \(name(of: $0)) and no file" }
    }

    /// What is at a path that is no folder, worded to follow the path; nil for a folder, and where there is nothing.
    static func problemOfFolder(at path: String, _ operations: any FileOperations) -> String? {
        let kind = kind(at: path, operations)
        return kind == .folder ? nil : kind.map { "is \(name(of: $0)) and no folder" }
    }

    /// Whether there is a folder at a path, and not a link to one.
    static func isFolder(at path: String, _ operations: any FileOperations) -> Bool {
        kind(at: path, operations) == .folder
    }

    /// Takes away what is in the place of a file and is none: a link, a pipe, a folder with nothing in it.
    ///
    /// - Throws: `FileError` where a folder is there that holds something.
    static func makeRoom(at path: String, _ operations: any FileOperations) throws(FileError) {
        if problem(at: path, operations) != nil { try operations.remove(path) }
    }

    /// Takes away what is in the place of a folder and is none, but for a file, which may hold something.
    static func makeRoomForFolder(at path: String, _ operations: any FileOperations) throws(FileError) {
        if kind(at: path, operations) != .folder { try makeRoom(at: path, operations) }
    }

    private static func kind(at path: String, _ operations: any FileOperations) -> FileStatus.Kind? {
        (try? operations.status(of: path, followingLinks: false))?.kind
    }

    private static func name(of kind: FileStatus.Kind) -> String {
        switch kind {
        case .file: "a file"
        case .folder: "a folder"
        case .link: "a symbolic link"
        case .other: "a pipe, a socket or a device"
        }
    }
}
