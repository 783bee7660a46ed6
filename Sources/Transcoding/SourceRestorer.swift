public import ByteSources
public import Digests
internal import FLACFiles
internal import Leveling
internal import PCM

/// Gives back the original WAV file from a FLAC file of ours, by its envelope and samples alone.
public struct SourceRestorer: Sendable {
    let file: any ByteSource
    private let contents: EnvelopeContents
    private let metadata: FLACMetadata

    /// The SHA-256 of the original, as the envelope has it.
    public let digest: Digest

    /// Bytes in the original.
    public var size: Int64 { contents.envelope.sourceSize }

    /// The file name of the original, as the tags have it; nil where they say none.
    ///
    /// It is data, and no safe path.
    public let name: String?

    /// Opens a FLAC file.
    ///
    /// - Parameter flac: The bytes of the file.
    /// - Throws: `FLACError` when it is no FLAC file or its envelope is damaged, `TranscodingError.noEnvelope` when
    ///   there is none.
    public init(_ flac: any ByteSource) throws {
        let metadata = try FLACMetadata(flac)
        guard let contents = metadata.envelope, let digest = Digest(bytes: contents.envelope.sourceSHA256)
        else {
            throw TranscodingError.noEnvelope
        }
        file = flac
        self.contents = contents
        self.metadata = metadata
        self.digest = digest
        name = metadata.comments.first { $0.name.uppercased() == "SOURCE_NAME" }?.value
    }

    /// The envelope's header.
    var envelope: Envelope { contents.envelope }

    /// Hands out the original's bytes, in order and in pieces of bounded size, then compares their SHA-256.
    ///
    /// The body has seen every byte before a mismatch can be thrown, so it must not publish them by itself.
    ///
    /// - Parameters:
    ///   - checkingSamples: Decodes a kept original's audio too, and so checks its MD5; a rebuilt one's always is.
    ///   - body: Takes the next bytes.
    /// - Throws: `FLACError`, `ByteSourceError`, `TranscodingError.digestMismatch`, or what the body throws.
    public func restore(checkingSamples: Bool = false, _ body: ([UInt8]) throws -> Void) throws {
        var hasher = SHA256Hasher()
        try restoreUnchecked(checkingSamples: checkingSamples) { bytes in
            hasher.update(bytes)
            try body(bytes)
        }
        let found = hasher.finalize()
        guard found == digest else { throw TranscodingError.digestMismatch(expected: digest, found: found) }
    }

    /// Restores the original, and checks its samples' MD5.
    ///
    /// - Parameter source: What the original should be.
    /// - Returns: Whether it is that, byte for byte.
    /// - Throws: `FLACError` or `ByteSourceError`.
    func isOriginal(_ source: MemoryByteSource) throws -> Bool {
        var offset: Int64 = 0
        var isEqual = true
        try restoreUnchecked(checkingSamples: true) { bytes in
            isEqual = isEqual && source.hasBytes(bytes, at: offset)
            offset += Int64(bytes.count)
        }
        return isEqual && offset == source.byteCount
    }

    private func restoreUnchecked(checkingSamples: Bool, _ emit: ([UInt8]) throws -> Void) throws {
        switch contents.envelope.restoration {
        case .rebuilt(let encoding, let scale, _, _):
            try copy(contents.prefix, emit)
            try rebuildAudio(encoding, scale, emit)
            try copy(contents.suffix, emit)
        case .kept:
            try copy(contents.original, emit)
            if checkingSamples { try decode { _ in } }
        }
    }

    private func copy(_ ranges: [Range<Int64>], _ body: ([UInt8]) throws -> Void) throws {
        for range in ranges {
            try file.forEachPiece(in: range, body)
        }
    }

    private func rebuildAudio(
        _ encoding: SampleEncoding, _ scale: Envelope.Scale, _ body: ([UInt8]) throws -> Void
    ) throws {
        guard
            let scale = ReversibleScale(
                multiplier: scale.multiplier, zeroBits: scale.zeroBits, shift: scale.shift,
                sourceBits: envelope.sourceBits, outputBits: metadata.streamInfo.format.bitsPerSample)
        else {
            throw FLACError.envelope(
                .wrongScale(multiplier: scale.multiplier, zeroBits: scale.zeroBits, shift: scale.shift))
        }
        var bytes: [UInt8] = []
        try decode { samples in
            var span = samples.mutableSpan
            scale.undo(&span)
            bytes.removeAll(keepingCapacity: true)
            encoding.append(samples.span, to: &bytes)
            try body(bytes)
        }
    }

    private func decode(_ body: (inout [Int32]) throws -> Void) throws {
        var decoder = try FLACDecoder(file, metadata: metadata)
        var samples: [Int32] = []
        while try decoder.decode(into: &samples) > 0 {
            try body(&samples)
        }
        try decoder.finish()
    }
}
