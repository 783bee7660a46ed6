#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

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

    /// Whether these very bytes are at an offset, the end of the source included.
    public func hasBytes(_ bytes: [UInt8], at offset: Int64) -> Bool {
        guard offset >= 0, offset <= byteCount, Int64(bytes.count) <= byteCount - offset else { return false }
        return content.withUnsafeBytes { content in
            bytes.withUnsafeBytes { bytes in
                guard let mine = content.baseAddress, let theirs = bytes.baseAddress else { return true }
                return memcmp(mine + Int(offset), theirs, bytes.count) == 0
            }
        }
    }
}
