import ByteSources
import Digests
import FLACFiles
import Foundation
import Leveling
import PCM
import TestSupport
import Testing
import Transcoding
import WaveFiles

@Suite struct TranscoderTests {
    private let scratch: ScratchFolder

    init() throws {
        scratch = try ScratchFolder()
    }

    /// Encodes a file, checks it with `flac -t`, restores it, and returns what was made of it.
    private func roundTrip(
        _ path: String, _ options: TranscodingOptions = TranscodingOptions()
    ) async throws -> (ProvedRecording, SourceAnalysis, FLACMetadata) {
        let source = try FileByteSource(path: path)
        let output = scratch.path("out-\(options.mode).flac")
        #expect(FileManager.default.createFile(atPath: output, contents: nil))
        let handle = try #require(FileHandle(forUpdatingAtPath: output))
        let transcoder = Transcoder(options: options)
        let analysis = try transcoder.analyze(source)
        let recording = try transcoder.encode(
            source, analysis, name: "source.wav", descriptor: handle.fileDescriptor, path: output)
        try handle.close()

        let check = try await Tool("flac").run(["-t", "--silent", output])
        #expect(check.status == 0, "\(check.diagnostics)")
        var restored: [UInt8] = []
        let file = try FileByteSource(path: output)
        try SourceRestorer(file).restore { restored += $0 }
        #expect(restored == Array(try Data(contentsOf: URL(filePath: path))))
        #expect(recording.size == file.byteCount)
        return (recording, analysis, try FLACMetadata(file))
    }

    private func sox(_ arguments: String...) async throws -> String {
        let path = scratch.path("source-\(UUID().uuidString).wav")
        let tone = ["synth", "1.3", "pinknoise", "vol", "0.2"]
        let result = try await Tool("sox").run(["-R", "-n"] + arguments + [path] + tone)
        try #require(result.status == 0, "\(result.diagnostics)")
        return path
    }

    @Test(arguments: [
        ("-r 8000 -b 16", "rebuilt"), ("-r 8000 -b 8 -e unsigned-integer", "rebuilt"),
        ("-r 44100 -b 24", "rebuilt"),
        ("-r 16000 -b 16 -c 2", "rebuilt"), ("-r 8000 -b 16 -B", "rebuilt"), ("-r 8000 -e mu-law", "rebuilt"),
        ("-r 8000 -e a-law", "rebuilt"), ("-r 8000 -b 32 -e signed-integer", "kept"),
        ("-r 8000 -b 32 -e floating-point", "kept"), ("-r 8000 -b 64 -e floating-point", "kept"),
        ("-r 8000 -e gsm-full-rate", "kept"), ("-r 8000 -e ima-adpcm", "kept"),
        ("-r 8000 -e ms-adpcm", "kept"),
    ])
    func `gives back what sox wrote, in every codec and mode`(format: String, restoration: String)
        async throws
    {
        let arguments = format.split(separator: " ").map(String.init)
        let path = scratch.path("source.wav")
        let made = try await Tool("sox").run(
            ["-R", "-n"] + arguments + ["-t", "wav", path, "synth", "1.3", "pinknoise", "vol", "0.2"])
        try #require(made.status == 0, "\(made.diagnostics)")
        for mode in LevelMode.allCases {
            let (recording, analysis, _) = try await roundTrip(path, TranscodingOptions(mode: mode))
            #expect(analysis.inspection.verdict == .valid, "\(analysis.inspection.findings)")
            #expect(recording.restoration.rawValue == restoration)
        }
    }

    @Test func `keeps a µ-law file whose bytes do not follow from its samples`() async throws {
        let path = try await sox("-r", "8000", "-e", "mu-law", "-c", "1", "-t", "wav")
        var bytes = try Array(Data(contentsOf: URL(filePath: path)))
        let last = bytes.count - 2
        bytes[last] = 0x7F
        let (recording, _, _) = try await roundTrip(try scratch.write(bytes, to: "negative-zero.wav"))
        #expect(recording.restoration == .kept)
    }

    @Test func `reaches the target in the stored samples`() async throws {
        let path = try await sox("-r", "8000", "-b", "16", "-c", "1")
        let (recording, _, metadata) = try await roundTrip(path)
        let measured = try #require(recording.level.measured)
        let gain = try #require(recording.level.gain)
        #expect(abs(measured + gain + 26) < 0.01)
        #expect(metadata.values(named: "LEVEL_GAIN") == ["\(Decibels(gain).text) dB"])
        #expect(metadata.values(named: "REPLAYGAIN_TRACK_GAIN") == ["0.00 dB"])
        #expect(metadata.values(named: "SOURCE_SHA256") == [recording.sourceDigest.hexadecimal])
    }

