extension Tile {
    /// The tile's path below the folder of its log, such as `tile/0/x001/x234/067.p/8`.
    public var path: String { isFull ? stem : "\(partialFolder)/\(width)" }

    /// The folder of the tiles that stand in this one's place for as long as it is not full.
    var partialFolder: String { stem + ".p" }

    private var stem: String {
        let kind =
            switch content {
            case .entries: "entries"
            case .hashes(let level): String(level)
            }
        // Groups of three digits keep a folder to a thousand tiles, and the `x` keeps folders and tiles apart.
        var groups = [Self.group(index % 1000)]
        var rest = index / 1000
        while rest > 0 {
            groups.append("x" + Self.group(rest % 1000))
            rest /= 1000
        }
        return "tile/\(kind)/" + groups.reversed().joined(separator: "/")
    }

    private static func group(_ number: UInt64) -> String {
        let digits = String(number)
        return String(repeating: "0", count: 3 - digits.count) + digits
    }

    /// Reads a path below the folder of a log; nil for all that is not exactly the path of a tile.
    public init?(path: some StringProtocol) {
        var parts = path.split(separator: "/", omittingEmptySubsequences: false)[...]
        guard parts.popFirst() == "tile", let kind = parts.popFirst(), let last = parts.popLast() else {
            return nil
        }
        let content: Content
        if kind == "entries" {
            content = .entries
        } else {
            guard let number = Numeral.number(kind), number <= UInt64(Self.highestLevel) else { return nil }
            content = .hashes(level: Int(number))
        }
        var width = Self.fullWidth
        var group = last
        if let stem = parts.last, stem.hasSuffix(".p") {
            guard let number = Numeral.number(last), number < UInt64(Self.fullWidth) else { return nil }
            width = Int(number)
            group = stem.dropLast(2)
            parts.removeLast()
        }
        // Three digits a group: seven groups hold more than any index.
        guard parts.count < 7, let index = UInt64(parts.map { $0.dropFirst() }.joined() + group),
            let tile = Tile(content, index: index, width: width), tile.path == path
        else { return nil }
        self = tile
    }
}
