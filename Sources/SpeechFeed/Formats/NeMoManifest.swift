/// NeMo's manifest: `manifest.json`, or `train_manifest.json` and so on, with one object a line for each
/// recording.
///
/// NeMo takes paths from the manifest's folder. A line is a whole recording, as for training and
/// transcription; where in it there is speech is in `segments`, in frames. `text` is empty where nobody knows
/// what was said, as NeMo wants the member.
struct NeMoManifest: ManifestWriter {
    private let files: any CorpusFiles
    private var names: Set<String> = []

    init(files: any CorpusFiles) {
        self.files = files
    }

    mutating func add(_ recording: CorpusRecording, audio: AudioPieces?) throws -> Bool {
        let name = recording.split.map { "\($0)_manifest.json" } ?? "manifest.json"
        names.insert(name)
        var members = recording.details
        members["audio_filepath"] = .text(recording.path)
        members["duration"] = .number(recording.duration)
        members["text"] = .text(recording.transcript ?? "")
        members["id"] = .text(recording.id)
        members["speaker"] = .text(recording.speaker)
        members["sample_rate"] = .integer(Int64(recording.sampleRate))
        members["channels"] = .integer(Int64(recording.channels))
        members["frames"] = .integer(recording.frames)
        members["segments"] = recording.segmentList
        try files.append(JSONValue.object(members).line(), to: name)
        return true
    }

    mutating func finish() throws {
        for name in names.sorted() { try files.close(name) }
        names = []
    }
}
