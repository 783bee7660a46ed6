internal import CFLAC
public import PCM

/// How a stream is encoded.
public struct FLACEncoding: Sendable, Hashable {
    /// The shape of the audio: 16 or 24 bits, 1 to 8 channels, 1 to 1,048,575 Hz.
    public var format: PCMFormat

    /// libFLAC's compression level, 0 (fast) to 8 (small), or nil for the settings that suit speech.
    ///
    /// Those are level 8 with one window instead of five: on speech at 8 kHz 0.6 % larger than level 8, at half of the
    /// processor time (docs/compression.md).
    public var compressionLevel: Int?

    /// The exact number of frames that will be encoded, where it is known beforehand.
    ///
    /// A seek table is written only then, because its size must be fixed before the first frame.
    public var totalFrames: Int64?

    /// Frames in a block: 16 to 65,535.
    public var blockSize: Int

    /// Describes a stream; the settings are chosen for speech where none are given.
    public init(
        format: PCMFormat, compressionLevel: Int? = nil, totalFrames: Int64? = nil, blockSize: Int? = nil
    ) {
        self.format = format
        self.compressionLevel = compressionLevel
        self.totalFrames = totalFrames
        self.blockSize = blockSize ?? Self.speechBlockSize(sampleRate: format.sampleRate)
    }

    /// The block size that suits speech at a sample rate: the standard size nearest to 72 ms, above 16 kHz to 48 ms.
    ///
    /// Speech changes faster than music, so shorter blocks than the usual 4,096 frames pay off at a low sample
    /// rate; docs/compression.md has the measurements. Only sizes with a code in the frame header are used, and at
    /// 48 kHz and below only those of the streamable subset (RFC 9639 §7).
    public static func speechBlockSize(sampleRate: Int) -> Int {
        let wanted = (sampleRate <= 16_000 ? 0.072 : 0.048) * Double(max(1, sampleRate))
        let sizes = [192, 256, 512, 576, 1024, 1152, 2048, 2304, 4096, 4608, 8192, 16384]
        func distance(_ size: Int) -> Double {
            max(Double(size) / wanted, wanted / Double(size))
        }
        let permitted = sizes.prefix { $0 <= 4608 || sampleRate > 48_000 }
        return permitted.min { distance($0) < distance($1) } ?? 4096
    }

    /// The window over a block from which libFLAC computes its predictor, where no level is asked for.
    static let apodization = "tukey(5e-1)"

    /// How often a block may be halved at most, so that each part has a Rice parameter of its own.
    ///
    /// Parts of fewer than 32 samples cost more time than they save bytes; libFLAC's levels are made for blocks of
    /// 4,096.
    var partitionOrder: Int {
        var order = 0
        while order < Self.partitionOrders[compressionLevel ?? 8], blockSize >> (order + 1) >= 32 {
            order += 1
        }
        return order
    }

    /// libFLAC's own limits, by level.
    private static let partitionOrders = [3, 3, 3, 4, 4, 5, 6, 6, 6]

    /// The bits of a predictor's coefficient; 0 leaves the choice to libFLAC.
    ///
    /// libFLAC chooses by the width of the samples, and takes 24 bits to be worth 14. Leveled telephone audio needs
    /// them for its range and not its precision.
    var coefficientPrecision: Int {
        guard format.bitsPerSample > 16 else { return 0 }
        return switch blockSize {
        case ...192: 8
        case ...384: 9
        case ...1152: 10
        case ...2304: 11
        default: 12
        }
    }

    /// Whether the stream keeps to the streamable subset (RFC 9639 §7), which every decoder serves.
    ///
    /// Outside of it lie the sample rates that a frame header cannot express, and long blocks.
    public var isStreamable: Bool {
        guard let rate = UInt32(exactly: format.sampleRate), let size = UInt32(exactly: blockSize) else {
            return false
        }
        // libFLAC's rule passes multiples of 10 Hz above what 16 bits of tens of hertz can say.
        return rate <= 655_350 && FLAC__format_sample_rate_is_subset(rate) != 0
            && FLAC__format_blocksize_is_subset(size, rate) != 0
    }

    /// Refuses what libFLAC or the format cannot hold, each with its reason.
    func validate() throws(FLACError) {
        guard format.bitsPerSample == 16 || format.bitsPerSample == 24 else {
            throw .unsupported("\(format.bitsPerSample) bits per sample cannot be encoded, only 16 and 24")
        }
        guard (1...8).contains(format.channels) else {
            throw .unsupported("\(format.channels) channels cannot be encoded, only 1 to 8")
        }
        guard (1...1_048_575).contains(format.sampleRate) else {
            throw .unsupported("\(format.sampleRate) Hz cannot be encoded, only 1 to 1048575 Hz")
        }
        if let compressionLevel, !(0...8).contains(compressionLevel) {
            throw .unsupported("compression level \(compressionLevel) does not exist, only 0 to 8")
        }
        guard (16...65_535).contains(blockSize) else {
            throw .unsupported("blocks of \(blockSize) frames cannot be encoded, only 16 to 65535")
        }
        if let totalFrames, !(0..<1 << 36).contains(totalFrames) {
            throw .unsupported("\(totalFrames) frames cannot be encoded, only 0 to 68719476735")
        }
    }
}
