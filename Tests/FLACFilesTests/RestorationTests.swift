import ByteSources
import FLACFiles
import Foundation
import PCM
import TestSupport
import Testing

/// Restores files with the program in docs/format.md, which shares no code with ours.
@Suite struct RestorationTests {
    private let folder: ScratchFolder
    private let program: String

    init() throws {
        folder = try ScratchFolder()
        program = try folder.write(Array(try Self.documentedProgram().utf8), to: "restore.py")
    }

    /// The fenced block of Python in the format's documentation.
    private static func documentedProgram() throws -> String {
        let root = URL(filePath: #filePath).resolvingSymlinksInPath()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let document = try String(contentsOf: root.appending(path: "docs/format.md"), encoding: .utf8)
        let opening = try #require(document.range(of: "\n```python\n"))
        let closing = try #require(document[opening.upperBound...].range(of: "\n```\n"))
        return String(document[opening.upperBound..<closing.lowerBound]) + "\n"
    }

    private func restore(_ path: String) throws -> Tool.Outcome {
        try Tool.run("/usr/bin/python3", program, path, folder.path("restored"))
    }

    /// All that the restored file depends on: how samples lie in the original, and how they are leveled.
    struct Case: Sendable, CustomTestStringConvertible {
        let law: SampleEncoding.Law
        var bytesPerSample = 1
        var channels = 1
        var storedBits = 16
        var multiplier: Int64 = 65_536
        var zeroBits = 0
        var shift = 0
        var prefix = 44
        var suffix = 0

        var testDescription: String {
            "\(law) \(bytesPerSample) bytes, \(channels) channels, \(multiplier) \(zeroBits),\(shift) -> \(storedBits)"
        }
    }

    static let cases = [
        Case(law: .littleEndian, bytesPerSample: 2),
        Case(law: .littleEndian, bytesPerSample: 2, channels: 2, prefix: 0, suffix: 1001),
        Case(law: .littleEndian, bytesPerSample: 2, storedBits: 24, multiplier: 77_879, shift: 7, suffix: 1),
        Case(law: .littleEndian, bytesPerSample: 2, storedBits: 24, multiplier: 131_071, shift: 5),
        Case(law: .bigEndian, bytesPerSample: 2, channels: 2, multiplier: 90_001, zeroBits: 3, shift: 1),
        Case(law: .unsigned, storedBits: 16, multiplier: 99_999, shift: 6, prefix: 58, suffix: 7),
        Case(law: .littleEndian, bytesPerSample: 3, storedBits: 24),
        Case(law: .littleEndian, bytesPerSample: 3, storedBits: 24, multiplier: 65_537, zeroBits: 1),
        Case(law: .bigEndian, bytesPerSample: 3, channels: 3, storedBits: 24, prefix: 70_000, suffix: 70_000),
        Case(law: .littleEndian, bytesPerSample: 4, storedBits: 24, zeroBits: 8),
        Case(law: .bigEndian, bytesPerSample: 4, storedBits: 24, multiplier: 100_000, zeroBits: 12, shift: 3),
        Case(law: .muLaw, multiplier: 65_536, zeroBits: 2, shift: 2),
        Case(law: .muLaw, storedBits: 24, multiplier: 123_457, zeroBits: 2, shift: 8),
        Case(law: .aLaw, channels: 2, multiplier: 80_000, zeroBits: 3, shift: 2, suffix: 3),
    ]

    /// Source samples that the case's encoding can hold, quiet ones and extreme ones among them.
    private func samples(for test: Case) throws -> [Int32] {
        let encoding = try #require(SampleEncoding(law: test.law, bytesPerSample: test.bytesPerSample))
        let noise = Signals.noise(frames: 4000, channels: test.channels, bits: encoding.bitsPerSample)
        return switch test.law {
        case .muLaw: noise.map { G711.muLawValue(of: UInt8(truncatingIfNeeded: $0)) }
        case .aLaw: noise.map { G711.aLawValue(of: UInt8(truncatingIfNeeded: $0)) }
        default: noise.map { ($0 >> Int32(test.zeroBits)) << Int32(test.zeroBits) }
        }
    }

    @Test(arguments: cases)
    func `rebuilds the original from samples`(test: Case) throws {
        let encoding = try #require(SampleEncoding(law: test.law, bytesPerSample: test.bytesPerSample))
        let original = Original(
            try samples(for: test), encoding: encoding,
            scale: Envelope.Scale(multiplier: test.multiplier, zeroBits: test.zeroBits, shift: test.shift),
            prefix: Signals.noise(frames: test.prefix, bits: 8).map { UInt8(truncatingIfNeeded: $0) },
            suffix: Signals.noise(frames: test.suffix, bits: 8, seed: 9).map { UInt8(truncatingIfNeeded: $0) }
        )
        let limit = Int32(1) << Int32(test.storedBits - 1)
        let fitting = original.stored.allSatisfy { -limit <= $0 && $0 < limit }
        try #require(fitting, "the case's own numbers are wrong")
        let (envelope, verbatim) = try original.envelope(in: folder)
        let format = PCMFormat(sampleRate: 8000, channels: test.channels, bitsPerSample: test.storedBits)
        let path = folder.path("a.flac")
        try EncodedFile.write(
            original.stored, as: FLACEncoding(format: format), envelope: envelope, verbatim: verbatim,
            to: path)

        let outcome = try restore(path)
        #expect(outcome.status == 0, "\(outcome.text)")
        #expect(try contents(of: folder.path("restored")) == original.bytes)
        #expect(try Tool.run("flac", "-t", "-s", path).status == 0)
    }

    @Test func `gives back a kept original of 40 MiB that spans three blocks`() throws {
        let (envelope, verbatim) = try Original.kept(size: 40 << 20, in: folder)
        let path = folder.path("a.flac")
        let format = PCMFormat(sampleRate: 8000, channels: 1, bitsPerSample: 24)
        let samples = Signals.speech(frames: 3000, format: format)
        try EncodedFile.write(
            samples, as: FLACEncoding(format: format), envelope: envelope, verbatim: verbatim, to: path)
        let outcome = try restore(path)
        #expect(outcome.status == 0, "\(outcome.text)")
        #expect(try Tool.run("cmp", folder.path("restored"), folder.path("original")).status == 0)
        #expect(try Tool.run("flac", "-t", "-s", path).status == 0)
        #expect(try EncodedFile.decode(path) == samples)

        let source = try FileByteSource(path: path)
        let contents = try #require(try FLACMetadata(source).envelope)
        #expect(contents.envelope == envelope)
        #expect(contents.original.count == 3)
        #expect(contents.prefix.isEmpty && contents.suffix.isEmpty)
        try #expect(
            Self.bytes(of: contents.original, in: source)
                == FLACFilesTests.contents(of: folder.path("original")))
    }

