/// Up to 256 entries as one file: each a 16-bit length, most significant byte first, and its bytes.
struct EntryBundle {
    private(set) var entries: [LogEntry] = []
    private(set) var bytes: [UInt8] = []

    mutating func append(_ entry: LogEntry) {
        entries.append(entry)
        bytes.append(UInt8(entry.bytes.count >> 8))
        bytes.append(UInt8(entry.bytes.count & 0xFF))
        bytes += entry.bytes
    }

    init() {}

    /// Reads the first entries of a file; nil unless there are so many, and nothing after them where all are read.
    ///
    /// - Parameters:
    ///   - bytes: The file.
    ///   - width: How many entries to read.
    ///   - isWhole: Whether the file is to hold no others.
    init?(_ bytes: [UInt8], width: Int, isWhole: Bool) {
        var position = 0
        for _ in 0..<width {
            guard bytes.count - position >= 2 else { return nil }
            let length = Int(bytes[position]) << 8 | Int(bytes[position + 1])
            position += 2
            guard bytes.count - position >= length else { return nil }
            entries.append(LogEntry(checkedBytes: Array(bytes[position..<position + length])))
            position += length
        }
        guard position == bytes.count || !isWhole else { return nil }
        self.bytes = Array(bytes.prefix(position))
    }

    /// The size of the largest file that so many entries can make.
    static func largestSize(width: Int) -> Int {
        width * (2 + LogEntry.largestSize)
    }
}
