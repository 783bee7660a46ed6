import Foundation
import TestSupport
import Testing

/// What can be in the place of a file or a folder of an archive.
enum MisplacedThing: String, CaseIterable {
    case pipe, socket, folder, filledFolder, emptyFile
    /// A symbolic link to itself, to nothing, to a file without an end, or to what was there, moved to `outside`.
    case circle, dangling, endless, moved

    /// Puts it in the place of something, which goes to `outside`.
    func put(at path: String, movingTo outside: String) throws {
        let manager = FileManager.default
        if manager.fileExists(atPath: path) {
            try manager.moveItem(atPath: path, toPath: outside + "/original")
        } else {
            try Data().write(to: URL(filePath: outside + "/original"))
        }
        let folder = URL(filePath: path).deletingLastPathComponent().path
        try manager.createDirectory(atPath: folder, withIntermediateDirectories: true)
        switch self {
        case .pipe: try #require(mkfifo(path, 0o600) == 0)
        case .socket: try #require(mknod(path, S_IFSOCK | 0o600, 0) == 0)
        case .folder: try #require(mkdir(path, 0o700) == 0)
        case .filledFolder:
            try #require(mkdir(path, 0o700) == 0)
            try Data("x".utf8).write(to: URL(filePath: path + "/x"))
        case .emptyFile: try Data().write(to: URL(filePath: path))
        case .circle: try #require(symlink(URL(filePath: path).lastPathComponent, path) == 0)
        case .dangling: try #require(symlink("/nonexistent/x", path) == 0)
        case .endless: try #require(symlink("/dev/zero", path) == 0)
        case .moved: try #require(symlink(outside + "/original", path) == 0)
        }
    }
}
