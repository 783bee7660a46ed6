/// A WAV file to work on, and where its output belongs below the output folder.
struct DiscoveredInput: Sendable {
    /// The path, usable from the current folder.
    let path: String
    /// The path below the input folder it was found in; a file given by itself has just its name.
    let relativePath: String
    /// The size in bytes, for the progress bar.
    let size: Int64

    /// The file's own name.
    var name: String { Self.name(of: relativePath) }

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
