public import PCM

/// How the original file comes back from a FLAC file: the header in our APPLICATION blocks.
///
/// Restoration depends on this and the decoded samples alone, never on the tags, which people edit. The layout
/// is specified byte by byte in `docs/format.md`.
public struct Envelope: Sendable, Hashable {
    /// The integers of the reversible leveling: stored = ((source >> zeroBits) * multiplier / 65536) << shift.
    public struct Scale: Sendable, Hashable {
        /// The factor in units of 1/65536: 65,536 to 131,071, so 1 to just under 2.
        public var multiplier: Int64

        /// How many low zero bits all source samples share: 0 to 31.
        public var zeroBits: Int

        /// How many low zero bits the stored samples have been given: 0 to 31.
        public var shift: Int

        /// Makes a scale; whether its numbers are in range is judged when the envelope is written.
        public init(multiplier: Int64, zeroBits: Int, shift: Int) {
            self.multiplier = multiplier
            self.zeroBits = zeroBits
            self.shift = shift
        }

        var isValid: Bool {
            (65_536...131_071).contains(multiplier) && (0...31).contains(zeroBits) && (0...31).contains(shift)
        }
    }

    /// Which bytes are kept verbatim, and which follow from the samples.
    public enum Restoration: Sendable, Hashable {
        /// The bytes before and after the audio are kept; the audio is rebuilt from the samples.
        case rebuilt(SampleEncoding, Scale, prefixLength: Int64, suffixLength: Int64)

        /// The whole original is kept; the scale, where there is one, leads back to its decoded samples.
        case kept(Scale?)
    }

    /// Which bytes are kept verbatim, and which follow from the samples.
    public var restoration: Restoration

    /// The width of a source sample in bits, 1 to 64: 16 for G.711 and other telephone codecs.
    public var sourceBits: Int

    /// Bytes in the original file.
    public var sourceSize: Int64

    /// The SHA-256 of the original file: 32 bytes.
    public var sourceSHA256: [UInt8]

    /// Makes an envelope; whether its fields agree is judged when it is written.
    public init(restoration: Restoration, sourceBits: Int, sourceSize: Int64, sourceSHA256: [UInt8]) {
        self.restoration = restoration
        self.sourceBits = sourceBits
        self.sourceSize = sourceSize
        self.sourceSHA256 = sourceSHA256
    }

    /// The integers of the leveling; nil where the stored samples do not lead back to the source's.
    public var scale: Scale? {
        switch restoration {
        case .rebuilt(_, let scale, _, _): scale
        case .kept(let scale): scale
        }
    }

    /// Whether the whole original is kept, instead of its audio being rebuilt from the samples.
    public var isKept: Bool {
        if case .kept = restoration { true } else { false }
    }

    /// How many bytes of the original are kept verbatim.
    public var verbatimByteCount: Int64 {
        switch restoration {
        case .rebuilt(_, _, let prefixLength, let suffixLength): prefixLength &+ suffixLength
        case .kept: sourceSize
        }
    }

    /// How many bytes of the original are rebuilt from samples.
    public var audioByteCount: Int64 { sourceSize &- verbatimByteCount }

    /// Refuses an envelope whose fields are out of range or do not add up.
    func validate() throws(EnvelopeError) {
        guard sourceSHA256.count == 32 else { throw .wrongDigestLength(sourceSHA256.count) }
        if let scale, !scale.isValid {
            throw .wrongScale(multiplier: scale.multiplier, zeroBits: scale.zeroBits, shift: scale.shift)
        }
        guard (1...64).contains(sourceBits) else { throw .wrongSourceBits(sourceBits) }
        switch restoration {
        case .rebuilt(let encoding, _, let prefix, let suffix):
            guard sourceBits == encoding.bitsPerSample else { throw .wrongSourceBits(sourceBits) }
            // Subtracting from the size cannot overflow, as adding the two lengths could.
            guard sourceSize >= 0, prefix >= 0, suffix >= 0, prefix <= sourceSize,
                suffix <= sourceSize - prefix
            else {
                throw .wrongLengths(
                    sourceSize: UInt64(bitPattern: sourceSize), prefix: UInt64(bitPattern: prefix),
                    suffix: UInt64(bitPattern: suffix))
            }
        case .kept:
            guard sourceSize >= 0 else {
                throw .wrongLengths(sourceSize: UInt64(bitPattern: sourceSize), prefix: 0, suffix: 0)
            }
        }
    }

    /// Refuses an envelope that leaves another number of bytes for the audio than the frames take.
    func validate(frames: Int64, channels: Int) throws(EnvelopeError) {
        guard case .rebuilt(let encoding, _, _, _) = restoration else { return }
        // At most 2^36 frames of 8 channels of 4 bytes: no overflow.
        let byteCount = frames * Int64(channels * encoding.bytesPerSample)
        guard byteCount == audioByteCount else {
            throw .audioMismatch(expected: audioByteCount, found: byteCount)
        }
    }
}
