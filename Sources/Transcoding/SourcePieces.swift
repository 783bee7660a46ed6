public import ByteSources
public import Digests

extension ByteSource {
    /// Hands a range of the source to a body in pieces of at most 64 KiB, in order.
    ///
    /// - Parameters:
    ///   - range: Which of its bytes.
    ///   - body: Takes the next bytes.
    /// - Throws: `ByteSourceError` with code 0 where the source ends before the range does, or what the body throws.
    public func forEachPiece(in range: Range<Int64>, _ body: ([UInt8]) throws -> Void) throws {
        var offset = range.lowerBound
        while offset < range.upperBound {
            let piece = try bytes(at: offset, count: Int(min(1 << 16, range.upperBound - offset)))
            guard !piece.isEmpty else { throw ByteSourceError(name: "the source", code: 0) }
            try body(piece)
            offset += Int64(piece.count)
        }
    }

    /// The SHA-256 of all bytes.
    ///
    /// - Throws: `ByteSourceError`.
    public func digest() throws -> Digest {
        var hasher = SHA256Hasher()
        try forEachPiece(in: 0..<byteCount) { hasher.update($0) }
        return hasher.finalize()
    }
}
