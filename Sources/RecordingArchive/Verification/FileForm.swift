internal import DurableFiles

/// What can be in the place of a file of the archive, which are all regular files.
enum FileForm {
    /// What is at a path that is no file, worded to follow the path; nil for a file, and where there is nothing.
    static func problem(at path: String, _ operations: any FileOperations) -> String? {
        switch (try? operations.status(of: path, followingLinks: false))?.kind {
        case .link: return "is a symbolic link and no file"
        case .folder: return "is a folder and no file"
        case .other: return "is no file, but a pipe, a socket or a device"
        case .file, nil: return nil
        }
    }

    /// Whether there is a folder at a path, and not a link to one.
    static func isFolder(at path: String, _ operations: any FileOperations) -> Bool {
        (try? operations.status(of: path, followingLinks: false))?.kind == .folder
    }

    /// Takes away what is in the place of a file and is none: a link, a pipe, a folder with nothing in it.
    ///
    /// - Throws: `FileError` where a folder is there that holds something.
    static func makeRoom(at path: String, _ operations: any FileOperations) throws(FileError) {
        if problem(at: path, operations) != nil { try operations.remove(path) }
    }

    /// Takes away what is in the place of a folder and is none, but for a file, which may hold something.
    static func makeRoomForFolder(at path: String, _ operations: any FileOperations) throws(FileError) {
        if !isFolder(at: path, operations) { try makeRoom(at: path, operations) }
    }
}
