/// Why a finished file was not published.
public enum OutputError: Error, Sendable, Hashable {
    /// The output exists and holds something else.
    case exists(String)
    /// The output is the input.
    case isInput(String)
    /// The output exists and is a folder, a pipe or a device.
    case isNoFile(String)
}

extension OutputError: CustomStringConvertible {
    /// One sentence that names the file and what to do about it.
    public var description: String {
        switch self {
        case .exists(let path):
            "\(path) exists and differs from what would be written; move it away, or use --force to replace it."
        case .isInput(let path):
            "\(path) is the input itself; choose another output."
        case .isNoFile(let path):
            "\(path) exists and is no regular file; choose another output."
        }
    }
}
