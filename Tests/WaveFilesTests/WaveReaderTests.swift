import ByteSources
import Foundation
import PCM
import TestSupport
import Testing
import WaveFiles

/// Files that other programs wrote, decoded here and by other programs.
@Suite struct WaveReaderTests {
    /// A way to have a file written.
    struct Recipe: Sendable, CustomTestStringConvertible {
        let codec: WaveCodec
        let tool: String
        let options: [String]
        var channels = 1

        var testDescription: String { "\(codec.name) of \(tool) \(options.joined(separator: " "))" }
    }

    static let integers = [
        Recipe(codec: .pcmU8, tool: "sox", options: ["-b", "8"]),
        Recipe(codec: .pcmS16LE, tool: "sox", options: ["-b", "16"]),
        Recipe(codec: .pcmS24LE, tool: "sox", options: ["-b", "24"], channels: 2),
        Recipe(codec: .pcmS32LE, tool: "sox", options: ["-b", "32"]),
        Recipe(codec: .pcmS16BE, tool: "sox", options: ["-b", "16", "--endian", "big"], channels: 2),
        Recipe(codec: .pcmS24BE, tool: "sox", options: ["-b", "24", "--endian", "big"]),
        Recipe(codec: .pcmS32BE, tool: "sox", options: ["-b", "32", "--endian", "big"]),
        Recipe(codec: .pcmU8, tool: "sox", options: ["-b", "8", "--endian", "big"]),
        Recipe(codec: .pcmMuLaw, tool: "sox", options: ["-e", "mu-law"]),
        Recipe(codec: .pcmMuLaw, tool: "sox", options: ["-e", "mu-law", "--endian", "big"]),
        Recipe(codec: .pcmALaw, tool: "sox", options: ["-e", "a-law"], channels: 2),
        Recipe(codec: .pcmMuLaw, tool: "ffmpeg", options: ["-c", "pcm_mulaw"]),
        Recipe(codec: .pcmS16LE, tool: "ffmpeg", options: ["-c", "pcm_s16le"], channels: 6),
        Recipe(codec: .pcmS24LE, tool: "ffmpeg", options: ["-c", "pcm_s24le"]),
        Recipe(codec: .pcmS16LE, tool: "ffmpeg", options: ["-c", "pcm_s16le", "-rf64", "always"]),
        Recipe(codec: .pcmMuLaw, tool: "ffmpeg", options: ["-c", "pcm_mulaw", "-rf64", "always"]),
    ]

    static let reals = [
        Recipe(codec: .pcmF32LE, tool: "sox", options: ["-e", "float", "-b", "32"]),
        Recipe(codec: .pcmF64LE, tool: "sox", options: ["-e", "float", "-b", "64"], channels: 2),
        Recipe(codec: .pcmF32BE, tool: "sox", options: ["-e", "float", "-b", "32", "--endian", "big"]),
        Recipe(codec: .pcmF64BE, tool: "sox", options: ["-e", "float", "-b", "64", "--endian", "big"]),
        Recipe(codec: .pcmF32LE, tool: "ffmpeg", options: ["-c", "pcm_f32le", "-rf64", "always"]),
    ]

    static let blocks = [
        Recipe(codec: .gsmMS, tool: "sox", options: ["-e", "gsm-full-rate"]),
        Recipe(codec: .adpcmIMA, tool: "sox", options: ["-e", "ima-adpcm"]),
        Recipe(codec: .adpcmIMA, tool: "sox", options: ["-e", "ima-adpcm", "--endian", "big"]),
        Recipe(codec: .adpcmMS, tool: "sox", options: ["-e", "ms-adpcm"]),
        Recipe(codec: .adpcmMS, tool: "sox", options: ["-e", "ms-adpcm"], channels: 2),
        Recipe(codec: .adpcmIMA, tool: "sox", options: ["-e", "ima-adpcm"], channels: 2),
    ]

    private static let frames = 4322

