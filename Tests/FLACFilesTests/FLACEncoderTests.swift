import ByteSources
import FLACFiles
import Foundation
import PCM
import TestSupport
import Testing

@Suite struct FLACEncoderTests {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
    }

    static let formats = [
        PCMFormat(sampleRate: 8000, channels: 1, bitsPerSample: 16),
        PCMFormat(sampleRate: 8000, channels: 2, bitsPerSample: 24),
        PCMFormat(sampleRate: 11_025, channels: 1, bitsPerSample: 24),
        PCMFormat(sampleRate: 44_100, channels: 8, bitsPerSample: 16),
        PCMFormat(sampleRate: 48_000, channels: 3, bitsPerSample: 24),
        PCMFormat(sampleRate: 192_000, channels: 2, bitsPerSample: 16),
    ]

    @Test(arguments: formats)
    func `is decoded to the same samples by flac and by our decoder`(format: PCMFormat) throws {
        let samples =
            Signals.speech(frames: 9001, format: format)
            + Signals.noise(frames: 3001, channels: format.channels, bits: format.bitsPerSample)
        let path = folder.path("a.flac")
        let size = try EncodedFile.write(samples, as: FLACEncoding(format: format), to: path)
        #expect(try contents(of: path).count == size)
        #expect(try Tool.run("flac", "-t", "-s", "-w", path).status == 0)
        #expect(try Tool.samples(ofFLAC: path, bits: format.bitsPerSample) == samples)
        #expect(try EncodedFile.decode(path) == samples)
        let streamInfo = try FLACMetadata(FileByteSource(path: path)).streamInfo
        #expect(streamInfo.format == format)
        #expect(streamInfo.totalFrames == 12_002)
    }

    /// A stereo file with a tag and an envelope, and its samples.
    private func plainFile() throws -> (path: String, samples: [Int32]) {
        let format = PCMFormat(sampleRate: 8000, channels: 2, bitsPerSample: 16)
        let samples = Signals.speech(frames: 12_345, format: format)
        let (envelope, verbatim) = try Original.wave(samples, format: format).envelope(in: folder)
        let path = folder.path("a.flac")
        try EncodedFile.write(
            samples, as: FLACEncoding(format: format, totalFrames: 12_345),
            comments: [VorbisComment(name: "CALLER", value: "Zoë")], envelope: envelope, verbatim: verbatim,
            to: path)
        return (path, samples)
    }

    @Test(.enabled(if: Tool.succeeds("ffmpeg", "-version"), "ffmpeg is not installed"))
    func `is read by ffmpeg`() throws {
        let (path, samples) = try plainFile()
        let decoded = try Tool.run("ffmpeg", "-v", "error", "-i", path, "-f", "s16le", "-", quiet: true)
        #expect(Tool.littleEndianSamples(decoded.output, bits: 16) == samples)
    }

    @Test(
        .enabled(
            if: Tool.succeeds("/usr/bin/python3", "-c", "import soundfile"), "soundfile is not installed"))
    func `is read by Python's soundfile`() throws {
        let (path, samples) = try plainFile()
        let read = try Tool.run(
            "/usr/bin/python3", "-c",
            "import soundfile, sys; a, r = soundfile.read(sys.argv[1], dtype='int16');"
                + "print(a.shape, r, int(a.astype('int64').sum()))", path)
        let sum = samples.reduce(0) { $0 + Int($1) }
        #expect(read.text == "(12345, 2) 8000 \(sum)\n")
    }

    @Test func `leaves a complete STREAMINFO and no padding`() throws {
        let format = PCMFormat(sampleRate: 8000, channels: 1, bitsPerSample: 16)
        let path = folder.path("a.flac")
        try EncodedFile.write(
            Signals.speech(frames: 20_000, format: format), as: FLACEncoding(format: format), to: path)
        let list = try Tool.run("metaflac", "--list", path).text
        #expect(list.contains("total samples: 20000"))
        #expect(list.contains("minimum blocksize: 576 samples"))
        #expect(!list.contains("minimum framesize: 0 "))
        #expect(!list.contains("maximum framesize: 0 "))
        #expect(!list.contains("MD5 signature: 00000000000000000000000000000000"))
        #expect(!list.contains("PADDING"))
        #expect(!list.contains("SEEKTABLE"))
        let info = try FLACMetadata(FileByteSource(path: path)).streamInfo
        #expect(
            try Tool.run("metaflac", "--show-min-framesize", path).text == "\(info.minimumFrameSize ?? 0)\n")
        #expect(
            try Tool.run("metaflac", "--show-max-framesize", path).text == "\(info.maximumFrameSize ?? 0)\n")
    }

    @Test func `gives the same bytes for the same input`() throws {
        let format = PCMFormat(sampleRate: 16_000, channels: 1, bitsPerSample: 16)
        let samples = Signals.speech(frames: 40_000, format: format)
        let comments = [VorbisComment(name: "A", value: "1"), VorbisComment(name: "B", value: "2")]
        for name in ["a.flac", "b.flac"] {
            try EncodedFile.write(
                samples, as: FLACEncoding(format: format), comments: comments, to: folder.path(name))
        }
        #expect(try contents(of: folder.path("a.flac")) == contents(of: folder.path("b.flac")))
    }

    @Test(arguments: [
        (100, 192), (8000, 576), (11_025, 1024), (16_000, 1152), (22_050, 1024), (44_100, 2048),
        (32_000, 1152), (48_000, 2304),
        (96_000, 4608), (384_000, 16_384),
    ])
    func `chooses a block size that suits speech`(rate: Int, size: Int) {
        #expect(FLACEncoding.speechBlockSize(sampleRate: rate) == size)
    }

    @Test(arguments: [1, 50, 4000, 65_535, 65_537, 123_457, 655_350, 700_001, 1_048_575])
    func `encodes sample rates inside and outside the streamable subset`(rate: Int) throws {
        let format = PCMFormat(sampleRate: rate, channels: 1, bitsPerSample: 16)
        let samples = Signals.noise(frames: 1000, bits: 16)
        let path = folder.path("a.flac")
        try EncodedFile.write(samples, as: FLACEncoding(format: format), to: path)
        #expect(try Tool.run("flac", "-t", "-s", path).status == 0)
        #expect(try Tool.run("metaflac", "--show-sample-rate", path).text == "\(rate)\n")
        #expect(try EncodedFile.decode(path) == samples)
    }

    @Test(arguments: 0...8)
    func `encodes at every compression level`(level: Int) throws {
        let format = PCMFormat(sampleRate: 8000, channels: 2, bitsPerSample: 16)
        let samples = Signals.speech(frames: 3000, format: format)
        let path = folder.path("a.flac")
        try EncodedFile.write(samples, as: FLACEncoding(format: format, compressionLevel: level), to: path)
        #expect(try Tool.samples(ofFLAC: path, bits: 16) == samples)
    }

    @Test(arguments: [(16, 9), (24, 10)])
    func `halves a block of speech four times at most, and spends as much on a predictor as 16 bits need`(
        bits: Int, precision: Int
    ) throws {
        let format = PCMFormat(sampleRate: 8000, channels: 1, bitsPerSample: bits)
        let path = folder.path("a.flac")
        try EncodedFile.write(
            Signals.speech(frames: 20_000, format: format), as: FLACEncoding(format: format), to: path)
        #expect(try Tool.run("flac", "--analyze", "-s", "-f", path).status == 0)
        let analysis = try String(contentsOfFile: folder.path("a.ana"), encoding: .utf8)
        func highest(_ field: String) -> Int? {
            analysis.split(whereSeparator: \.isWhitespace).filter { $0.hasPrefix(field + "=") }
                .compactMap { Int($0.dropFirst(field.count + 1)) }.max()
        }
        #expect(highest("blocksize") == 576)
        #expect(try #require(highest("partition_order")) <= 4)
        #expect(highest("qlp_coeff_precision") == precision)
    }

    @Test func `comes close to the smallest level where none is asked for`() throws {
        let format = PCMFormat(sampleRate: 8000, channels: 1, bitsPerSample: 16)
        let samples = Signals.speech(frames: 80_000, format: format)
        let size = try EncodedFile.write(samples, as: FLACEncoding(format: format), to: folder.path("a.flac"))
        let smallest = try EncodedFile.write(
            samples, as: FLACEncoding(format: format, compressionLevel: 8), to: folder.path("b.flac"))
        #expect(size >= smallest)
        #expect(Double(size) <= 1.02 * Double(smallest))
    }

    @Test func `seeks to the right frames in a long file with inserted blocks`() throws {
        let rate = 1000
        let format = PCMFormat(sampleRate: rate, channels: 1, bitsPerSample: 16)
        let frames = rate * 601
        // One period of noise again and again: cheap to make, and each place can be told from its neighbors.
        let period = Signals.noise(frames: 7919, bits: 12)
        let samples = (0..<frames).map { period[$0 % period.count] + Int32($0 / 10_000) }
        let path = folder.path("long.flac")
        let original = try Original.kept(size: 20 << 20, in: folder)
        try EncodedFile.write(
            samples, as: FLACEncoding(format: format, compressionLevel: 0, totalFrames: Int64(frames)),
            comments: [VorbisComment(name: "A", value: "b")], envelope: original.0, verbatim: original.1,
            to: path)

        let list = try Tool.run("metaflac", "--list", "--block-type=SEEKTABLE", path).text
        #expect(list.contains("seek points: 61"))
        #expect(list.contains("point 0: sample_number=0, stream_offset=0, frame_samples=192"))
        #expect(try FLACMetadata(FileByteSource(path: path)).envelope?.original.count == 2)

        let (start, end) = (rate * 433 + 17, rate * 433 + 5017)
        let part = try Tool.samples(ofFLAC: path, bits: 16, ["--skip=\(start)", "--until=\(end)"])
        #expect(part == Array(samples[start..<end]))
        if Tool.succeeds("ffmpeg", "-version") {
            let decoded = try Tool.run(
                "ffmpeg", "-v", "error", "-ss", "555", "-i", path, "-t", "0.5", "-f", "s16le", "-",
                quiet: true)
            let expected = Array(samples[rate * 555..<rate * 555 + 500])
            #expect(Tool.littleEndianSamples(decoded.output, bits: 16) == expected)
        }
    }

    @Test(arguments: ["", "A=B", "Ä", "A\n", "~"])
    func `refuses a comment name that cannot be stored`(name: String) throws {
        let encoding = FLACEncoding(format: Self.formats[0])
        #expect(throws: FLACError.invalidComment(name: name)) {
            try EncodedFile.write(
                [], as: encoding, comments: [VorbisComment(name: name, value: "")], to: folder.path("a.flac"))
        }
        #expect(try contents(of: folder.path("a.flac")).isEmpty)
    }

    @Test func `refuses a comment that C would cut short`() throws {
        #expect(throws: FLACError.invalidComment(name: "CALLER")) {
            try EncodedFile.write(
                [], as: FLACEncoding(format: Self.formats[0]),
                comments: [VorbisComment(name: "CALLER", value: "a\0b")], to: folder.path("a.flac"))
        }
    }

    @Test func `stores comments that metaflac reads`() throws {
        let comments = [
            VorbisComment(name: "CALLER", value: "\"李四\" <+86 10 5555=0100>"),
            VorbisComment(name: "EMPTY", value: ""),
            VorbisComment(name: "CALLER", value: "second"),
        ]
        let path = folder.path("a.flac")
        try EncodedFile.write(
            [1, 2, 3], as: FLACEncoding(format: Self.formats[0]), comments: comments, to: path)
        let exported = try Tool.run("metaflac", "--no-utf8-convert", "--export-tags-to=-", path).text
        #expect(exported == comments.map { "\($0.name)=\($0.value)\n" }.joined())
        let metadata = try FLACMetadata(FileByteSource(path: path))
        #expect(metadata.comments == comments)
        #expect(metadata.values(named: "caller") == [comments[0].value, "second"])
        #expect(metadata.vendor.hasPrefix("reference libFLAC"))
    }

    static let refusals = [
        FLACEncoding(format: PCMFormat(sampleRate: 8000, channels: 1, bitsPerSample: 20)),
        FLACEncoding(format: PCMFormat(sampleRate: 8000, channels: 0, bitsPerSample: 16)),
        FLACEncoding(format: PCMFormat(sampleRate: 8000, channels: 9, bitsPerSample: 16)),
        FLACEncoding(format: PCMFormat(sampleRate: 0, channels: 1, bitsPerSample: 16)),
        FLACEncoding(format: PCMFormat(sampleRate: .max, channels: 1, bitsPerSample: 16)),
        FLACEncoding(format: formats[0], compressionLevel: 9),
        FLACEncoding(format: formats[0], totalFrames: -1),
        FLACEncoding(format: formats[0], totalFrames: 1 << 36),
        FLACEncoding(format: formats[0], blockSize: 15),
    ]

    @Test(arguments: refusals)
    func `refuses what the format cannot hold`(encoding: FLACEncoding) throws {
        let error = #expect(throws: FLACError.self) {
            try EncodedFile.write([], as: encoding, to: folder.path("a.flac"))
        }
        guard case .unsupported = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test(arguments: [32_768, -32_769])
    func `refuses a sample wider than the format`(sample: Int32) throws {
        #expect(throws: FLACError.sampleOutOfRange) {
            try EncodedFile.write(
                [0, sample], as: FLACEncoding(format: Self.formats[0]), to: folder.path("a.flac"))
        }
    }

    @Test func `refuses half a frame`() throws {
        #expect(throws: FLACError.incompleteFrame) {
            try EncodedFile.write(
                [1, 2, 3], as: FLACEncoding(format: Self.formats[1]), to: folder.path("a.flac"))
        }
    }

    @Test func `refuses to finish with another number of frames than announced`() throws {
        #expect(throws: FLACError.frameCountMismatch(expected: 4, found: 3)) {
            try EncodedFile.write(
                [1, 2, 3], as: FLACEncoding(format: Self.formats[0], totalFrames: 4),
                to: folder.path("a.flac"))
        }
    }

    @Test func `encodes no frames at all`() throws {
        let path = folder.path("a.flac")
        try EncodedFile.write([], as: FLACEncoding(format: Self.formats[0], totalFrames: 0), to: path)
        #expect(try EncodedFile.decode(path) == [])
        #expect(try Tool.samples(ofFLAC: path, bits: 16) == [])
    }

    @Test func `keeps the system's reason when the disk is full`() throws {
        let descriptor = open("/dev/full", O_WRONLY)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        let noise = Signals.noise(frames: 100_000, bits: 16)
        #expect(throws: FLACError.output(code: ENOSPC)) {
            var encoder = try FLACEncoder(FLACEncoding(format: Self.formats[0]), descriptor: descriptor)
            try encoder.encode(noise.span)
            try encoder.finish()
        }
        #expect(throws: FLACError.output(code: ENOSPC)) {
            var encoder = try FLACEncoder(FLACEncoding(format: Self.formats[0]), descriptor: descriptor)
            try encoder.encode(noise.span.extracting(first: 10))
            try encoder.finish()
        }
        #expect(throws: FLACError.output(code: EBADF)) {
            var encoder = try FLACEncoder(FLACEncoding(format: Self.formats[0]), descriptor: -1)
            try encoder.encode(noise.span)
        }
    }

    @Test func `writes nothing more once it is dropped`() throws {
        let path = folder.path("a.flac")
        let descriptor = open(path, O_RDWR | O_CREAT, 0o600)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        do {
            var encoder = try FLACEncoder(FLACEncoding(format: Self.formats[0]), descriptor: descriptor)
            try encoder.encode([1, 2, 3].span)
        }
        #expect(try contents(of: path).isEmpty)
    }
}