    private static func bytes(of ranges: [Range<Int64>], in source: any ByteSource) throws -> [UInt8] {
        try ranges.reduce(into: []) { bytes, range in
            bytes += try source.bytes(at: range.lowerBound, count: range.count)
        }
    }

    /// A FLAC file with an envelope whose suffix spans no block, and the original's bytes.
    private func plain() throws -> (path: String, original: [UInt8]) {
        let format = PCMFormat(sampleRate: 8000, channels: 1, bitsPerSample: 16)
        let original = try Original.wave(Signals.speech(frames: 10_000, format: format), format: format)
        let (envelope, verbatim) = try original.envelope(in: folder)
        let path = folder.path("a.flac")
        try EncodedFile.write(
            original.stored, as: FLACEncoding(format: format),
            comments: [VorbisComment(name: "A", value: "b")],
            envelope: envelope, verbatim: verbatim, to: path)
        return (path, original.bytes)
    }

    @Test func `restores after other tools have edited the metadata`() throws {
        let (path, original) = try plain()
        let before = try #require(try FLACMetadata(FileByteSource(path: path)).envelope)
        for arguments in [
            ["--remove", "--block-type=VORBIS_COMMENT", "--dont-use-padding"], ["--set-tag=TITLE=changed"],
            ["--import-picture-from=\(try FLACDecoderTests.picture(in: folder))"],
            ["--add-padding=5000"], ["--add-seekpoint=100x"], ["--sort-padding"],
        ] {
            let outcome = try Tool.run(["metaflac"] + arguments + [path])
            try #require(outcome.status == 0, "\(outcome.text)")
        }
        try #require(Tool.run("flac", "-s", "-f", "-5", "-o", folder.path("b.flac"), path).status == 0)
        try #require(Tool.run("mv", folder.path("b.flac"), path).status == 0)
        // An ID3v2 tag in front, with a footer that is no part of its length, and an ID3v1 tag behind.
        let id3 = Array("ID3".utf8) + [4, 0, 0, 0, 0, 1, 1] + [UInt8](repeating: 0x55, count: 129)
        let trailer = Array("TAG".utf8) + [UInt8](repeating: 0x20, count: 125)
        try folder.write(id3 + contents(of: path) + trailer, to: "a.flac")

        let metadata = try FLACMetadata(FileByteSource(path: path))
        #expect(metadata.streamStart == 139)
        #expect(metadata.comments == [VorbisComment(name: "TITLE", value: "changed")])
        #expect(metadata.envelope?.envelope == before.envelope)
        #expect(metadata.envelope?.prefix != before.prefix)
        #expect(try EncodedFile.decode(path).count == 10_000)
        let outcome = try restore(path)
        #expect(outcome.status == 0, "\(outcome.text)")
        #expect(try contents(of: folder.path("restored")) == original)
    }