    /// Writes a tone with a tool, and returns its path.
    private static func write(_ recipe: Recipe, in folder: ScratchFolder) async throws -> String {
        let (tone, path) = (folder.path("tone.wav"), folder.path("file.wav"))
        let channels = ["-c", "\(recipe.channels)"]
        _ = try await Tool("sox").run(
            ["-R", "-r", "8000", "-n", "-b", "16"] + channels
                + [tone, "synth", "\(frames)s", "sine", "440", "vol", "0.5"])
        let result = try await convert(tone, to: path, recipe)
        try #require(result.status == 0, "\(result.diagnostics)")
        return path
    }

    private static func convert(_ tone: String, to path: String, _ recipe: Recipe) async throws -> ToolResult
    {
        if recipe.tool == "sox" {
            return try await Tool("sox").run(["-R", tone] + recipe.options + [path])
        }
        return try await Tool("ffmpeg").run(["-v", "error", "-i", tone] + recipe.options + [path])
    }

    /// The samples as ffmpeg decodes them, which reads no big-endian file: it is given a little-endian twin.
    private static func decode<Sample>(
        _ recipe: Recipe, as type: String, _: Sample.Type
    ) async throws -> [Sample] {
        let folder = try ScratchFolder()
        let twin = Recipe(
            codec: recipe.codec, tool: recipe.tool,
            options: recipe.options.filter { $0 != "--endian" && $0 != "big" }, channels: recipe.channels)
        let path = try await write(twin, in: folder)
        let result = try await Tool("ffmpeg").run(["-v", "error", "-i", path, "-f", type, "-"])
        try #require(result.status == 0, "\(result.diagnostics)")
        return result.output.withUnsafeBytes { Array($0.bindMemory(to: Sample.self)) }
    }

    @Test(arguments: integers)
    func `decodes integers as ffmpeg does`(recipe: Recipe) async throws {
        let folder = try ScratchFolder()
        let path = try await Self.write(recipe, in: folder)
        let source = try FileByteSource(path: path)
        let inspection = try WaveInspector().inspect(source)
        #expect(inspection.verdict == .valid, "\(inspection.findings)")
        #expect(inspection.codec == recipe.codec)
        #expect(inspection.frames == Self.frames)
        let audio = try Audio(inspection, source)
        let shift = 32 - Int32(try #require(inspection.format).bitsPerSample)
        let expected = try await Self.decode(recipe, as: "s32le", Int32.self)
        #expect(audio.integers == expected.map { $0 >> shift })
    }

    @Test(arguments: integers)
    func `lets the bytes of integers be rebuilt from the samples`(recipe: Recipe) async throws {
        let folder = try ScratchFolder()
        let path = try await Self.write(recipe, in: folder)
        let source = try FileByteSource(path: path)
        let inspection = try WaveInspector().inspect(source)
        let encoding = try #require(inspection.encoding)
        let range = try #require(inspection.audio)
        let samples = try Audio(inspection, source).integers
        var bytes: [UInt8] = []
        encoding.append(samples.span, to: &bytes)
        #expect(try source.bytes(at: range.lowerBound, count: range.count) == bytes)
    }

    @Test(arguments: reals)
    func `decodes real numbers as ffmpeg does`(recipe: Recipe) async throws {
        let folder = try ScratchFolder()
        let path = try await Self.write(recipe, in: folder)
        let source = try FileByteSource(path: path)
        let inspection = try WaveInspector().inspect(source)
        #expect(inspection.verdict == .valid, "\(inspection.findings)")
        #expect(inspection.codec == recipe.codec)
        #expect(inspection.encoding == nil)
        let expected = try await Self.decode(recipe, as: "f64le", Double.self)
        #expect(try Audio(inspection, source).reals == expected)
    }

    @Test(arguments: blocks)
    func `decodes the frames of block codecs as sox does, and no more than were written`(
        recipe: Recipe
    ) async throws {
        let folder = try ScratchFolder()
        let path = try await Self.write(recipe, in: folder)
        let source = try FileByteSource(path: path)
        let inspection = try WaveInspector().inspect(source)
        #expect(inspection.verdict == .valid, "\(inspection.findings)")
        #expect(inspection.codec == recipe.codec)
        #expect(inspection.frames == Self.frames)
        #expect(inspection.encoding == nil)
        let output = try await Tool("sox").run([path, "-t", "s16", "-"]).output
        let expected = output.withUnsafeBytes { $0.bindMemory(to: Int16.self).map(Int32.init) }
        #expect(
            try Audio(inspection, source).integers == Array(expected.prefix(Self.frames * recipe.channels)))
    }

