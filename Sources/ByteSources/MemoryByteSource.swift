/// Bytes held in memory.
public struct MemoryByteSource: ByteSource {
    private let content: [UInt8]

    /// Wraps bytes that are already in memory.
    public init(_ content: [UInt8]) {
        self.content = content
    }

    /// How many bytes there are.
    public var byteCount: Int64 { Int64(content.count) }

    /// Fills a buffer from an offset, as `ByteSource` says.
    public func read(at offset: Int64, into buffer: UnsafeMutableRawBufferPointer) throws(ByteSourceError)
        -> Int
    {
        guard offset < byteCount else { return 0 }
        let part = content[Int(offset)...].prefix(buffer.count)
        buffer.copyBytes(from: part)
        return part.count
    }
}
