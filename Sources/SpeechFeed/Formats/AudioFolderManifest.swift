internal import SpeechMeasures

/// An AudioFolder of Hugging Face's `datasets`: `train/metadata.jsonl`, and the same for `validation` and
/// `test`.
///
/// A corpus that is not split is in `train` too: `datasets` calls it that anyway, and without the folder it
/// would look for the names of splits in the names of the audio files.
///
/// `datasets` has Apache Arrow guess the type of each column from the first lines of each split, and refuses
/// splits whose types differ. So that no guess can go wrong, every column has a value in every line
/// (`unmeasured` for a measure that is nil, an empty text for a fact or a transcript), no number with a
/// fraction is a whole one, and no text looks like a date.
struct AudioFolderManifest: ManifestWriter {
    /// What stands for a measure where there is nothing to measure, such as the speech level of silence.
    static let unmeasured = -999.9

    private let facts: [String]
    private let files: any CorpusFiles
    private var names: Set<String> = []

    init(facts: [String], files: any CorpusFiles) {
        self.facts = facts
        self.files = files
    }

    static func folder(split: String?) -> String {
        switch split {
        case nil: "train"
        case "dev": "validation"
        case let split?: split
        }
    }

    mutating func add(_ recording: CorpusRecording, audio: AudioPieces?) throws -> Bool {
        let folder = Self.folder(split: recording.split) + "/"
        guard recording.path.hasPrefix(folder) else {
            throw CorpusFormatError.invalidPath(
                id: recording.id, path: recording.path, format: .huggingface)
        }
        let name = folder + "metadata.jsonl"
        names.insert(name)
        var members: [String: JSONValue] = [
            "file_name": .text(String(recording.path.dropFirst(folder.count))),
            "id": .text(recording.id),
            "speaker": .text(recording.speaker),
            "sample_rate": .integer(Int64(recording.sampleRate)),
            "channels": .integer(Int64(recording.channels)),
            "frames": .integer(recording.frames),
            "duration": .number(recording.duration),
            "clipped_samples": .integer(recording.measures.clippedSamples),
            "segments": .text(String(decoding: try recording.segmentList.encoded(), as: UTF8.self)),
            "text": .text(Self.undated(recording.transcript ?? "")),
        ]
        for column in recording.measures.columns {
            members[column.name] = .number(column.value ?? Self.unmeasured)
        }
        for fact in facts { members[fact] = .text("") }
        for fact in recording.facts { members[fact.name] = .text(Self.undated(fact.value)) }
        try files.append(JSONValue.object(members.mapValues(\.fractional)).line(), to: name)
        return true
    }

    mutating func finish() throws {
        for name in names.sorted() { try files.close(name) }
        names = []
    }

    /// The text, changed where Arrow would take it for a time and drop its zone: milliseconds are added to a
    /// time with seconds, a space to any other.
    static func undated(_ text: String) -> String {
        let bytes = Array(text.utf8)
        guard matches(bytes.prefix(10), "0000-00-00"), bytes.count == 10 || [0x20, 0x54].contains(bytes[10])
        else { return text }
        guard bytes.count >= 19, matches(bytes[11..<19], "00:00:00"),
            bytes.count == 19 || [0x2B, 0x2D, 0x5A].contains(bytes[19])
        else { return text + " " }
        return String(decoding: bytes[..<19], as: UTF8.self) + ".000"
            + String(decoding: bytes[19...], as: UTF8.self)
    }

    /// Whether bytes have digits where the pattern has zeros, and are the same elsewhere.
    private static func matches(_ bytes: ArraySlice<UInt8>, _ pattern: String) -> Bool {
        bytes.count == pattern.utf8.count
            && zip(bytes, pattern.utf8).allSatisfy { byte, expected in
                expected == 0x30 ? (0x30...0x39).contains(byte) : byte == expected
            }
    }
}