    @Test func `fails with a sentence and leaves nothing when the file is damaged`() throws {
        let (path, _) = try plain()
        let intact = try contents(of: path)
        let metadata = try FLACMetadata(MemoryByteSource(intact))
        let verbatim = try #require(metadata.envelope?.verbatim.first)
        let header = Int(verbatim.lowerBound) - 68
        let damages: [(Int, UInt8, String)] = [
            (0, 1, "no FLAC file"), (header, 1, "unknown version"), (header + 1, 2, "do not add up"),
            (header + 2, 0x80, "unknown sample law"), (header + 7, 1, "header is damaged"),
            (header + 19, 1, "do not add up"), (header + 9, 2, "multiplier"), (header - 1, 1, "no envelope"),
            (Int(verbatim.lowerBound), 1, "SHA-256"), (header + 40, 1, "SHA-256"),
            (intact.count - 100, 1, "SHA-256"),
        ]
        for (offset, mask, reason) in damages {
            var damaged = intact
            damaged[offset] ^= mask
            try folder.write(damaged, to: "a.flac")
            let outcome = try restore(path)
            #expect(outcome.status == 1)
            #expect(outcome.text.contains(reason), "\(outcome.text)")
            #expect(outcome.text.hasSuffix(".\n"))
            #expect(!FileManager.default.fileExists(atPath: folder.path("restored")))
            #expect(!FileManager.default.fileExists(atPath: folder.path("restored.partial")))
        }
    }

    @Test func `takes fewer than 700 bytes for tags and envelope of a plain file`() throws {
        let format = PCMFormat(sampleRate: 8000, channels: 1, bitsPerSample: 16)
        let original = try Original.wave(Signals.speech(frames: 1000, format: format), format: format)
        let (envelope, verbatim) = try original.envelope(in: folder)
        let path = folder.path("a.flac")
        try EncodedFile.write(
            original.stored, as: FLACEncoding(format: format), envelope: envelope, verbatim: verbatim,
            to: path)
        // 42 bytes of marker and STREAMINFO, a comment block with the vendor string only, and the envelope's block.
        let vendor = try FLACMetadata(FileByteSource(path: path)).vendor.utf8.count
        #expect(
            try FLACMetadata(FileByteSource(path: path)).audioStart == Int64(42 + 12 + vendor + 8 + 68 + 44))
    }
}
