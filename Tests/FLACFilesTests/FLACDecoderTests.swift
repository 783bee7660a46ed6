import ByteSources
import FLACFiles
import Foundation
import PCM
import TestSupport
import Testing

@Suite struct FLACDecoderTests {
    private let folder: ScratchFolder
    private let format = PCMFormat(sampleRate: 8000, channels: 1, bitsPerSample: 16)

    init() throws {
        folder = try ScratchFolder()
    }

    /// The bytes of a FLAC file of 20,000 frames of speech, and its samples.
    private func encoded() throws -> (bytes: [UInt8], samples: [Int32]) {
        let samples = Signals.speech(frames: 20_000, format: format)
        try EncodedFile.write(samples, as: FLACEncoding(format: format), to: folder.path("a.flac"))
        return (try contents(of: folder.path("a.flac")), samples)
    }

    @Test(arguments: [(8, 1), (8, 2), (16, 1), (16, 2), (24, 6), (32, 2)])
    func `decodes files that the flac tool made`(bits: Int, channels: Int) throws {
        let samples = Signals.noise(frames: 5000, channels: channels, bits: bits)
        let raw = samples.flatMap { sample in
            (0..<bits / 8).map { UInt8(truncatingIfNeeded: sample >> Int32(8 * $0)) }
        }
        let input = try folder.write(raw, to: "raw")
        let path = folder.path("b.flac")
        let made = try Tool.run(
            "flac", "-s", "--force-raw-format", "--endian=little", "--sign=signed", "--channels=\(channels)",
            "--bps=\(bits)", "--sample-rate=22050", "--picture=\(try Self.picture(in: folder))", "-T",
            "TITLE=x", "-o",
            path, input)
        try #require(made.status == 0, "\(made.text)")
        var decoder = try FLACDecoder(FileByteSource(path: path))
        #expect(
            decoder.streamInfo.format
                == PCMFormat(sampleRate: 22_050, channels: channels, bitsPerSample: bits))
        #expect(decoder.comments == [VorbisComment(name: "TITLE", value: "x")])
        #expect(decoder.envelope == nil)
        var decoded: [Int32] = []
        var block: [Int32] = [99]
        while true {
            let frames = try decoder.decode(into: &block)
            if frames == 0 { break }
            #expect(block.count == frames * channels)
            decoded += block
        }
        #expect(block.isEmpty)
        try decoder.finish()
        #expect(decoded == samples)
    }

    @Test func `decodes a stream whose length and MD5 are unknown`() throws {
        let (bytes, samples) = try encoded()
        let piped = try Tool.run(
            "sh", "-c", "flac -d -c -s \"$0\" | flac -c -s --no-padding -", folder.path("a.flac"), quiet: true
        )
        #expect(piped.output != bytes)
        let source = MemoryByteSource(piped.output)
        let info = try FLACMetadata(source).streamInfo
        #expect(info.md5 == nil)
        #expect(try EncodedFile.decode(source) == samples)
        #expect(throws: FLACError.self) {
            try EncodedFile.decode(MemoryByteSource(piped.output.dropLast(100) + []))
        }
    }

    @Test func `names the frame in which a byte is damaged`() throws {
        let (bytes, _) = try encoded()
        let audioStart = try Int(FLACMetadata(MemoryByteSource(bytes)).audioStart)
        for position in stride(from: audioStart, to: bytes.count, by: 211) {
            var damaged = bytes
            damaged[position] ^= 0x10
            let error = #expect(throws: FLACError.self) { try EncodedFile.decode(MemoryByteSource(damaged)) }
            switch error {
            case .illFormed(_, let offset):
                #expect(offset <= Int64(position))
                #expect(offset >= Int64(audioStart))
            case .frameCountMismatch, .md5Mismatch:
                break
            default:
                Issue.record("\(position): \(String(describing: error))")
            }
        }
    }

    @Test func `finds samples that do not have the MD5 of STREAMINFO`() throws {
        var (bytes, _) = try encoded()
        bytes[8 + 20] ^= 1
        #expect(throws: FLACError.md5Mismatch) { try EncodedFile.decode(MemoryByteSource(bytes)) }
    }

    /// Bits of STREAMINFO to flip: of the sample rate, the channels and the bits per sample.
    @Test(arguments: [(11, 0x10), (12, 0x02), (13, 0x10)] as [(Int, UInt8)])
    func `finds frames that do not have the shape of STREAMINFO`(offset: Int, mask: UInt8) throws {
        var (bytes, _) = try encoded()
        bytes[8 + offset] ^= mask
        let audioStart = try FLACMetadata(MemoryByteSource(bytes)).audioStart
        #expect(
            throws: FLACError.illFormed("a frame has another shape than STREAMINFO says", offset: audioStart)
        ) {
            try EncodedFile.decode(MemoryByteSource(bytes))
        }
    }

    @Test(arguments: [1, 2, 100, 5000])
    func `finds the end of a truncated stream missing`(cut: Int) throws {
        let (bytes, _) = try encoded()
        let error = #expect(throws: FLACError.self) {
            try EncodedFile.decode(MemoryByteSource(Array(bytes.dropLast(cut))))
        }
        // A cut at a frame boundary can only be counted; inside of one, libFLAC misses the rest of the frame.
        switch error {
        case .frameCountMismatch(expected: 20_000, let found):
            #expect(found < 20_000)
        case .illFormed(_, let offset):
            #expect(offset <= bytes.count - cut)
        default:
            Issue.record("\(String(describing: error))")
        }
    }

    @Test func `takes no notice of bytes behind the last frame`() throws {
        let (bytes, samples) = try encoded()
        let tag = Array("TAG".utf8) + [UInt8](repeating: 0xFF, count: 125)
        #expect(try EncodedFile.decode(MemoryByteSource(bytes + tag)) == samples)
    }

    @Test func `refuses to finish before the end`() throws {
        let (bytes, _) = try encoded()
        #expect(throws: FLACError.frameCountMismatch(expected: 20_000, found: 576)) {
            var decoder = try FLACDecoder(MemoryByteSource(bytes))
            var block: [Int32] = []
            #expect(try decoder.decode(into: &block) == 576)
            try decoder.finish()
        }
    }

    @Test func `passes on why its source cannot be read`() throws {
        let (bytes, _) = try encoded()
        let source = FailingByteSource(bytes, failingFrom: 4000)
        var frames = 0
        let error = #expect(throws: FLACError.self) {
            var decoder = try FLACDecoder(source)
            var block: [Int32] = []
            while true {
                let count = try decoder.decode(into: &block)
                if count == 0 { break }
                frames += count
            }
        }
        #expect(error == .unreadable(ByteSourceError(name: "failing", code: EIO)))
    }

    @Test func `survives random damage anywhere`() throws {
        let (bytes, samples) = try encoded()
        var noise = Signals.Noise(seed: 3)
        for _ in 0..<200 {
            var damaged = bytes
            for _ in 0..<3 {
                damaged[Int(noise.next()) % (noise.next() % 2 == 0 ? 100 : bytes.count)] = UInt8(
                    noise.next() & 0xFF)
            }
            if let decoded = try? EncodedFile.decode(MemoryByteSource(damaged)) {
                #expect(
                    decoded == samples || (try? FLACMetadata(MemoryByteSource(damaged)).streamInfo.md5) == nil
                )
            }
        }
    }

    /// A GIF of one pixel, as a PICTURE block's content.
    static func picture(in folder: ScratchFolder) throws -> String {
        let gif: [UInt8] =
            Array("GIF89a".utf8) + [
                1, 0, 1, 0, 0x80, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0,
            ]
            + [2, 2, 0x44, 1, 0, 0x3B]
        return try folder.write(gif, to: "picture.gif")
    }
}

/// A source whose medium fails from some offset on.
struct FailingByteSource: ByteSource {
    private let content: MemoryByteSource
    private let limit: Int64

    init(_ bytes: [UInt8], failingFrom limit: Int64) {
        content = MemoryByteSource(bytes)
        self.limit = limit
    }

    var byteCount: Int64 { content.byteCount }

    func read(at offset: Int64, into buffer: UnsafeMutableRawBufferPointer) throws(ByteSourceError) -> Int {
        guard offset + Int64(buffer.count) <= limit else { throw ByteSourceError(name: "failing", code: EIO) }
        return try content.read(at: offset, into: buffer)
    }
}
