/// Kaldi's data folders: `data/train` and so on, or `data/all` for a corpus that is not split.
///
/// Paths are relative to the corpus, so Kaldi is run in it. Kaldi wants each file in the byte order of its
/// first column, `utt2spk` in that of its second one too, and exactly those recordings in `wav.scp` and
/// `reco2dur` that `segments` has. So a recording without speech is left out; and since `text` must have
/// every utterance, where there are transcripts the recordings without words are left out too.
///
/// A recording is called `<speaker>-<id>`, an utterance `<speaker>-<id>-<first frame>-<frame after its
/// last>`. A hyphen within a speaker or an identifier becomes a dot: only what comes before every other
/// character may part them, or `a-b` would come between the recordings of `a`.
struct KaldiManifest: ManifestWriter {
    /// Digits for a frame: as many as FLAC's longest stream needs.
    private static let frameWidth = 11

    private let hasTranscripts: Bool
    private let files: any CorpusFiles
    /// The speaker that the last line of each `spk2utt` is about, by folder.
    private var speakers: [String: String] = [:]

    init(hasTranscripts: Bool, files: any CorpusFiles) {
        self.hasTranscripts = hasTranscripts
        self.files = files
    }

    mutating func add(_ recording: CorpusRecording, audio: AudioPieces?) throws -> Bool {
        try Self.check(recording)
        let words = Self.words(recording.transcript)
        let utterances = hasTranscripts && words.isEmpty ? [] : recording.utterances
        if utterances.isEmpty { return false }

        let folder = "data/\(recording.split ?? "all")"
        let speaker = Self.name(recording.speaker)
        let name = "\(speaker)-\(Self.name(recording.id))"
        let source = recording.encoding == .flac ? "flac -c -d -s \(recording.path) |" : recording.path
        try append("\(name) \(source)\n", to: "\(folder)/wav.scp")
        try append("\(name) \(Self.time(recording.frames, of: recording))\n", to: "\(folder)/reco2dur")
        if speakers[folder] != speaker {
            try append(speakers[folder] == nil ? speaker : "\n\(speaker)", to: "\(folder)/spk2utt")
            speakers[folder] = speaker
        }
        for utterance in utterances {
            let range = utterance.range
            let start = padded(range.lowerBound, to: Self.frameWidth)
            let key = "\(name)-\(start)-\(padded(range.upperBound, to: Self.frameWidth))"
            let times = [range.lowerBound, range.upperBound].map { Self.time($0, of: recording) }
            try append("\(key) \(name) \(times[0]) \(times[1])\n", to: "\(folder)/segments")
            try append("\(key) \(speaker)\n", to: "\(folder)/utt2spk")
            try append(" \(key)", to: "\(folder)/spk2utt")
            if hasTranscripts { try append("\(key) \(words)\n", to: "\(folder)/text") }
        }
        return true
    }

    mutating func finish() throws {
        let names =
            ["wav.scp", "reco2dur", "segments", "utt2spk", "spk2utt"] + (hasTranscripts ? ["text"] : [])
        for folder in speakers.keys.sorted() {
            try append("\n", to: "\(folder)/spk2utt")
            for name in names { try files.close("\(folder)/\(name)") }
        }
        speakers = [:]
    }

    private func append(_ text: String, to name: String) throws {
        try files.append(Array(text.utf8), to: name)
    }

    private static func check(_ recording: CorpusRecording) throws(CorpusFormatError) {
        guard recording.channels == 1 else {
            throw .severalChannels(id: recording.id, channels: recording.channels, format: .kaldi)
        }
        // The path is a word of a shell's command, and ends at the first space of its line.
        let isPlain = recording.path.utf8.allSatisfy {
            (0x30...0x39).contains($0) || (0x61...0x7A).contains($0 | 0x20)
                || [0x2D, 0x2E, 0x2F, 0x5F].contains($0)
        }
        guard isPlain, !recording.path.hasPrefix("-") else {
            throw .invalidPath(id: recording.id, path: recording.path, format: .kaldi)
        }
        guard padded(recording.frames, to: frameWidth).count == frameWidth else {
            throw .invalidMeasure(id: recording.id)
        }
    }

    private static func name(_ text: String) -> String { text.replacing("-", with: ".") }

    /// A position in seconds from which Kaldi's tools get the frame again.
    ///
    /// They multiply by the rate and cut the fraction off, which for some quotients gives the frame before.
    private static func time(_ frame: Int64, of recording: CorpusRecording) -> String {
        let rate = Double(recording.sampleRate)
        var time = recording.seconds(frame)
        while time * rate < Double(frame) { time = time.nextUp }
        return "\(time)"
    }

    /// A transcript as words with one space between them, without what Kaldi refuses in `text`.
    private static func words(_ transcript: String?) -> String {
        let tokens = (transcript ?? "").unicodeScalars.split {
            $0.properties.isWhitespace || [.control, .unassigned].contains($0.properties.generalCategory)
        }
        return tokens.map { String($0) }
            .filter { token in !["<s>", "</s>", "#0"].contains { token.contains($0) } }
            .joined(separator: " ")
    }
}
