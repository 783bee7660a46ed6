/// Bytes that can be read from any offset: a file, a piece of memory, or a part of either.
///
/// The length is fixed when a source is made. A file that shrinks afterwards reads short, and its reader must
/// take a short read as the error that it is; bytes that are appended later are not seen.
public protocol ByteSource: Sendable {
    /// How many bytes there are.
    var byteCount: Int64 { get }

    /// Fills a buffer from an offset, and says how many bytes were put there.
    ///
    /// Fewer bytes than the buffer holds means that the source ends there; an offset at or beyond the end gives 0.
    ///
    /// - Parameters:
    ///   - offset: The place of the first byte, counted from the start of the source; never negative.
    ///   - buffer: Where the bytes go.
    /// - Returns: The number of bytes read.
    /// - Throws: `ByteSourceError` when the bytes cannot be read.
    func read(at offset: Int64, into buffer: UnsafeMutableRawBufferPointer) throws(ByteSourceError) -> Int
}

extension ByteSource {
    /// Reads up to `count` bytes from an offset; fewer only where the source ends.
    ///
    /// The memory taken is the smaller of `count` and what the source still holds, so a count out of a damaged
    /// header cannot exhaust it.
    ///
    /// - Parameters:
    ///   - offset: The place of the first byte, counted from the start of the source; never negative.
    ///   - count: The most bytes wanted.
    /// - Returns: The bytes.
    /// - Throws: `ByteSourceError` when the bytes cannot be read.
    public func bytes(at offset: Int64, count: Int) throws(ByteSourceError) -> [UInt8] {
        let available = max(0, min(Int64(count), byteCount - offset))
        guard available > 0 else { return [] }
        var failure: ByteSourceError?
        let bytes = [UInt8](unsafeUninitializedCapacity: Int(available)) { buffer, initialized in
            do throws(ByteSourceError) {
                initialized = try read(at: offset, into: UnsafeMutableRawBufferPointer(buffer))
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return bytes
    }

    /// The same bytes in memory where there are few, so that reading them often costs no system calls.
    ///
    /// - Parameter limit: The most bytes to hold.
    /// - Returns: The bytes in memory; this source itself where there are more, or where it ends early, which is then
    ///   for its reader to notice.
    /// - Throws: `ByteSourceError` when the bytes cannot be read.
    public func loaded(limit: Int) throws(ByteSourceError) -> any ByteSource {
        guard byteCount <= limit else { return self }
        let content = try bytes(at: 0, count: limit)
        return content.count == byteCount ? MemoryByteSource(content) : self
    }
}