    @Test(arguments: blocks.filter { $0.codec != .gsmMS && !$0.options.contains("big") }, [40, 41, 100, 230])
    func `decodes the beginning of an ADPCM block that was cut, as sox does`(recipe: Recipe, cut: Int)
        async throws
    {
        let folder = try ScratchFolder()
        let path = try await Self.write(recipe, in: folder)
        let whole = [UInt8](try Data(contentsOf: URL(filePath: path)))
        let source = try FileByteSource(path: folder.write(whole.dropLast(cut), to: "cut.wav"))
        let inspection = try WaveInspector().inspect(source)
        #expect(inspection.findings.contains { $0.code == "data.truncated" })
        #expect(inspection.findings.contains { $0.code == "data.partial-frame" })
        let output = try await Tool("sox").run([source.path, "-t", "s16", "-"]).output
        let expected = output.withUnsafeBytes { $0.bindMemory(to: Int16.self).map(Int32.init) }
        let decoded = try Audio(inspection, source).integers
        // The count in fact may be smaller than what the cut block still holds.
        #expect(decoded == Array(expected.prefix(decoded.count)))
        #expect(decoded.count == min(expected.count, Self.frames * recipe.channels))
    }

    @Test func `decodes two frames of each byte of G_721`() async throws {
        let folder = try ScratchFolder()
        let (tone, codes) = (try await Self.write(Self.integers[1], in: folder), folder.path("codes"))
        let encoding = ["-v", "error", "-i", tone, "-c", "g726le", "-b:a", "32k", "-f", "g726le", codes]
        _ = try await Tool("ffmpeg").run(encoding)
        let data = [UInt8](try Data(contentsOf: URL(filePath: codes)))
        let format = WaveFixture.format(
            tag: 0x40, byteRate: 4000, blockAlign: 64, bits: 4, tail: [2, 0, 0, 0])
        let source = MemoryByteSource(WaveFixture.coded(format, fact: nil, data: data).bytes)
        let inspection = try WaveInspector().inspect(source)
        #expect(inspection.codec == .adpcmG721)
        #expect(inspection.frames == 2 * data.count)
        // The coders of ffmpeg and libsndfile differ a little, and the code loses a little of the tone.
        let (decoded, original) = (try Audio(inspection, source).integers, try Audio(path: tone).integers)
        let error = zip(decoded, original).reduce(0.0) { $0 + pow(Double($1.0 - $1.1), 2) }
        let power = original.reduce(0.0) { $0 + pow(Double($1), 2) }
        #expect(error < power / 20)
    }

    @Test(arguments: [1, 160, 319, 320, 321, 640, 8000, 8080])
    func `counts the frames of GSM that sox wrote`(frames: Int64) async throws {
        let folder = try ScratchFolder()
        let path = folder.path("gsm.wav")
        _ = try await Tool("sox").run([
            "-r", "8000", "-n", "-e", "gsm", path, "synth", "\(frames)s", "sine", "440",
        ])
        let inspection = try WaveInspector().inspect(FileByteSource(path: path))
        #expect(inspection.frames == frames)
        #expect(inspection.verdict == .valid)
    }

