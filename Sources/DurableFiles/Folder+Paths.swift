// Paths as file systems read them: bytes, with slashes between names.
//
// A `String` counts and compares characters. A letter with its accent is one, whatever number of bytes it takes; a
// combining mark makes one of itself and the slash before it; and a name is equal to the same one decomposed. To a file
// system these are other numbers and other names, so what takes a path apart does it here.
extension Folder {
    /// The folder that a path's last name is in; `.` for a bare name, `/` for the root.
    public static func parent(of path: String) -> String {
        var bytes = Substring(path).utf8
        while bytes.count > 1, bytes.last == UInt8(ascii: "/") { bytes.removeLast() }
        guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        bytes = bytes[..<slash]
        while bytes.last == UInt8(ascii: "/") { bytes.removeLast() }
        return bytes.isEmpty ? "/" : String(Substring(bytes))
    }

    /// The last name of a path, without the slashes at its end; nothing for the root.
    public static func name(of path: String) -> String {
        var bytes = Substring(path).utf8
        while bytes.last == UInt8(ascii: "/") { bytes.removeLast() }
        let start = bytes.lastIndex(of: UInt8(ascii: "/")).map(bytes.index(after:)) ?? bytes.startIndex
        return String(Substring(bytes[start...]))
    }

    /// A path that leads from a folder to a name or a path within it.
    public static func path(_ folder: String, _ name: String) -> String {
        folder.utf8.last == UInt8(ascii: "/") ? folder + name : folder + "/" + name
    }

    /// The path that leads from a folder to what another path leads to, the inverse of `path(_:_:)`; nil where that is
    /// not below the folder.
    ///
    /// Links and `..` are not followed.
    public static func relativePath(of path: String, in folder: String) -> String? {
        let prefix = Self.path(folder, "").utf8
        guard path.utf8.starts(with: prefix) else { return nil }
        return String(Substring(path.utf8.dropFirst(prefix.count)))
    }

    /// Whether a path begins at the root, and not at the current folder.
    public static func isAbsolute(_ path: String) -> Bool { path.utf8.first == UInt8(ascii: "/") }
}

/// A path to look up: two are equal when a file system takes them for the same name, which is when their bytes are.
public struct PathKey: Hashable, Sendable {
    private let bytes: [UInt8]

    /// The key of a path.
    public init(_ path: String) {
        bytes = Array(path.utf8)
    }
}
