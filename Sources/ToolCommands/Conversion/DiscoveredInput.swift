internal import DurableFiles

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
        let name = Folder.name(of: argument)
        let prefix = Substring(argument.utf8.dropLast(name.utf8.count))
        self.init(folder: InputFolder(pathPrefix: String(prefix), relativePrefix: ""), name: name, size: size)
    }

    /// The path, usable from the current folder.
    var path: String { folder.pathPrefix + name }

    /// The path below the input folder it was found in; a file given by itself has just its name.
    var relativePath: String { folder.relativePrefix + name }
}
