internal import DurableFiles
internal import Foundation

/// A file that a person has named in an option.
enum NamedFile {
    /// Whether opening it can take for ever: a pipe with a name, at the other end of which nobody may be.
    ///
    /// What the system itself names, such as `/dev/stdin` and what a shell puts in for `<(…)`, has another end.
    static func mayWait(_ path: String) -> Bool {
        guard !["/dev/", "/proc/"].contains(where: { path.hasPrefix($0) }) else { return false }
        return (try? FileSystem.posix.status(of: path))?.kind == .other
    }

    /// The text of a file; nil where it cannot be read, or would be waited for.
    static func text(of path: String) -> String? {
        mayWait(path) ? nil : try? String(contentsOfFile: path, encoding: .utf8)
    }
}