    @Test func `leaves the samples alone where only tags are wanted`() async throws {
        let path = try await sox("-r", "8000", "-b", "16", "-c", "1")
        let (recording, analysis, metadata) = try await roundTrip(path, TranscodingOptions(mode: .tagged))
        #expect(metadata.values(named: "LEVEL_SCALE").isEmpty)
        #expect(
            metadata.values(named: "REPLAYGAIN_TRACK_GAIN") == [
                Decibels(recording.level.gain ?? 0).text + " dB"
            ])
        #expect(metadata.streamInfo.totalFrames == analysis.inspection.frames)
        let pcm = try await Tool("sox").run([path, "-t", "raw", "-"])
        let md5 = try await Tool("md5sum").run([try scratch.write(pcm.output, to: "samples.raw")])
        let stored = metadata.streamInfo.md5.map {
            $0.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        }
        #expect(md5.text.split(separator: " ").first.map(String.init) == stored)
    }

    @Test(arguments: ["-b 16", "-b 24", "-e mu-law", "-b 32 -e floating-point", "-b 32 -e signed-integer"])
    func `tells the highest magnitude among the stored samples`(format: String) async throws {
        let arguments =
            ["-r", "8000", "-c", "1", "-t", "wav"] + format.split(separator: " ").map(String.init)
        let path = scratch.path("source.wav")
        let tone = ["synth", "1.3", "pinknoise", "vol", "0.2"]
        let made = try await Tool("sox").run(["-R", "-n"] + arguments + [path] + tone)
        try #require(made.status == 0, "\(made.diagnostics)")
        for mode in LevelMode.allCases {
            let (recording, _, metadata) = try await roundTrip(path, TranscodingOptions(mode: mode))
            #expect(try #require(recording.level.gain).magnitude > 1)
            let file = try FileByteSource(path: scratch.path("out-\(mode).flac"))
            var decoder = try FLACDecoder(file)
            var (samples, peak): ([Int32], UInt32) = ([], 0)
            while try decoder.decode(into: &samples) > 0 {
                peak = max(peak, samples.map(\.magnitude).max() ?? 0)
            }
            let bits = metadata.streamInfo.format.bitsPerSample
            let told = try #require(
                metadata.values(named: "REPLAYGAIN_TRACK_PEAK").first.flatMap(Double.init))
            #expect(abs(told - Double(peak) / Double(1 << (bits - 1))) < 2e-6, "\(mode)")
        }
    }

    // One frame more or less than a FLAC frame holds, and than is decoded at a time.
    @Test(arguments: [575, 576, 577, 4095, 4096, 4097])
    func `gives back a source that ends anywhere in a block`(frames: Int) async throws {
        let path = try scratch.write(SampleWave.bytes(frames: frames), to: "source.wav")
        let (_, analysis, metadata) = try await roundTrip(path)
        #expect(analysis.inspection.frames == Int64(frames))
        #expect(metadata.streamInfo.totalFrames == Int64(frames))
    }

    @Test func `writes the same bytes for the same input and options`() async throws {
        let path = try await sox("-r", "8000", "-b", "16", "-c", "1")
        let (first, _, _) = try await roundTrip(path)
        let (second, _, _) = try await roundTrip(path)
        #expect(first.digest == second.digest)
    }

    @Test func `keeps tags and envelope of a plain file under 700 bytes`() async throws {
        let path = try await sox("-r", "8000", "-b", "16", "-c", "1")
        let (_, _, metadata) = try await roundTrip(path)
        #expect(metadata.audioStart < 700)
    }

    @Test func `restores a damaged file with everything that was in it`() async throws {
        let path = try await sox("-r", "8000", "-b", "16", "-c", "1")
        let sound = try Array(Data(contentsOf: URL(filePath: path)))
        var sizeZero = sound
        sizeZero.replaceSubrange(40..<44, with: [0, 0, 0, 0])
        let damaged: [(String, [UInt8], Verdict)] = [
            ("leading", Array("HTTP/1.1 200 OK\r\n\r\n".utf8) + sound, .flawed),
            ("trailing", sound + Array("TAGgarbage".utf8), .flawed),
            ("truncated", Array(sound.dropLast(301)), .salvaged),
            ("size-zero", sizeZero, .salvaged),
        ]
        for (name, bytes, verdict) in damaged {
            let (recording, analysis, _) = try await roundTrip(try scratch.write(bytes, to: name + ".wav"))
            #expect(analysis.inspection.verdict == verdict, "\(name): \(analysis.inspection.findings)")
            #expect(recording.restoration == .rebuilt, "\(name)")
        }
    }

    @Test func `does not encode a source without audio`() throws {
        let source = MemoryByteSource(Array("<html>no message</html>".utf8))
        let transcoder = Transcoder(options: TranscodingOptions())
        let analysis = try transcoder.analyze(source)
        #expect(analysis.inspection.verdict == .rejected)
        #expect(throws: TranscodingError.self) {
            _ = try transcoder.encode(source, analysis, name: "x", descriptor: -1, path: "/nonexistent")
        }
    }
}
