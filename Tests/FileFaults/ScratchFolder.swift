package import Foundation

/// A folder under the system's temporary one that goes with the value that stands for it.
package struct ScratchFolder: ~Copyable {
    package let url: URL

    package var path: String { url.path }

    /// Makes an empty folder; in memory, where the system has such a place, for tests that sync thousands of times.
    package init(inMemory: Bool = false) throws {
        let memory = URL(filePath: "/dev/shm")
        let isUsable = inMemory && FileManager.default.isWritableFile(atPath: memory.path)
        let base = isUsable ? memory : FileManager.default.temporaryDirectory
        url = base.appending(path: "voxkeep-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }

    /// The path of a name in the folder.
    package func callAsFunction(_ name: String) -> String {
        url.appending(path: name).path
    }

    /// Everything below the folder, as sorted relative paths; folders are left out.
    package func files() -> [String] {
        let paths = FileManager.default.subpaths(atPath: path) ?? []
        return paths.filter { name in
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: self(name), isDirectory: &isFolder)
                && !isFolder.boolValue
        }.sorted()
    }

    package func text(_ name: String) -> String? {
        FileManager.default.contents(atPath: self(name)).map { String(decoding: $0, as: UTF8.self) }
    }
}
