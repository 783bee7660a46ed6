import ByteSources
import PCM
import Transcoding

extension Stage {
    /// Whole conversions from file to file, of which only the publishing is left out, and the proof by itself.
    static let transcoding =
        [prove, transcode(seconds: 1)] + SourceBytes.Codec.allCases.map { transcode($0) }
        + [transcode(seconds: 600, isCounted: false)]

    private static let prove = Stage("Transcoding: prove", frames: Speech.usual.count) {
        let output = try TemporaryFile()
        _ = try Transcription(TemporaryFile(SourceBytes().bytes)).write(to: output)
        let file = try FileByteSource(path: output.path).loaded(limit: .max)
        return {
            var byteCount = 0
            try SourceRestorer(file).restore(checkingSamples: true) { byteCount += $0.count }
            return byteCount
        }
    }

    private static func transcode(
        _ codec: SourceBytes.Codec = .pcm16, seconds: Int = Speech.usualSeconds, isCounted: Bool = true
    ) -> Stage {
        let name = "Transcoding: whole, \(codec.rawValue), \(seconds) s"
        return Stage(name, frames: seconds * Speech.format.sampleRate, isCounted: isCounted) {
            let transcription = Transcription(try TemporaryFile(SourceBytes(codec, seconds: seconds).bytes))
            return { try transcription.write(to: TemporaryFile()) }
        }
    }
}

/// A conversion as `voxkeep convert` does it, except for folders, names and syncing.
private struct Transcription {
    private let source: TemporaryFile
    private let transcoder = Transcoder(options: TranscodingOptions())

    init(_ source: TemporaryFile) {
        self.source = source
    }

    /// Reads the source and writes a proved FLAC file; says how many bytes that has.
    func write(to output: TemporaryFile) throws -> Int {
        let bytes = try FileByteSource(path: source.path).loaded(limit: Int(FileConverter.shortSize))
        let analysis = try transcoder.analyze(bytes)
        let recording = try transcoder.encode(
            bytes, analysis, name: "msg0000.wav", descriptor: output.descriptor, path: output.path)
        return Int(recording.size)
    }
}
