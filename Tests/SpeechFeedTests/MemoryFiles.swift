import SpeechFeed
import SpeechMeasures
import Testing

/// The files of a corpus in memory.
final class MemoryFiles: CorpusFiles {
    private(set) var contents: [String: [UInt8]] = [:]
    private(set) var closed: [String] = []

    func append(_ bytes: [UInt8], to name: String) throws {
        #expect(!closed.contains(name))
        contents[name, default: []] += bytes
    }

    func close(_ name: String) throws {
        #expect(contents[name] != nil && !closed.contains(name))
        closed.append(name)
    }

    /// A file as text.
    func text(_ name: String) -> String { String(decoding: contents[name] ?? [], as: UTF8.self) }

    /// The lines of a file.
    func lines(_ name: String) -> [String] { text(name).split(separator: "\n").map(String.init) }

    /// The files of a manifest of recordings; each must have been closed.
    static func written(
        _ format: CorpusFormat, _ recordings: [CorpusRecording], settings: CorpusSettings = CorpusSettings(),
        audio: [UInt8] = []
    ) throws -> MemoryFiles {
        let files = MemoryFiles()
        var manifest = try CorpusManifest(format, settings: settings, files: files)
        for recording in recordings {
            var pieces = [audio]
            try manifest.add(recording) { pieces.popLast() }
        }
        try manifest.finish()
        #expect(files.closed.sorted() == files.contents.keys.sorted())
        return files
    }
}

extension CorpusRecording {
    /// A recording with one segment, changed as a test wants it.
    static func sample(
        _ id: String = "r", speaker: String = "s", _ change: (inout CorpusRecording) -> Void = { _ in }
    ) -> CorpusRecording {
        var recording = CorpusRecording(
            id: id, speaker: speaker, split: nil, path: "audio/\(id).flac", encoding: .flac, size: 0,
            sampleRate: 8000, channels: 1, frames: 16000, segments: [800..<8001],
            measures: Measures(
                activeSpeech: -26, activity: 45, rms: -29.5, peak: -3, clippedSamples: 0, offset: 0,
                signalToNoise: nil),
            transcript: nil, facts: [])
        change(&recording)
        return recording
    }
}