    @Test(arguments: [
        "sox \"$1\" -t raw - | sox -t raw -r 8000 -e signed -b 16 -c 1 - -t wav - | cat",
        "ffmpeg -v error -i \"$1\" -f wav - | cat",
    ])
    func `decodes all that was written to a pipe`(command: String) async throws {
        let folder = try ScratchFolder()
        let tone = try await Self.write(Recipe(codec: .pcmS16LE, tool: "sox", options: []), in: folder)
        let source = MemoryByteSource(try await Tool("sh").run(["-c", command, "sh", tone]).output)
        let inspection = try WaveInspector().inspect(source)
        #expect(inspection.verdict == .flawed)
        #expect(Set(inspection.findings.map(\.code)) == ["riff.size-wrong", "data.size-streaming"])
        let expected = try Audio(path: tone).integers
        #expect(try Audio(inspection, source).integers == expected)
    }

    @Test(arguments: [1, 7, 320, 100_000])
    func `gives the same samples in runs of any length`(run: Int) throws {
        let source = MemoryByteSource(WaveFixture.gsm(data: 650, fact: 3100).bytes)
        let inspection = try WaveInspector().inspect(source)
        let audio = try Audio(inspection, source, frames: run)
        #expect(audio.frames == 3100)
        #expect(audio.integers == (try Audio(inspection, source).integers))
    }

    @Test func `takes 24-bit samples out of the containers of 4 bytes that hold them`() throws {
        let format = WaveFixture.format(channels: 2, blockAlign: 8, bits: 24)
        let data: [UInt8] = [0, 1, 2, 3, 0, 0xFF, 0xFF, 0xFF]
        let source = MemoryByteSource(WaveFixture.coded(format, fact: nil, data: data).bytes)
        let inspection = try WaveInspector().inspect(source)
        #expect(inspection.format == PCMFormat(sampleRate: 8000, channels: 2, bitsPerSample: 32))
        #expect(try Audio(inspection, source).integers == [0x0302_0100, -256])
    }

    @Test func `refuses a file without audio`() throws {
        let source = MemoryByteSource([])
        let inspection = try WaveInspector().inspect(source)
        #expect(throws: WaveReaderError.nothingToDecode) { _ = try WaveReader(inspection, source: source) }
    }

    @Test func `refuses to give real numbers of integer audio`() throws {
        let source = MemoryByteSource(WaveFixture.pcm16().bytes)
        let inspection = try WaveInspector().inspect(source)
        #expect(throws: WaveReaderError.wrongSampleKind(.pcmS16LE)) {
            var reader = try WaveReader(inspection, source: source)
            var samples: [Double] = []
            _ = try reader.read(into: &samples, frames: 1)
        }
    }

    @Test func `notices that the source has shrunk since`() throws {
        let whole = WaveFixture.pcm16(frames: 5000).bytes
        let inspection = try WaveInspector().inspect(MemoryByteSource(whole))
        #expect(throws: WaveReaderError.endedEarly(frames: 2489, expected: 5000)) {
            _ = try Audio(inspection, MemoryByteSource(Array(whole.prefix(5022))), frames: 5000)
        }
    }

    @Test func `passes on the failure of the source`() throws {
        let source = FailingSource(content: WaveFixture.pcm16(frames: 100_000).bytes, limit: 150_000)
        let inspection = try WaveInspector().inspect(source)
        #expect(throws: WaveReaderError.source(FailingSource.failure)) { _ = try Audio(inspection, source) }
    }
}

/// A source on a bad disk: bytes from some offset on cannot be read.
private struct FailingSource: ByteSource {
    static let failure = ByteSourceError(name: "bad disk", code: EIO)

    let content: MemoryByteSource
    let limit: Int64

    init(content: [UInt8], limit: Int64) {
        self.content = MemoryByteSource(content)
        self.limit = limit
    }

    var byteCount: Int64 { content.byteCount }

    func read(at offset: Int64, into buffer: UnsafeMutableRawBufferPointer) throws(ByteSourceError) -> Int {
        // The chunk walk looks at the very end.
        if offset > limit, offset < byteCount - 16 { throw Self.failure }
        return try content.read(at: offset, into: buffer)
    }
}
