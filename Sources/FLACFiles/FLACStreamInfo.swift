public import PCM

/// The content of a STREAMINFO block (RFC 9639 §8.2); what the writer left unknown is nil.
public struct FLACStreamInfo: Sendable, Hashable {
    /// The shape of the audio; 4 to 32 bits per sample.
    public let format: PCMFormat

    /// Frames in the stream.
    public let totalFrames: Int64?

    /// The MD5 of the decoded samples: interleaved, little-endian, in the fewest whole bytes.
    public let md5: [UInt8]?

    /// Frames in the smallest block, the last one excepted, and in the largest.
    public let blockSizes: ClosedRange<Int>

    /// Bytes in the smallest encoded frame.
    public let minimumFrameSize: Int?

    /// Bytes in the largest encoded frame.
    public let maximumFrameSize: Int?

    /// The bytes that a STREAMINFO block has after its header.
    static let byteCount = 34

    /// Parses the block, or returns nil for a length or block sizes that the format forbids.
    init?(parsing bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        func number(_ range: Range<Int>) -> UInt64 {
            bytes[range].reduce(0) { $0 << 8 | UInt64($1) }
        }
        let minimumBlockSize = Int(number(0..<2))
        let maximumBlockSize = Int(number(2..<4))
        guard 16 <= minimumBlockSize, minimumBlockSize <= maximumBlockSize else { return nil }
        blockSizes = minimumBlockSize...maximumBlockSize
        minimumFrameSize = Self.known(Int(number(4..<7)))
        maximumFrameSize = Self.known(Int(number(7..<10)))
        // 20 bits of sample rate, 3 of channels, 5 of bits per sample and 36 of frames share these eight bytes.
        let shape = number(10..<18)
        format = PCMFormat(
            sampleRate: Int(shape >> 44),
            channels: Int(shape >> 41 & 0x7) + 1,
            bitsPerSample: Int(shape >> 36 & 0x1F) + 1)
        totalFrames = Self.known(Int64(shape & 0xF_FFFF_FFFF))
        let digest = Array(bytes[18..<34])
        md5 = digest.allSatisfy { $0 == 0 } ? nil : digest
    }

    /// A field in which 0 stands for “unknown”.
    private static func known<Number: BinaryInteger>(_ number: Number) -> Number? {
        number == 0 ? nil : number
    }
}
