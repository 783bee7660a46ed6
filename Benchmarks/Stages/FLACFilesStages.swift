import ByteSources
import FLACFiles
import PCM

extension Stage {
    /// Samples to a FLAC file, by compression level and by block size.
    static let encoding =
        [nil, 0, 5, 8].map { encode(level: $0) }
        + [256, 1152, 4096].map { encode(blockSize: $0) } + [encode(bits: 24)]

    /// A FLAC file to samples whose MD5 is checked.
    static let decoding = [
        Stage("FLACFiles: decode, with MD5", frames: Speech.usual.count) {
            let encoded = try TemporaryFile()
            _ = try write(Speech.usual, FLACEncoding(format: Speech.format), to: encoded)
            let file = try FileByteSource(path: encoded.path).loaded(limit: .max)
            var samples: [Int32] = []
            return {
                var decoder = try FLACDecoder(file)
                var sum = 0
                while try decoder.decode(into: &samples) > 0 { sum &+= Int(samples[0]) }
                try decoder.finish()
                return sum
            }
        }
    ]

    private static func encode(level: Int? = nil, blockSize: Int? = nil, bits: Int = 16) -> Stage {
        var format = Speech.format
        format.bitsPerSample = bits
        let encoding = FLACEncoding(
            format: format, compressionLevel: level, totalFrames: Int64(Speech.usual.count),
            blockSize: blockSize)
        let settings = level.map { "level \($0)" } ?? "speech"
        let name = "FLACFiles: encode \(bits) bits, \(settings), blocks of \(encoding.blockSize)"
        return Stage(name, frames: Speech.usual.count) {
            // Recordings that are made softer get 24 bits, and there use about all of them.
            let samples = bits == 24 ? Speech.usual.map { ($0 * 45_001 + 128) >> 8 } : Speech.usual
            return { try write(samples, encoding, to: TemporaryFile()) }
        }
    }

    /// Writes a FLAC file, and says how many bytes it has.
    private static func write(
        _ samples: [Int32], _ encoding: FLACEncoding, to file: TemporaryFile
    ) throws -> Int {
        var encoder = try FLACEncoder(encoding, descriptor: file.descriptor)
        try encoder.encode(samples.span)
        return Int(try encoder.finish().byteCount)
    }
}
