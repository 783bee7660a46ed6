internal import ByteSources

/// The 64-bit sizes of a `ds64` chunk (EBU Tech 3306 §3.5, ITU-R BS.2088 §3.2).
struct ExtendedSizes {
    let riff: Int64
    let data: Int64
    /// The count of frames that stands in for that of the `fact` chunk.
    let frames: Int64
    /// The sizes of further chunks of more than 4 GiB.
    private var table: [ChunkID: Int64] = [:]

    /// Chunks that the table may name; no file needs more, and a damaged count must not be believed.
    private static let tableLimit = 64

    /// No size is larger than this, so that sums of sizes and offsets stay clear of overflow.
    private static let sizeLimit = Int64.max / 4

    /// Reads the sizes; nil where the chunk is too short to hold those of form, data and frames.
    init?(_ window: ByteWindow, content: Range<Int64>) throws(ByteSourceError) {
        let length = min(content.upperBound - content.lowerBound, Int64(28 + 12 * Self.tableLimit))
        let bytes = Array(try window.bytes(at: content.lowerBound, count: Int(length)))
        guard bytes.count >= 24 else { return nil }
        riff = Self.size(bytes)
        data = Self.size(bytes[8...])
        frames = Self.size(bytes[16...])
        guard bytes.count >= 28 else { return }
        let count = min(Int(ByteOrder.little.uint32(bytes[24...])), Self.tableLimit, (bytes.count - 28) / 12)
        for entry in 0..<count {
            let start = 28 + 12 * entry
            table[ChunkID(bytes[start..<(start + 4)])] = Self.size(bytes[(start + 4)...])
        }
    }

    private static func size(_ bytes: some Collection<UInt8>) -> Int64 {
        min(Int64(clamping: ByteOrder.little.uint64(bytes)), sizeLimit)
    }

    /// The size of a chunk other than `data`; nil where the table does not name it.
    func size(of id: ChunkID) -> Int64? { table[id] }

    /// Whether a size is one that a writer left unfilled.
    static func isPlaceholder(_ size: Int64) -> Bool { size >= sizeLimit }
}
