public import ByteSources
public import Digests
internal import FLACFiles
internal import Leveling
internal import PCM

/// Gives back the original WAV file from a FLAC file of ours, by its envelope and samples alone.
public struct SourceRestorer: Sendable {
    let file: any ByteSource
    private let contents: EnvelopeContents

    /// What the FLAC file says of itself.
    let metadata: FLACMetadata

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
        try restoreChecked(isProof: false, body)
        if checkingSamples, envelope.isKept { try decode { _ in } }
    }

    /// Restores the original, compares its SHA-256, and makes sure that each stored sample is the one that follows from
    /// the source's; with a kept original none does.
    ///
    /// - Throws: As `restore` does, and `TranscodingError.proofFailed` for a sample.
    func prove() throws {
        try restoreChecked(isProof: true) { _ in }
    }

    /// Restores the original as `prove()` does, but compares its bytes.
    ///
    /// - Parameter source: What it should be.
    /// - Returns: Whether it is that, byte for byte.
    /// - Throws: `FLACError`, `ByteSourceError`, or `TranscodingError.proofFailed` for a sample.
    func isOriginal(_ source: MemoryByteSource) throws -> Bool {
        var offset: Int64 = 0
        var isEqual = true
        try restoreUnchecked(isProof: true) { bytes in
            isEqual = isEqual && source.hasBytes(bytes, at: offset)
            offset += Int64(bytes.count)
        }
        return isEqual && offset == source.byteCount
    }

    /// The digest of the samples as they are stored, whose MD5 is checked.
    ///
    /// - Throws: `FLACError`.
    func storedSamples() throws -> Digest {
        var hasher = SampleHasher(bitsPerSample: metadata.streamInfo.format.bitsPerSample)
        try decode { hasher.update($0.span) }
        return hasher.finalize()
    }

    private func restoreChecked(isProof: Bool, _ body: ([UInt8]) throws -> Void) throws {
        var hasher = SHA256Hasher()
        try restoreUnchecked(isProof: isProof) { bytes in
            hasher.update(bytes)
            try body(bytes)
        }
        let found = hasher.finalize()
        guard found == digest else { throw TranscodingError.digestMismatch(expected: digest, found: found) }
    }

    private func restoreUnchecked(isProof: Bool, _ emit: ([UInt8]) throws -> Void) throws {
        switch contents.envelope.restoration {
        case .rebuilt(let encoding, let scale, _, _):
            try copy(contents.prefix, emit)
            try rebuildAudio(encoding, scale, isProof: isProof, emit)
            try copy(contents.suffix, emit)
        case .kept:
            try copy(contents.original, emit)
        }
    }

    private func copy(_ ranges: [Range<Int64>], _ body: ([UInt8]) throws -> Void) throws {
        for range in ranges {
            try file.forEachPiece(in: range, body)
        }
    }

    private func rebuildAudio(
        _ encoding: SampleEncoding, _ scale: Envelope.Scale, isProof: Bool, _ body: ([UInt8]) throws -> Void
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
        var stored: [Int32] = []
        try decode { samples in
            if isProof { stored.replaceSubrange(0..., with: samples) }
            var span = samples.mutableSpan
            scale.undo(&span)
            bytes.removeAll(keepingCapacity: true)
            encoding.append(samples.span, to: &bytes)
            try body(bytes)
            guard isProof else { return }
            // A stored sample can be a little off, and still lead back to the source's.
            span = samples.mutableSpan
            encoding.normalize(&span)
            scale.apply(&span)
            guard samples == stored else { throw TranscodingError.proofFailed("other samples") }
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
