/// Lhotse's manifests: `recordings.jsonl.gz` and `supervisions.jsonl.gz`, or with `_train` and so on before
/// the dot, as its recipes name them and `read_manifests_if_cached` finds them.
///
/// Paths are relative to the corpus: `with_path_prefix` takes them from elsewhere. A supervision is an
/// utterance; the measures and facts of its recording are in `custom`, as Lhotse has no such place in a
/// recording. A recording without speech has no supervision and is there all the same, as Lhotse makes a cut
/// of it.
struct LhotseManifest: ManifestWriter {
    private let files: any CorpusFiles
    private var streams: [String: GzipStream] = [:]

    init(files: any CorpusFiles) {
        self.files = files
    }

    mutating func add(_ recording: CorpusRecording, audio: AudioPieces?) throws -> Bool {
        let ending = recording.split.map { "_\($0).jsonl.gz" } ?? ".jsonl.gz"
        try write(Self.describe(recording).line(), to: "recordings" + ending)
        // Made even where it stays empty, as the two are opened together.
        try write([], to: "supervisions" + ending)
        for (number, utterance) in recording.utterances.enumerated() {
            let line = try Self.describe(utterance, number: number, of: recording).line()
            try write(line, to: "supervisions" + ending)
        }
        return true
    }

    mutating func finish() throws {
        for (name, stream) in streams.sorted(by: { $0.key < $1.key }) {
            try files.append(stream.finish(), to: name)
            try files.close(name)
        }
        streams = [:]
    }

    private mutating func write(_ bytes: [UInt8], to name: String) throws {
        let stream: GzipStream
        if let open = streams[name] {
            stream = open
        } else {
            stream = try GzipStream()
            streams[name] = stream
        }
        let compressed = try stream.compress(bytes)
        if !compressed.isEmpty { try files.append(compressed, to: name) }
    }

    private static func describe(_ recording: CorpusRecording) -> JSONValue {
        let channels = JSONValue.list((0..<Int64(recording.channels)).map(JSONValue.integer))
        return .object([
            "id": .text(recording.id),
            "sources": .list([
                .object(["type": .text("file"), "channels": channels, "source": .text(recording.path)])
            ]),
            "sampling_rate": .integer(Int64(recording.sampleRate)),
            "num_samples": .integer(recording.frames),
            "duration": .number(recording.duration),
            "channel_ids": channels,
        ])
    }

    private static func describe(
        _ utterance: Utterance, number: Int, of recording: CorpusRecording
    ) -> JSONValue {
        var custom = recording.details
        // The utterance alone would not tell where in it there is speech.
        if utterance.text != nil { custom["segments"] = recording.segmentList }
        var members: [String: JSONValue] = [
            "id": .text("\(recording.id)-\(padded(Int64(number), to: 4))"),
            "recording_id": .text(recording.id),
            "start": .number(recording.seconds(utterance.range.lowerBound)),
            "duration": .number(recording.seconds(Int64(utterance.range.count))),
            "channel": recording.channels == 1
                ? .integer(0) : .list((0..<Int64(recording.channels)).map(JSONValue.integer)),
            "speaker": .text(recording.speaker),
            "custom": .object(custom),
        ]
        members["text"] = utterance.text.map(JSONValue.text)
        return .object(members)
    }
}

/// A number with zeros before it.
func padded(_ number: Int64, to width: Int) -> String {
    let digits = "\(number)"
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}
