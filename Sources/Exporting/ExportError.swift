/// Why nothing was exported.
package enum ExportError: Error, Sendable, Hashable {
    /// No recording passes the filter.
    case empty
    /// Every recording had to be left out.
    case nothingLeft(count: Int)
    /// The output is the archive or lies within it.
    case inArchive(path: String)
    /// The output is where another file system is mounted.
    case mountPoint(path: String)
    /// A recording was erased after it had been copied.
    case erasedMeanwhile(id: String)
}

extension ExportError: CustomStringConvertible {
    /// One sentence that says what to do.
    package var description: String {
        switch self {
        case .empty:
            "no recording passes the filter, so there is nothing to export; list shows what is there"
        case .nothingLeft(let count):
            count == 1
                ? "the one recording that was to be exported had to be left out, so there is no bag"
                : "all \(count) recordings had to be left out, so there is no bag"
        case .inArchive(let path):
            "\(path) lies within the archive, where only its own files may be; choose a folder elsewhere"
        case .mountPoint(let path):
            "\(path) is where a file system is mounted, which cannot be given its content in one step; "
                + "name a new folder in it"
        case .erasedMeanwhile(let id):
            "the recording \(id) was erased while it was being exported, so the export was given up; export again"
        }
    }
}
