import Testing

@testable import SpeechFeed

@Suite struct KaldiManifestTests {
    @Test func `every file is in the order of bytes, whatever speakers and recordings are called`() throws {
        let names = ["-", "0", "A", "_", "a", "a-", "a-a", "a-b", "a0", "aA", "a_", "aa"].sorted()
        let recordings = names.flatMap { speaker in
            names.map { name in
                CorpusRecording.sample(name, speaker: speaker) { $0.segments = [0..<10, 10..<16000] }
            }
        }
        let files = try MemoryFiles.written(.kaldi, recordings)
        for (name, bytes) in files.contents {
            let keys = files.lines(name).map { Array(($0.split(separator: " ").first ?? "").utf8) }
            #expect(zip(keys, keys.dropFirst()).allSatisfy { $0.lexicographicallyPrecedes($1) }, "\(name)")
            #expect(bytes.last == 0x0A)
        }
        let speakers = files.lines("data/all/utt2spk").map { Array($0.split(separator: " ")[1].utf8) }
        #expect(zip(speakers, speakers.dropFirst()).allSatisfy { !$1.lexicographicallyPrecedes($0) })
        #expect(files.lines("data/all/spk2utt").count == names.count)
        #expect(files.lines("data/all/segments").count == 2 * recordings.count)
    }

    @Test(arguments: [7999, 8000, 11025, 16000, 22050, 44100, 48000])
    func `a time that is multiplied by the rate and cut off is the frame again`(rate: Int) throws {
        let edges: [Int64] = (1...2000).map { $0 * 7 }
        let segments = stride(from: 0, to: edges.count, by: 2).map { edges[$0]..<edges[$0 + 1] }
        let files = try MemoryFiles.written(
            .kaldi,
            [
                .sample { recording in
                    recording.sampleRate = rate
                    recording.segments = segments
                }
            ])
        for (line, segment) in zip(files.lines("data/all/segments"), segments) {
            let frames = line.split(separator: " ")[2...]
                .map { Int64((Double($0) ?? .nan) * Double(rate)) }
            #expect(frames == [segment.lowerBound, segment.upperBound])
        }
    }

    @Test func `leaves out what has no speech, and where there are transcripts what has no words`() throws {
        let recordings: [CorpusRecording] = [
            .sample("a") { $0.transcript = " one\n<s> two\u{85}#0 " },
            .sample("b"), .sample("c") { $0.transcript = "</s>" }, .sample("d") { $0.segments = [] },
        ]
        let key = "s-a-00000000800-00000008001"
        let files = try MemoryFiles.written(
            .kaldi, recordings, settings: CorpusSettings(hasTranscripts: true))
        #expect(files.text("data/all/text") == "\(key) one two\n")
        #expect(files.text("data/all/wav.scp") == "s-a flac -c -d -s audio/a.flac |\n")
        #expect(files.text("data/all/spk2utt") == "s \(key)\n")

        var manifest = try CorpusManifest(.kaldi, settings: CorpusSettings(), files: MemoryFiles())
        for recording in recordings { try manifest.add(recording) }
        #expect(manifest.leftOut == 1)
    }

    @Test func `refuses two channels, and a path that a shell would not take as one word`() {
        #expect(throws: CorpusFormatError.severalChannels(id: "r", channels: 2, format: .kaldi)) {
            try MemoryFiles.written(.kaldi, [.sample { $0.channels = 2 }])
        }
        for path in ["a b.flac", "$(x).flac", "-x.flac", "~/x.flac", "a'b.flac"] {
            #expect(throws: CorpusFormatError.invalidPath(id: "r", path: path, format: .kaldi)) {
                try MemoryFiles.written(.kaldi, [.sample { $0.path = path }])
            }
        }
    }
}
