internal import Foundation

/// Symbolic links, which the archive never makes.
enum SymbolicLink {
    /// Whether a path is a symbolic link, wherever it leads.
    static func isAt(_ path: String) -> Bool {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: path)) != nil
    }
}
