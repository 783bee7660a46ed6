import ByteSources
import FLACFiles
import PCM

/// What holds for any bytes that are read as a FLAC file, or as the envelope of one.
enum EnvelopeProperty {
    /// Decodes the bytes, and throws where the decoder breaks its word; that it refuses them is no breach.
    ///
    /// The first byte chooses: with an even one the rest is a file; with an odd one it is the payload of our
    /// APPLICATION block behind a sound STREAMINFO, so that mutations meet the envelope and not the marker.
    static func check(_ input: [UInt8]) throws {
        guard let choice = input.first else { return }
        let rest = Array(input.dropFirst())
        let source = MemoryByteSource(choice % 2 == 0 ? rest : file(withPayload: rest))
        do {
            try decode(source)
        } catch let error as FLACError {
            try require(!error.description.isEmpty, "an error says nothing")
        }
    }

    private static func decode(_ source: MemoryByteSource) throws {
        var decoder = try FLACDecoder(source)
        if let contents = decoder.envelope { try check(contents, in: source) }
        let channels = decoder.streamInfo.format.channels
        var samples: [Int32] = []
        while true {
            let frames = try decoder.decode(into: &samples)
            try require(samples.count == frames * channels, "a block holds other than whole frames")
            if frames == 0 { break }
        }
        try decoder.finish()
    }

    /// An accepted envelope points at bytes of the file, and at as many as it keeps.
    private static func check(_ contents: EnvelopeContents, in source: MemoryByteSource) throws {
        for range in contents.verbatim {
            try require(
                range.lowerBound >= 0 && range.upperBound <= source.byteCount, "a range leaves the file")
        }
        let kept = length(of: contents.verbatim)
        let parts = length(of: contents.prefix) + length(of: contents.suffix) + length(of: contents.original)
        try require(kept == contents.envelope.verbatimByteCount, "the ranges are not what the envelope keeps")
        try require(parts == kept, "the parts are not the whole")
        try require(contents.envelope.audioByteCount >= 0, "less than nothing is left for the audio")
    }

    private static func length(of ranges: [Range<Int64>]) -> Int64 {
        ranges.reduce(0) { $0 + $1.upperBound - $1.lowerBound }
    }

    /// A stream of unknown length without a frame: STREAMINFO for one channel of 16 bits at 8 kHz, and our block.
    private static func file(withPayload payload: [UInt8]) -> [UInt8] {
        let application = Array("Vxkp".utf8) + payload
        let length = UInt32(truncatingIfNeeded: application.count)
        var bytes = Array("fLaC".utf8)
        bytes += [0, 0, 0, 34, 2, 64, 2, 64, 0, 0, 0, 0, 0, 0, 0x01, 0xF4, 0x00, 0xF0, 0, 0, 0, 0]
        bytes += [UInt8](repeating: 0, count: 16)
        bytes += [0x82, UInt8(length >> 16 & 0xFF), UInt8(length >> 8 & 0xFF), UInt8(length & 0xFF)]
        return bytes + application
    }

    private static func require(_ holds: Bool, _ violation: String) throws {
        if !holds { throw Violation(description: violation) }
    }

    /// What does not hold, though it should for any bytes at all.
    private struct Violation: Error, CustomStringConvertible {
        let description: String
    }
}
