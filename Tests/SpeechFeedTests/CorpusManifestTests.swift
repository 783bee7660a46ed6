import SpeechMeasures
import Testing

@testable import SpeechFeed

@Suite struct CorpusManifestTests {
    private func error(
        _ recordings: [CorpusRecording], facts: [String] = []
    ) -> CorpusFormatError? {
        #expect(throws: CorpusFormatError.self) {
            try MemoryFiles.written(.csv, recordings, settings: CorpusSettings(facts: facts))
        }
    }

    @Test(arguments: CorpusFormat.allCases)
    func `the same recordings give the same bytes`(format: CorpusFormat) throws {
        let names = ["caller", "date", "pbx", "verdict"]
        let recordings = ["dev", "test", "train"].map { split in
            CorpusRecording.sample(split, speaker: split) {
                $0.split = split
                $0.path = "\(format.audioFolder(split: split))/x.flac"
                $0.facts = names.map { CorpusRecording.Fact($0, "é😀\"\n") }
            }
        }
        let first = try MemoryFiles.written(format, recordings, settings: CorpusSettings(facts: names))
        for _ in 0..<5 {
            let again = try MemoryFiles.written(format, recordings, settings: CorpusSettings(facts: names))
            #expect(again.contents == first.contents)
            #expect(again.closed == first.closed)
        }
    }

    @Test func `refuses recordings out of order or twice`() {
        #expect(error([.sample("b"), .sample("a")]) == .unordered(id: "a", previous: "b"))
        #expect(error([.sample("a"), .sample("a")]) == .unordered(id: "a", previous: "a"))
        #expect(
            error([.sample("a", speaker: "b"), .sample("b", speaker: "a")])
                == .unordered(id: "b", previous: "a"))
    }

    @Test(arguments: ["", "a b", "a.b", "é", "a/b", "a\n"])
    func `refuses a name that a tool would not take`(name: String) {
        #expect(error([.sample(name)]) == .invalidName(kind: "identifier", name: name))
        #expect(error([.sample(speaker: name)]) == .invalidName(kind: "speaker", name: name))
    }

    @Test func `refuses segments and measures that cannot be`() {
        for segments: [Range<Int64>] in [[0..<0], [5..<16001], [5..<9, 8..<10], [9..<10, 1..<2]] {
            #expect(error([.sample { $0.segments = segments }]) == .invalidSegment(id: "r"))
        }
        #expect(error([.sample { $0.frames = 0 }]) == .empty(id: "r"))
        #expect(error([.sample { $0.measures.peak = -.infinity }]) == .invalidMeasure(id: "r"))
        #expect(error([.sample { $0.measures.offset = .nan }]) == .invalidMeasure(id: "r"))
    }

    @Test(arguments: ["", "/x", "x/", "a//b", "../x", "a/./b", "é", "a\nb"])
    func `refuses a path that is not below the corpus`(path: String) {
        #expect(
            error([.sample { $0.path = path }]) == .invalidPath(id: "r", path: path, format: .csv))
    }

    @Test func `refuses facts that would take another column's place`() {
        #expect(error([], facts: ["duration"]) == .reservedFact(name: "duration"))
        #expect(error([], facts: ["x_file_name"]) == .reservedFact(name: "x_file_name"))
        #expect(error([], facts: ["a", "a"]) == .repeatedFact(name: "a"))
        #expect(error([], facts: ["A"]) == .invalidName(kind: "fact", name: "A"))
        let fact = CorpusRecording.Fact("a", "")
        #expect(error([.sample { $0.facts = [fact] }]) == .unannouncedFact(id: "r", name: "a"))
        #expect(error([.sample { $0.facts = [fact, fact] }], facts: ["a"]) == .repeatedFact(name: "a"))
    }

    @Test(arguments: [7999, 8000, 11025, 16000, 44100, 48000, 192_000])
    func `a duration times the rate is the number of frames`(rate: Int) {
        for frames: Int64 in [1, 2, 3, 7, 12345, 441_001, 1 << 31, (1 << 36) - 1] {
            let recording = CorpusRecording.sample {
                $0.sampleRate = rate
                $0.frames = frames
            }
            let read = Double("\(recording.duration)") ?? .nan
            #expect((read * Double(rate)).rounded() == Double(frames))
        }
    }

    @Test(arguments: [
        ("", ""), ("a", "a"), ("2026-07-01", "2026-07-01 "), ("2026-07-01 10:00", "2026-07-01 10:00 "),
        ("2026-07-01T10:00:00", "2026-07-01T10:00:00.000"),
        ("2026-07-01T10:00:00+08:00", "2026-07-01T10:00:00.000+08:00"),
        ("2026-07-01T10:00:00Z", "2026-07-01T10:00:00.000Z"),
        ("2026-07-01T10:00:00.5Z", "2026-07-01T10:00:00.5Z "), ("2026-07-011", "2026-07-011"),
    ])
    func `no text of an AudioFolder looks like a date`(text: String, expected: String) {
        #expect(AudioFolderManifest.undated(text) == expected)
    }

    @Test func `an AudioFolder has a value in every column, and a fraction where a column has one`()
        throws
    {
        let recording = CorpusRecording.sample {
            $0.path = "train/audio/r.flac"
            $0.measures.activeSpeech = nil
        }
        let files = try MemoryFiles.written(
            .huggingface, [recording], settings: CorpusSettings(facts: ["caller"]))
        let line = files.text("train/metadata.jsonl")
        #expect(
            line
                == #"{"active_speech_dbov":-999.9,"activity_percent":45.00000000000001,"caller":"","#
                + #""channels":1,"clipped_samples":0,"dc_offset":5e-324,"duration":2.0000000000000004,"#
                + #""file_name":"audio/r.flac","frames":16000,"id":"r","peak_dbfs":-2.9999999999999996,"#
                + #""rms_dbov":-29.5,"sample_rate":8000,"segments":"[[800,8001]]","snr_db":-999.9,"#
                + #""speaker":"s","text":""}"# + "\n")
    }

    @Test func `a transcript makes one utterance of all segments`() {
        let recording = CorpusRecording.sample {
            $0.segments = [10..<20, 30..<40]
            $0.transcript = "words"
        }
        #expect(recording.utterances == [Utterance(range: 10..<40, text: "words")])
        let silent = CorpusRecording.sample {
            $0.segments = []
            $0.transcript = "words"
        }
        #expect(silent.utterances == [Utterance(range: 0..<16000, text: "words")])
        let unknown = CorpusRecording.sample { $0.transcript = " \n" }
        #expect(unknown.utterances == [Utterance(range: 800..<8001, text: nil)])
    }
}
