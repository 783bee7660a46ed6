import ByteSources
import PCM
import TestSupport
import Testing
import WaveFiles

@Suite struct WaveInspectorTests {
    @Test(arguments: DamagedFile.form + DamagedFile.chunks + DamagedFile.format + DamagedFile.audio)
    func `names the defect with its severity, place and verdict`(file: DamagedFile) throws {
        let source = MemoryByteSource(file.bytes)
        let inspection = try WaveInspector().inspect(source)
        let finding = try #require(
            inspection.findings.first { $0.code == file.code && $0.severity == file.severity })
        if let offset = file.offset { #expect(finding.offset == offset) }
        #expect(inspection.verdict == file.verdict)
        #expect(inspection.frames == file.frames)
        #expect(try Audio(inspection, source).frames == file.frames)
    }

    @Test(arguments: DamagedFile.form + DamagedFile.chunks + DamagedFile.format + DamagedFile.audio)
    func `says in one printable sentence what is wrong`(file: DamagedFile) throws {
        for finding in try WaveInspector().inspect(MemoryByteSource(file.bytes)).findings {
            #expect(finding.message.hasSuffix("."))
            #expect(finding.message.unicodeScalars.allSatisfy { (0x20...0x7E).contains($0.value) })
            #expect(finding.found.map { $0.isEmpty } != true)
        }
    }

    @Test func `finds nothing wrong with a sound file`() throws {
        let inspection = try WaveInspector().inspect(MemoryByteSource(WaveFixture.pcm16().bytes))
        #expect(inspection.findings.isEmpty)
        #expect(inspection.verdict == .valid)
        #expect(inspection.container == "RIFF")
        #expect(inspection.codec == .pcmS16LE)
        #expect(inspection.format == PCMFormat(sampleRate: 8000, channels: 1, bitsPerSample: 16))
        #expect(inspection.audio == 44..<244)
        #expect(inspection.duration == 0.0125)
        #expect(inspection.encoding == SampleEncoding(law: .littleEndian, bytesPerSample: 2))
        #expect(inspection.chunks.map(\.id) == ["fmt ", "data"])
        #expect(inspection.libsndfile.container == "WAV")
        #expect(inspection.libsndfile.subtype == "PCM_16")
        #expect(inspection.libsndfile.frames == 100)
    }

    @Test func `tells the size that a form claims and the one that it has`() throws {
        let bytes = WaveFixture.pcm16().with { $0.formSize = 100 }.bytes
        let finding = try #require(try WaveInspector().inspect(MemoryByteSource(bytes)).findings.first)
        #expect(finding.code == "riff.size-wrong")
        #expect(finding.found == "100")
        #expect(finding.expected == "236")
    }

    @Test func `lists chunks with their places, sizes and kinds`() throws {
        let list = WaveFixture.Chunk(id: "LIST", content: Array("INFOISFT\u{4}\0\0\0Test".utf8))
        let bytes = WaveFixture.pcm16().with { $0.chunks.append(list) }.bytes
        let chunks = try WaveInspector().inspect(MemoryByteSource(bytes)).chunks
        #expect(chunks.map(\.offset) == [12, 36, 244])
        #expect(chunks.map(\.content) == [20..<36, 44..<244, 252..<268])
        #expect(chunks.map(\.listType) == [nil, nil, "INFO"])
    }

    @Test(
        arguments: [
            (8000, true), (65_535, true), (65_537, false), (88_200, true), (192_000, true), (255_010, true),
            (655_350, true), (655_360, false), (1_048_575, false),
        ] as [(UInt32, Bool)])
    func `notes the sample rates that a frame of streamable FLAC cannot state`(
        rate: UInt32, isStreamable: Bool
    ) throws {
        let bytes = WaveFixture.pcm16().with { $0["fmt "].content = WaveFixture.format(rate: rate) }.bytes
        let inspection = try WaveInspector().inspect(MemoryByteSource(bytes))
        #expect(inspection.verdict == .valid)
        #expect(inspection.findings.map(\.code) == (isStreamable ? [] : ["fmt.sample-rate-not-streamable"]))
    }

    @Test(arguments: [0x50, 0x55] as [UInt16])
    func `keeps MPEG away from libsndfile`(tag: UInt16) throws {
        let bytes = WaveFixture.pcm16().with { $0["fmt "].content = WaveFixture.format(tag: tag) }.bytes
        let inspection = try WaveInspector().inspect(MemoryByteSource(bytes))
        #expect(inspection.findings.map(\.code) == ["codec.unsupported"])
        #expect(inspection.libsndfile.error?.contains("MPEG") == true)
    }

    @Test func `never calls a file from a pipe truncated`() throws {
        let bytes = WaveFixture.pcm16().with { $0["data"].claimed = .max }.bytes
        let codes = try WaveInspector().inspect(MemoryByteSource(bytes)).findings.map(\.code)
        #expect(codes == ["data.size-streaming"])
    }

    @Test(arguments: [
        ("a FLAC stream", "fLaC\0\0\0\u{22}"), ("an Ogg stream", "OggS\0\u{2}"),
        ("an HTML or XML document", "<html>"),
        ("a JSON document", "{\"status\":\"Failed\"}"),
        ("an MP3 file with an ID3 tag", "ID3\u{3}\0\0\0\0\0\0"),
        ("an MP4 file", "\0\0\0\u{20}ftypM4A "), ("text", "voicemail not found"),
    ])
    func `says what other content looks like`(name: String, head: String) throws {
        let inspection = try WaveInspector().inspect(MemoryByteSource(Array(head.utf8)))
        #expect(inspection.verdict == .rejected)
        #expect(inspection.findings.map(\.code) == ["riff.id-unknown"])
        #expect(inspection.findings.first?.found == name)
        #expect(inspection.findings.first?.message.contains(name) == true)
        #expect(inspection.libsndfile.error != nil)
    }

