public import ByteSources
public import Digests

/// The original of a recording, as the file that is stored gives it back.
public struct StoredOriginal: Sendable {
    private let file: any ByteSource
    private let restorer: SourceRestorer?

    /// The SHA-256 that the original must have.
    public let digest: Digest

    /// Bytes in the original.
    public let size: Int64

    /// Takes the original out of a FLAC file.
    ///
    /// - Parameter restorer: The opened FLAC file.
    public init(_ restorer: SourceRestorer) {
        file = restorer.file
        self.restorer = restorer
        digest = restorer.digest
        size = restorer.size
    }

    /// Takes a file that is the original itself, as in quarantine.
    ///
    /// - Parameters:
    ///   - file: The file.
    ///   - digest: The SHA-256 that it must have.
    public init(_ file: any ByteSource, digest: Digest) {
        self.file = file
        restorer = nil
        self.digest = digest
        size = file.byteCount
    }

    /// Hands out the original's bytes, in order and in pieces of bounded size, then compares their SHA-256.
    ///
    /// The body has seen every byte before a mismatch can be thrown, so it must not publish them by itself.
    ///
    /// - Parameter body: Takes the next bytes.
    /// - Throws: As `SourceRestorer.restore` does.
    public func restore(_ body: ([UInt8]) throws -> Void) throws {
        if let restorer { return try restorer.restore(body) }
        var hasher = SHA256Hasher()
        try file.forEachPiece(in: 0..<file.byteCount) { piece in
            hasher.update(piece)
            try body(piece)
        }
        let found = hasher.finalize()
        guard found == digest else { throw TranscodingError.digestMismatch(expected: digest, found: found) }
    }
}
