internal import ByteSources

/// Which FLAC file each input becomes.
///
/// Paths are compared byte by byte, as the file system does: two names that Unicode holds to be the same text are
/// two files.
struct OutputPlan {
    /// The inputs that have an output of their own.
    let inputs: [DiscoveredInput]

    /// The inputs whose output another input has already taken.
    let collisions: [(input: DiscoveredInput, output: String, winner: String)]

    private let folder: String

    /// Plans outputs below a folder; the first of two inputs that would make the same file has it.
    init(_ inputs: [DiscoveredInput], outputFolder: String) {
        let folder = outputFolder.hasSuffix("/") ? String(outputFolder.dropLast()) : outputFolder
        var collisions: [(input: DiscoveredInput, output: String, winner: String)] = []
        var owners = OutputOwners(capacity: inputs.count)
        var losers: Set<Int> = []
        for (index, input) in inputs.enumerated() {
            let output = Self.output(of: input, below: folder)
            let owner = owners.claim(output, for: index) { Self.output(of: inputs[$0], below: folder) }
            guard let owner else { continue }
            losers.insert(index)
            // The same file named twice is one piece of work, not a collision.
            let winner = inputs[owner].path
            if !Self.isSameFile(winner, input.path) { collisions.append((input, output, winner)) }
        }
        self.folder = folder
        self.collisions = collisions
        self.inputs =
            losers.isEmpty ? inputs : inputs.indices.filter { !losers.contains($0) }.map { inputs[$0] }
    }

    /// The path of the FLAC file that an input becomes.
    func output(of input: DiscoveredInput) -> String { Self.output(of: input, below: folder) }

    private static func output(of input: DiscoveredInput, below folder: String) -> String {
        "\(folder)/\(flacName(for: input.relativePath))"
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

/// Who has which output; it keeps hashes, not paths, so that many inputs take little memory.
private struct OutputOwners {
    private var owners: [Int: Int32] = [:]

    init(capacity: Int) {
        owners.reserveCapacity(capacity)
    }

    /// Gives an output to a claimant, unless it has an owner.
    ///
    /// - Parameters:
    ///   - output: The path.
    ///   - claimant: The number of the input that wants it.
    ///   - outputOf: The output of the input of a number.
    /// - Returns: The number of the owner; nil where the claimant is it now.
    mutating func claim(_ output: String, for claimant: Int, outputOf: (Int) -> String) -> Int? {
        var hasher = Hasher()
        // Not the string's own hash, which is the same for texts that Unicode holds to be equal.
        for byte in output.utf8 { hasher.combine(byte) }
        var key = hasher.finalize()
        while let owner = owners[key] {
            if outputOf(Int(owner)).utf8.elementsEqual(output.utf8) { return Int(owner) }
            // Another path with the same hash.
            key &+= 1
        }
        owners[key] = Int32(claimant)
        return nil
    }
}
