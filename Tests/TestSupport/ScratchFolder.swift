public import Foundation

/// A folder for one test, removed when the last reference to it goes.
public final class ScratchFolder: Sendable {
    /// The folder's path, without symbolic links on the way.
    public let path: String

    /// Makes an empty folder; in memory, where the system has such a place, for tests that sync thousands of times.
    public init(inMemory: Bool = false) throws {
        let memory = URL(filePath: "/dev/shm")
        let temporary = FileManager.default.temporaryDirectory.resolvingSymlinksInPath()
        // Whoever puts temporary files into memory wants all of them in that folder.
        let isUsable =
            inMemory && FileManager.default.isWritableFile(atPath: memory.path)
            && !temporary.path.hasPrefix("/dev/shm/")
        let base = isUsable ? memory : temporary
        // Every test works below a name with letters beyond ASCII, one of them of two code points.
        path = base.path + "/voxkeep-語音-Cafe\u{301}-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// The path of a name in the folder.
    public func path(_ name: String) -> String { "\(path)/\(name)" }

    /// The path of a name in the folder.
    public func callAsFunction(_ name: String) -> String { path(name) }

    /// The folder's place.
    public var url: URL { URL(filePath: path) }

    /// The content of a file as text; nil where there is none.
    public func text(_ name: String) -> String? {
        FileManager.default.contents(atPath: path(name)).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The content of a file; nothing where there is none.
    public func bytes(_ name: String) -> [UInt8] {
        FileManager.default.contents(atPath: path(name)).map { Array($0) } ?? []
    }

    /// Writes a file, with the folders on the way to it, and returns its path.
    @discardableResult
    public func write(_ bytes: some Collection<UInt8>, to name: String) throws -> String {
        let url = URL(filePath: path(name))
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: url)
        return url.path
    }

    /// The relative paths of all regular files below, sorted.
    public func files() -> [String] {
        let found = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
        return found.filter { name in
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: self.path(name), isDirectory: &isFolder)
                && !isFolder.boolValue
        }.sorted()
    }
}
