internal import SpeechMeasures

/// A manifest that is being written: it is told of one recording after the other, and keeps none of them.
///
/// The same recordings and settings give the same bytes. What is written is of use once `finish()` has
/// returned.
package struct CorpusManifest {
    /// How many recordings the manifest does not list, for want of what the format cannot do without.
    ///
    /// Only Kaldi leaves any out: a recording without speech, which has no utterance, and, where there are
    /// transcripts, one without words.
    package private(set) var leftOut = 0

    /// Where the audio of the recording lies that was added last; nil where the format does not hold audio.
    package var audioPlace: (file: String, offset: Int64)? { writer.audioPlace }

    private let format: CorpusFormat
    private let settings: CorpusSettings
    private let facts: Set<String>
    private var writer: any ManifestWriter
    private var previous: (speaker: String, id: String)?

    /// Makes ready to be told of recordings.
    ///
    /// - Parameters:
    ///   - format: How the manifest is written.
    ///   - settings: What has to be known of the whole corpus.
    ///   - files: Where the files are written to.
    /// - Throws: `CorpusFormatError` where a fact cannot be a column.
    package init(
        _ format: CorpusFormat, settings: CorpusSettings, files: any CorpusFiles
    ) throws(CorpusFormatError) {
        try Self.check(facts: settings.facts)
        self.format = format
        self.settings = settings
        facts = Set(settings.facts)
        writer =
            switch format {
            case .lhotse: LhotseManifest(files: files)
            case .kaldi: KaldiManifest(hasTranscripts: settings.hasTranscripts, files: files)
            case .nemo: NeMoManifest(files: files)
            case .huggingface: AudioFolderManifest(facts: settings.facts, files: files)
            case .webdataset: ShardManifest(settings: settings, files: files)
            case .csv: TableManifest(facts: settings.facts, files: files)
            }
    }

    /// Writes down a recording.
    ///
    /// - Parameters:
    ///   - recording: The recording; they come in the byte order of their speakers, and for each speaker of
    ///     their identifiers.
    ///   - audio: Gives its audio file from the beginning; asked only where the format holds the audio.
    /// - Throws: `CorpusFormatError` where the recording cannot be written down, and what the files throw.
    package mutating func add(_ recording: CorpusRecording, audio: AudioPieces? = nil) throws {
        try check(recording)
        if try !writer.add(recording, audio: audio) { leftOut += 1 }
        previous = (recording.speaker, recording.id)
    }

    /// Completes the files.
    ///
    /// - Throws: What the files throw.
    package mutating func finish() throws {
        try writer.finish()
    }

    private func check(_ recording: CorpusRecording) throws(CorpusFormatError) {
        let id = recording.id
        guard Self.isName(id) else { throw .invalidName(kind: "identifier", name: id) }
        guard Self.isName(recording.speaker) else {
            throw .invalidName(kind: "speaker", name: recording.speaker)
        }
        if let split = recording.split, !Self.isName(split) { throw .invalidName(kind: "split", name: split) }
        // ASCII, whose strings compare as their bytes do.
        if let previous, (recording.speaker, id) <= previous {
            throw .unordered(id: id, previous: previous.id)
        }
        guard recording.frames > 0 else { throw .empty(id: id) }
        guard recording.sampleRate > 0, recording.channels > 0, recording.size >= 0,
            recording.measures.columns.allSatisfy({ $0.value?.isFinite ?? true })
        else { throw .invalidMeasure(id: id) }
        guard Self.isPath(recording.path) else {
            throw .invalidPath(id: id, path: recording.path, format: format)
        }
        var end: Int64 = 0
        for segment in recording.segments {
            guard segment.lowerBound >= end, !segment.isEmpty, segment.upperBound <= recording.frames else {
                throw .invalidSegment(id: id)
            }
            end = segment.upperBound
        }
        var seen: Set<String> = []
        for fact in recording.facts {
            guard facts.contains(fact.name) else { throw .unannouncedFact(id: id, name: fact.name) }
            guard seen.insert(fact.name).inserted else { throw .repeatedFact(name: fact.name) }
        }
    }

    private static func check(facts: [String]) throws(CorpusFormatError) {
        var seen: Set<String> = []
        for name in facts {
            let isName = !name.isEmpty && name.utf8.allSatisfy { isLower($0) || isDigit($0) || $0 == 0x5F }
            guard isName else { throw .invalidName(kind: "fact", name: name) }
            // `datasets` takes a column of such a name for the path of an audio file.
            let isPath = name.hasSuffix("_file_name") || name.hasSuffix("_file_names")
            guard !isPath, !ManifestColumn.all.contains(name) else { throw .reservedFact(name: name) }
            guard seen.insert(name).inserted else { throw .repeatedFact(name: name) }
        }
    }

    private static func isName(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy {
                isLower($0) || isLower($0 | 0x20) || isDigit($0) || $0 == 0x2D || $0 == 0x5F
            }
    }

    /// Whether a path is one below the corpus, in printable ASCII.
    private static func isPath(_ path: String) -> Bool {
        path.utf8.allSatisfy { (0x20...0x7E).contains($0) }
            && path.split(separator: "/", omittingEmptySubsequences: false)
                .allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." }
    }

    private static func isLower(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) }
    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}

/// What writes a manifest in one of the formats.
protocol ManifestWriter {
    /// Where the audio of the recording lies that was added last.
    var audioPlace: (file: String, offset: Int64)? { get }

    /// Writes down a recording that is known to be sound, and tells whether it is listed.
    mutating func add(_ recording: CorpusRecording, audio: AudioPieces?) throws -> Bool

    /// Completes the files.
    mutating func finish() throws
}

extension ManifestWriter {
    var audioPlace: (file: String, offset: Int64)? { nil }
}
