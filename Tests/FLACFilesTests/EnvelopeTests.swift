import ByteSources
import FLACFiles
import Foundation
import PCM
import TestSupport
import Testing

@Suite struct EnvelopeTests {
    private let folder: ScratchFolder
    private let format = PCMFormat(sampleRate: 8000, channels: 2, bitsPerSample: 16)

    init() throws {
        folder = try ScratchFolder()
    }

    /// A FLAC file whose envelope is rebuilt from 500 frames, with a prefix of 44 bytes and a suffix of 3.
    private func rebuilt() throws -> (bytes: [UInt8], contents: EnvelopeContents) {
        let wave = try Original.wave(Signals.noise(frames: 500, channels: 2, bits: 16), format: format)
        let original = Original(
            wave.stored, encoding: wave.encoding, prefix: wave.prefix, suffix: Array("end".utf8))
        let (envelope, verbatim) = try original.envelope(in: folder)
        return try encoded(original.stored, envelope, verbatim)
    }

    private func kept() throws -> (bytes: [UInt8], contents: EnvelopeContents) {
        let (envelope, verbatim) = try Original.kept(size: 1000, in: folder)
        return try encoded(Signals.noise(frames: 500, channels: 2, bits: 16), envelope, verbatim)
    }

    private func encoded(
        _ samples: [Int32], _ envelope: Envelope, _ verbatim: [VerbatimPart]
    ) throws -> ([UInt8], EnvelopeContents) {
        let path = folder.path("a.flac")
        try EncodedFile.write(
            samples, as: FLACEncoding(format: format), envelope: envelope, verbatim: verbatim, to: path)
        let bytes = try contents(of: path)
        return (bytes, try #require(try FLACMetadata(MemoryByteSource(bytes)).envelope))
    }

    @Test func `tells where prefix and suffix lie`() throws {
        let (bytes, contents) = try rebuilt()
        #expect(contents.prefix.count == 1)
        let prefix = try #require(contents.prefix.first)
        #expect(bytes[Int(prefix.lowerBound)..<Int(prefix.upperBound)].starts(with: "RIFF".utf8))
        #expect(prefix.count == 44)
        let suffix = try #require(contents.suffix.first)
        #expect(bytes[Int(suffix.lowerBound)..<Int(suffix.upperBound)].elementsEqual("end".utf8))
        #expect(contents.original.isEmpty)
        #expect(contents.envelope.audioByteCount == 2000)
    }

    @Test func `has the documented layout`() throws {
        let (bytes, contents) = try rebuilt()
        let header = Int(contents.prefix[0].lowerBound) - 68
        #expect(bytes[header - 8] == 0x82)
        #expect(bytes[(header - 4)..<header].elementsEqual("Vxkp".utf8))
        let expected: [UInt8] =
            [1, 0, 2, 2, 16, 0, 0, 0] + [0, 1, 0, 0] + [0, 0, 0, 0, 0, 0, 0, 44] + [0, 0, 0, 0, 0, 0, 0, 3]
            + [0, 0, 0, 0, 0, 0, 0x07, 0xFF] + contents.envelope.sourceSHA256
        #expect(Array(bytes[header..<header + 68]) == expected)
    }

    /// A byte of the header to change, and what the reader then says.
    struct Damage: Sendable, CustomTestStringConvertible {
        let offset: Int
        let value: UInt8
        let isExpected: @Sendable (EnvelopeError) -> Bool

        var testDescription: String { "byte \(offset) = \(value)" }
    }

    static let damages = [
        Damage(offset: 0, value: 2) { $0 == .unknownVersion(2) },
        Damage(offset: 1, value: 2) { $0 == .unknownRestoration(2) },
        Damage(offset: 2, value: 0) { $0 == .unknownSampleEncoding(law: 0, bytesPerSample: 2) },
        Damage(offset: 2, value: 4) { $0 == .unknownSampleEncoding(law: 4, bytesPerSample: 2) },
        Damage(offset: 3, value: 5) { $0 == .unknownSampleEncoding(law: 2, bytesPerSample: 5) },
        Damage(offset: 3, value: 1) { $0 == .wrongSourceBits(16) },
        Damage(offset: 4, value: 17) { $0 == .wrongSourceBits(17) },
        Damage(offset: 5, value: 32) { $0 == .wrongScale(multiplier: 65_536, zeroBits: 32, shift: 0) },
        Damage(offset: 6, value: 32) { $0 == .wrongScale(multiplier: 65_536, zeroBits: 0, shift: 32) },
        Damage(offset: 7, value: 1) { $0 == .unknownFlags(1) },
        Damage(offset: 9, value: 0) { $0 == .wrongScale(multiplier: 0, zeroBits: 0, shift: 0) },
        Damage(offset: 9, value: 2) { $0 == .wrongScale(multiplier: 131_072, zeroBits: 0, shift: 0) },
        Damage(offset: 12, value: 0x80) {
            $0 == .wrongLengths(sourceSize: 2047, prefix: 0x8000_0000_0000_002C, suffix: 3)
        },
        Damage(offset: 12, value: 0x7F) {
            $0 == .wrongLengths(sourceSize: 2047, prefix: 0x7F00_0000_0000_002C, suffix: 3)
        },
        Damage(offset: 19, value: 43) { $0 == .verbatimMismatch(expected: 46, found: 47) },
        Damage(offset: 27, value: 4) { $0 == .verbatimMismatch(expected: 48, found: 47) },
        Damage(offset: 28, value: 0xFF) {
            $0 == .wrongLengths(sourceSize: 0xFF00_0000_0000_07FF, prefix: 44, suffix: 3)
        },
        Damage(offset: 34, value: 0) { $0 == .audioMismatch(expected: 208, found: 2000) },
        Damage(offset: 35, value: 0xFE) { $0 == .audioMismatch(expected: 1999, found: 2000) },
    ]

    @Test(arguments: damages)
    func `refuses a malformed header`(damage: Damage) throws {
        var (bytes, contents) = try rebuilt()
        bytes[Int(contents.prefix[0].lowerBound) - 68 + damage.offset] = damage.value
        let error = #expect(throws: FLACError.self) { try FLACMetadata(MemoryByteSource(bytes)) }
        guard case .envelope(let reason) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(damage.isExpected(reason), "\(reason)")
        #expect(reason.description.hasSuffix("."))
    }

    @Test(arguments: [2, 3, 12, 20])
    func `refuses a kept original with a field that only rebuilt ones have`(offset: Int) throws {
        var (bytes, contents) = try kept()
        bytes[Int(contents.original[0].lowerBound) - 68 + offset] = 1
        #expect(throws: FLACError.self) { try FLACMetadata(MemoryByteSource(bytes)) }
    }

    @Test func `refuses an envelope whose continuation is missing or doubled`() throws {
        let (bytes, _) = try kept()
        let metadata = try FLACMetadata(MemoryByteSource(bytes))
        let block = Int(metadata.audioStart) - 1000 - 68 - 8
        let first = Array(bytes[..<block])
        let frames = Array(bytes[Int(metadata.audioStart)...])
        let payload = Array(bytes[(block + 8)..<Int(metadata.audioStart)])
        func application(_ payload: some Collection<UInt8>, isLast: Bool, id: String = "Vxkp") -> [UInt8] {
            let length = payload.count + 4
            return [isLast ? 0x82 : 0x02, 0, UInt8(length >> 8), UInt8(length & 0xFF)] + Array(id.utf8)
                + payload
        }
        func read(_ blocks: [UInt8]...) throws -> EnvelopeContents? {
            try FLACMetadata(MemoryByteSource(first + blocks.flatMap { $0 } + frames)).envelope
        }

        // The header itself may be cut anywhere, and foreign blocks may stand in between.
        let pieces = try read(
            application(payload[..<30], isLast: false), application([1, 2, 3], isLast: false, id: "Othr"),
            application(payload[30..<100], isLast: false), application([], isLast: false),
            application(payload[100...], isLast: true))
        #expect(pieces?.envelope == metadata.envelope?.envelope)
        #expect(pieces?.original.map(\.count) == [32, 968])

        #expect(throws: FLACError.envelope(.verbatimMismatch(expected: 1000, found: 500))) {
            try read(application(payload[..<568], isLast: true))
        }
        #expect(throws: FLACError.envelope(.verbatimMismatch(expected: 1000, found: 2068))) {
            try read(application(payload, isLast: false), application(payload, isLast: true))
        }
        #expect(throws: FLACError.envelope(.headerTruncated(found: 67))) {
            try read(application(payload[..<67], isLast: true))
        }
        #expect(throws: FLACError.envelope(.headerTruncated(found: 0))) {
            try read(application([], isLast: true))
        }
        #expect(try read(application(payload, isLast: true, id: "Othr")) == nil)
    }

    @Test func `keeps the scale of a kept original`() throws {
        var (envelope, verbatim) = try Original.kept(size: 10, in: folder)
        let scale = Envelope.Scale(multiplier: 131_071, zeroBits: 31, shift: 31)
        envelope.restoration = .kept(scale)
        let contents = try encoded([1, 2], envelope, verbatim).1
        #expect(contents.envelope == envelope)
        #expect(contents.envelope.scale == scale)
    }

    @Test func `refuses to write an envelope that contradicts itself`() throws {
        let samples = Signals.noise(frames: 500, channels: 2, bits: 16)
        let wave = try Original.wave(samples, format: format)
        let (sound, verbatim) = try wave.envelope(in: folder)
        func error(_ change: (inout Envelope) -> Void, verbatim parts: [VerbatimPart]? = nil) -> FLACError? {
            var envelope = sound
            change(&envelope)
            return #expect(throws: FLACError.self) {
                try EncodedFile.write(
                    samples, as: FLACEncoding(format: format), envelope: envelope,
                    verbatim: parts ?? verbatim,
                    to: folder.path("a.flac"))
            }
        }
        #expect(error { $0.sourceSHA256 = [] } == .envelope(.wrongDigestLength(0)))
        #expect(error { $0.sourceBits = 8 } == .envelope(.wrongSourceBits(8)))
        #expect(error { $0.sourceSize += 1 } == .envelope(.audioMismatch(expected: 2001, found: 2000)))
        #expect(
            error { $0.sourceSize = 43 } == .envelope(.wrongLengths(sourceSize: 43, prefix: 44, suffix: 0)))
        #expect(
            error { $0.restoration = .kept(nil) } == .envelope(.verbatimMismatch(expected: 2044, found: 44)))
        #expect(error({ _ in }, verbatim: []) == .envelope(.verbatimMismatch(expected: 44, found: 0)))
        let beyond = VerbatimPart(source: MemoryByteSource([1]), range: 0..<44)
        #expect(
            error({ _ in }, verbatim: [beyond]) == .unreadable(ByteSourceError(name: "The original", code: 0))
        )
        let failing = VerbatimPart(
            source: FailingByteSource([UInt8](repeating: 0, count: 44), failingFrom: 3), range: 0..<44)
        #expect(
            error({ _ in }, verbatim: [failing]) == .unreadable(ByteSourceError(name: "failing", code: EIO)))
    }
}
