internal import ByteSources

/// Searches for chunk headers where the chain of sizes is broken.
struct ChunkSearch {
    /// The most bytes that one inspection reads in search of a header behind damage.
    static let forwardLimit: Int64 = 16 << 20

    /// How far from the end chunks are looked for behind audio of unknown length; all beyond is taken for
    /// audio.
    static let backwardLimit: Int64 = 4 << 20

    /// The most headers of one chain that are kept in mind; a chain of more is no metadata.
    private static let chainLimit = 4096

    let window: ByteWindow
    let order: ByteOrder
    private var budget = Self.forwardLimit

    init(_ window: ByteWindow, _ order: ByteOrder) {
        self.window = window
        self.order = order
    }

    /// Finds the first header of a known chunk in a part of the file, or of one of the wanted chunks only.
    ///
    /// A header whose size stays inside the file is taken. A `data` header whose size does not is taken too,
    /// as damage to that field is common, unless the size is four characters of text.
    mutating func firstHeader(
        in range: Range<Int64>, wanted: Set<ChunkID>? = nil
    ) throws(ByteSourceError) -> Int64? {
        var offset = range.lowerBound
        let end = min(range.upperBound, window.byteCount)
        while offset + ChunkHeader.length <= end, budget > 0 {
            let length = Int(min(Int64(ByteWindow.capacity), end - offset))
            let bytes = try window.bytes(at: offset, count: length)
            guard bytes.count >= ChunkHeader.length else { return nil }
            let candidates = bytes.count - Int(ChunkHeader.length) + 1
            for index in 0..<candidates where ChunkID.opensKnown[Int(bytes[index])] {
                let place = offset + Int64(index)
                if accepts(UnsafeRawBufferPointer(rebasing: bytes[index..<(index + 8)]), at: place, wanted) {
                    return place
                }
            }
            budget -= Int64(candidates)
            offset += Int64(candidates)
        }
        return nil
    }

    private func accepts(_ bytes: UnsafeRawBufferPointer, at offset: Int64, _ wanted: Set<ChunkID>?) -> Bool {
        let id = ChunkID(bytes.prefix(4))
        guard wanted?.contains(id) ?? id.isKnown else { return false }
        let sizeBytes = bytes.dropFirst(4)
        let size = Int64(order.uint32(sizeBytes))
        switch id {
        case .format:
            return (14...4096).contains(size)
        case .data:
            return offset + 8 + size <= window.byteCount
                || !sizeBytes.allSatisfy { (0x20...0x7E).contains($0) }
        default:
            return offset + 8 + size <= window.byteCount
        }
    }

    /// Finds the first known chunk from which the sizes lead, chunk by chunk, exactly to an end.
    ///
    /// - Parameters:
    ///   - lower: Where audio begins; chunks before it are not looked at.
    ///   - ends: The end of the file, and that of the form where it lies before.
    /// - Returns: The offset of its header; nil where there is no such chunk.
    /// - Throws: `ByteSourceError` when the bytes cannot be read.
    func chainStart(from lower: Int64, to ends: Set<Int64>) throws(ByteSourceError) -> Int64? {
        var reachable = ends
        var earliest: Int64?
        let last = ends.max() ?? window.byteCount
        let first = max(lower, last - Self.backwardLimit)
        var upper = last - ChunkHeader.length + 1
        while upper > first, reachable.count < Self.chainLimit {
            let start = max(first, upper - Int64(ByteWindow.capacity) + ChunkHeader.length)
            let length = Int(upper - start + ChunkHeader.length - 1)
            let bytes = try window.bytes(at: start, count: length)
            guard bytes.count == length else { return nil }
            for index in (0..<Int(upper - start)).reversed() where ChunkID.opensKnown[Int(bytes[index])] {
                guard ChunkID(bytes[index..<(index + 4)]).isKnown else { continue }
                let size = Int64(order.uint32(bytes[(index + 4)..<(index + 8)]))
                let offset = start + Int64(index)
                let end = offset + ChunkHeader.length + size
                if reachable.contains(end) || (size & 1 == 1 && reachable.contains(end + 1)) {
                    reachable.insert(offset)
                    earliest = offset
                }
            }
            upper = start
        }
        return earliest
    }
}
