internal import Foundation

/// Where a folder is once symbolic links on the way to it are followed, whether or not it is there yet.
struct FolderPlace: Hashable {
    private let components: [String]

    /// Follows the links of the part of an absolute path that is there.
    init(_ path: String) {
        var there = URL(filePath: path).standardizedFileURL
        var missing: [String] = []
        while there.path != "/", !FileManager.default.fileExists(atPath: there.path) {
            missing.insert(there.lastPathComponent, at: 0)
            there.deleteLastPathComponent()
        }
        components = there.resolvingSymlinksInPath().pathComponents + missing
    }

    /// Whether they are one folder, or one lies within the other.
    func overlaps(_ other: FolderPlace) -> Bool {
        let count = min(components.count, other.components.count)
        return components.prefix(count) == other.components.prefix(count)
    }
}
