/// Which FLAC file each input becomes.
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
        var owners: [String: String] = [:]
        for input in inputs {
            let output = "\(folder)/\(Self.flacName(for: input.relativePath))"
            if let owner = owners[output] {
                // The same file named twice is one piece of work, not a collision.
                if owner != input.path { collisions.append((input, output, owner)) }
                continue
            }
            owners[output] = input.path
            items.append(Item(input: input, output: output))
        }
    }

    private static func flacName(for relativePath: String) -> String {
        let nameStart = relativePath.lastIndex(of: "/").map(relativePath.index(after:)) ?? relativePath.startIndex
        guard let dot = relativePath.lastIndex(of: "."), dot > nameStart else { return relativePath + ".flac" }
        return relativePath[..<dot] + ".flac"
    }
}
