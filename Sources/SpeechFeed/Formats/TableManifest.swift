internal import SpeechMeasures

/// A table, `corpus.csv`, by RFC 4180: UTF-8, a header, lines that end in CR LF, a line for each recording.
///
/// A measure that is nil and a fact that a recording lacks are empty. `segments` are pairs of frames as JSON.
struct TableManifest: ManifestWriter {
    private static let name = "corpus.csv"

    private let facts: [String]
    private let files: any CorpusFiles
    private var isBegun = false

    init(facts: [String], files: any CorpusFiles) {
        self.facts = facts
        self.files = files
    }

    mutating func add(_ recording: CorpusRecording, audio: AudioPieces?) throws -> Bool {
        try begin(recording.measures)
        let values = recording.facts.reduce(into: [:]) { $0[$1.name] = $1.value }
        try append(
            [
                recording.id, recording.speaker, recording.split ?? "", recording.path,
                recording.encoding.rawValue, "\(recording.size)", "\(recording.sampleRate)",
                "\(recording.channels)", "\(recording.frames)", "\(recording.duration)",
                "\(recording.segments.count)",
                String(decoding: try recording.segmentList.encoded(), as: UTF8.self),
                "\(recording.measures.clippedSamples)",
            ] + recording.measures.columns.map { $0.value.map { "\($0)" } ?? "" }
                + [recording.transcript ?? ""] + facts.map { values[$0] ?? "" })
        return true
    }

    mutating func finish() throws {
        guard isBegun else { return }
        try files.close(Self.name)
        isBegun = false
    }

    private mutating func begin(_ measures: CorpusRecording.Measures) throws {
        guard !isBegun else { return }
        isBegun = true
        try append(
            [
                "id", "speaker", "split", "path", "encoding", "size", "sample_rate", "channels", "frames",
                "duration", "segment_count", "segments", "clipped_samples",
            ] + measures.columns.map(\.name) + ["text"] + facts)
    }

    private func append(_ fields: [String]) throws {
        let line = fields.map(Self.field).joined(separator: ",") + "\r\n"
        try files.append(Array(line.utf8), to: Self.name)
    }

    /// A field, in quotation marks where it has a comma, a quotation mark or a line break.
    ///
    /// Looked at by the scalar: CR LF is one Character, and a quotation mark with an accent is not the
    /// Character `"`.
    private static func field(_ text: String) -> String {
        guard text.utf8.contains(where: { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }) else { return text }
        var quoted = "\""
        for scalar in text.unicodeScalars {
            if scalar == "\"" { quoted.unicodeScalars.append(scalar) }
            quoted.unicodeScalars.append(scalar)
        }
        return quoted + "\""
    }
}
