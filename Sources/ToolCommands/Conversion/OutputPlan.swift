internal import ByteSources

/// Which FLAC file each input becomes.
///
/// Paths are compared byte by byte, as the file system does: two names that Unicode holds to be the same text are
/// two files.
struct OutputPlan {
    /// An input with the path of its output.
    struct Item: Sendable {
        let input: DiscoveredInput
        let output: String
    }

    /// The inputs that have an output of their own.
    private(set) var items: [Item] = []

    /// The inputs whose output another input has already taken.
    private(set) var collisions: [(input: DiscoveredInput, output: String, winner: String)] = []

    /// Plans outputs below a folder; the first of two inputs that would make the same file has it.
    init(_ inputs: [DiscoveredInput], outputFolder: String) {
        let folder = outputFolder.hasSuffix("/") ? String(outputFolder.dropLast()) : outputFolder
        var owners: [[UInt8]: String] = [:]
        for input in inputs {
            let output = "\(folder)/\(Self.flacName(for: input.relativePath))"
            let key = Array(output.utf8)
            if let owner = owners[key] {
                // The same file named twice is one piece of work, not a collision.
                if !Self.isSameFile(owner, input.path) { collisions.append((input, output, owner)) }
                continue
            }
            owners[key] = input.path
            items.append(Item(input: input, output: output))
        }
    }

    private static func flacName(for relativePath: String) -> String {
        let bytes = relativePath.utf8
        let nameStart = bytes.lastIndex(of: UInt8(ascii: "/")).map(bytes.index(after:)) ?? bytes.startIndex
        guard let dot = bytes.lastIndex(of: UInt8(ascii: ".")), dot > nameStart else {
            return relativePath + ".flac"
        }
        return String(Substring(bytes[..<dot])) + ".flac"
    }

    /// Whether two paths lead to one file, as `a.wav` and `./a.wav` do.
    private static func isSameFile(_ path: String, _ other: String) -> Bool {
        if path.utf8.elementsEqual(other.utf8) { return true }
        // Only the system can tell: the `..` after a symbolic link is not the folder that the link lies in.
        guard let file = try? FileByteSource(path: path), let same = try? FileByteSource(path: other) else {
            return false
        }
        return (try? file.isSameFile(as: same)) ?? false
    }
}
