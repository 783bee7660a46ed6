internal import ByteSources

/// A window of 64 KiB that moves over a source, so that many small reads close to each other cost one.
final class ByteWindow {
    static let capacity = 65_536

    let source: any ByteSource

    private let storage: UnsafeMutableRawBufferPointer
    private var start: Int64 = 0
    private var count = 0

    init(_ source: any ByteSource) {
        self.source = source
        let size = max(1, min(Int64(Self.capacity), source.byteCount))
        storage = .allocate(byteCount: Int(size), alignment: 16)
    }

    deinit {
        storage.deallocate()
    }

    var byteCount: Int64 { source.byteCount }

    /// Up to `count` bytes from an offset, at most as many as the window holds; fewer only at the end.
    ///
    /// The bytes stay valid until the next call.
    func bytes(at offset: Int64, count wanted: Int) throws(ByteSourceError) -> UnsafeRawBufferPointer {
        let available = Int(max(0, min(Int64(min(wanted, storage.count)), byteCount - offset)))
        guard offset >= 0, available > 0 else { return UnsafeRawBufferPointer(start: nil, count: 0) }
        if offset < start || offset + Int64(available) > start + Int64(count) {
            count = 0
            count = try source.read(at: offset, into: storage)
            start = offset
        }
        let first = Int(offset - start)
        return UnsafeRawBufferPointer(rebasing: storage[first..<max(first, min(first + available, count))])
    }

    /// Copies bytes out, and says how many there were.
    func read(at offset: Int64, into buffer: UnsafeMutableRawBufferPointer) throws(ByteSourceError) -> Int {
        var filled = 0
        while filled < buffer.count {
            let part = try bytes(at: offset + Int64(filled), count: buffer.count - filled)
            if part.isEmpty { break }
            UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]).copyMemory(from: part)
            filled += part.count
        }
        return filled
    }

    /// The header of a chunk; nil where fewer than eight bytes are left.
    func header(at offset: Int64, _ order: ByteOrder) throws(ByteSourceError) -> ChunkHeader? {
        let bytes = try bytes(at: offset, count: 8)
        guard bytes.count == 8 else { return nil }
        return ChunkHeader(id: ChunkID(bytes.prefix(4)), size: order.uint32(bytes.dropFirst(4)))
    }
}