    @Test(arguments: [("flac", "a FLAC stream"), ("mp3", "an MP3 stream"), ("ogg", "an Ogg stream")])
    func `rejects another codec's file whatever its name`(type: String, name: String) async throws {
        let folder = try ScratchFolder()
        let path = folder.path("tone.\(type)")
        let result = try await Tool("sox").run(["-n", "-r", "44100", path, "synth", "0.3", "sine", "440"])
        try #require(result.status == 0)
        let inspection = try WaveInspector().inspect(FileByteSource(path: path))
        #expect(inspection.findings.map(\.code) == ["riff.id-unknown"])
        #expect(inspection.findings.first?.found == name)
    }

    @Test func `does not take the header that a FLAC file keeps for a recording`() throws {
        let bytes = Array("fLaC".utf8) + [2, 0, 0, 100] + Array("riff".utf8) + WaveFixture.pcm16().bytes
        #expect(
            try WaveInspector().inspect(MemoryByteSource(bytes)).findings.map(\.code) == ["riff.id-unknown"])
    }

    @Test(arguments: [(65, 320), (66, 320), (130, 640), (131, 640), (195, 960), (196, 960)])
    func `counts no GSM block for a byte that makes the size even`(size: Int, frames: Int64) throws {
        let bytes = WaveFixture.gsm(data: size, fact: UInt32(frames)).bytes
        let inspection = try WaveInspector().inspect(MemoryByteSource(bytes))
        #expect(inspection.frames == frames)
        #expect(inspection.findings.map(\.code) == (size == 131 ? ["data.partial-frame"] : []))
    }

    @Test func `takes a GSM size rounded up beyond the end of the file for a missing pad byte`() throws {
        let bytes = WaveFixture.gsm(data: 65, fact: 320).with {
            $0["data"].claimed = 66
            $0["data"].isPadded = false
        }.bytes
        let inspection = try WaveInspector().inspect(MemoryByteSource(bytes))
        #expect(inspection.frames == 320)
        #expect(inspection.findings.map(\.code) == ["chunk.pad-missing"])
    }

    @Test func `shortens GSM audio to the count in fact`() throws {
        let inspection = try WaveInspector().inspect(
            MemoryByteSource(WaveFixture.gsm(data: 130, fact: 500).bytes))
        #expect(inspection.frames == 500)
        #expect(inspection.audio == 60..<190)
        #expect(inspection.verdict == .valid)
    }

    @Test func `lists some of many findings and counts the rest`() throws {
        let odd = [[UInt8]](repeating: Array("abcd\0\0\0\0".utf8), count: 5000).flatMap { $0 }
        let bytes = WaveFixture.pcm16().with { $0.stray = odd }.bytes
        let inspection = try WaveInspector().inspect(MemoryByteSource(bytes))
        #expect(inspection.findings.count == 9)
        #expect(inspection.findings.last?.found == "4992 more")
        #expect(inspection.chunks.count == 256)
    }

    @Test(arguments: [2, 3, 4, 7])
    func `steps over the pad byte of a chunk whose name is no text`(size: Int) throws {
        let bytes = WaveFixture.pcm16().with {
            $0.chunks.insert(
                WaveFixture.Chunk(id: "a\u{1B}[2", content: [UInt8](repeating: 1, count: size)), at: 1)
        }.bytes
        let inspection = try WaveInspector().inspect(MemoryByteSource(bytes))
        #expect(inspection.chunks.map(\.id) == ["fmt ", "a\\x1b[2", "data"])
        #expect(inspection.chunks[1].content == 44..<Int64(44 + size))
        #expect(inspection.findings.map(\.code) == ["chunk.id-nonprintable"])
    }

    @Test(arguments: [2, 3, 4, 7])
    func `steps over the pad byte of an unknown chunk behind the form`(size: Int) throws {
        let bytes = WaveFixture.pcm16().with {
            $0.formSize = 4 + 24 + 208
            $0.chunks.append(WaveFixture.Chunk(id: "abcd", content: [UInt8](repeating: 1, count: size)))
            $0.chunks.append(
                WaveFixture.Chunk(id: "LIST", content: Array("INFOISFT".utf8) + [4, 0, 0, 0, 1, 2, 3, 4]))
        }.bytes
        let inspection = try WaveInspector().inspect(MemoryByteSource(bytes))
        #expect(inspection.chunks.map(\.id) == ["fmt ", "data", "abcd", "LIST"])
        #expect(inspection.findings.map(\.code) == ["riff.size-wrong", "chunk.unknown"])
    }

    @Test func `escapes the bytes of a name that does not print`() throws {
        let bytes = WaveFixture.pcm16().with {
            $0.chunks.insert(WaveFixture.Chunk(id: "a\u{1B}[2", content: [1, 2]), at: 1)
        }.bytes
        let finding = try #require(try WaveInspector().inspect(MemoryByteSource(bytes)).findings.first)
        #expect(finding.found == "a\\x1b[2")
    }
}
