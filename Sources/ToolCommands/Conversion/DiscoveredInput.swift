/// A folder that inputs were found in; they share it, so that a hundred thousand of them take little memory.
final class InputFolder: Sendable {
    /// What comes before a name to make a path that is usable from the current folder.
    let pathPrefix: String

    /// What comes before a name to make the path below the folder that was named; nothing for what lies directly in it.
    let relativePrefix: String

    init(pathPrefix: String, relativePrefix: String) {
        self.pathPrefix = pathPrefix
        self.relativePrefix = relativePrefix
    }
}

/// A WAV file to work on, and where its output belongs below the output folder.
struct DiscoveredInput: Sendable {
    /// Where it lies.
    let folder: InputFolder

    /// The file's own name.
    let name: String

    /// The size in bytes, for the progress bar.
    let size: Int64

    init(folder: InputFolder, name: String, size: Int64) {
        self.folder = folder
        self.name = name
        self.size = size
    }

    /// Makes an input of a file that was named by itself.
    init(argument: String, size: Int64) {
        let name = Self.name(of: argument)
        let prefix = Substring(argument.utf8.dropLast(name.utf8.count))
        self.init(folder: InputFolder(pathPrefix: String(prefix), relativePrefix: ""), name: name, size: size)
    }

    /// The path, usable from the current folder.
    var path: String { folder.pathPrefix + name }

    /// The path below the input folder it was found in; a file given by itself has just its name.
    var relativePath: String { folder.relativePrefix + name }

    /// The last component of a path; slashes at its end are no part of it.
    ///
    /// It works on bytes, as the file system does: a combining mark that follows a slash makes one character of
    /// the two.
    static func name(of path: String) -> String {
        var bytes = Substring(path).utf8
        while bytes.last == UInt8(ascii: "/") { bytes.removeLast() }
        let start = bytes.lastIndex(of: UInt8(ascii: "/")).map(bytes.index(after:)) ?? bytes.startIndex
        return String(Substring(bytes[start...]))
    }
}
