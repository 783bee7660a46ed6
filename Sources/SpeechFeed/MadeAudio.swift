internal import Digests
internal import PCM
internal import SpeechMeasures

/// A recording whose audio is made: what a later run has to know to take it over.
struct MadeAudio: Codable {
    /// What it was made of, as a SHA-256 in hexadecimal.
    var key: String
    /// The file below the corpus that holds it; nil where a link stands for it.
    var file: String?
    /// Where in that file it begins, in bytes.
    var offset: Int64
    /// Its length in bytes.
    var size: Int64
    /// The SHA-256 of these bytes, in hexadecimal.
    var sha256: String
    var sampleRate: Int
    var channels: Int
    var frames: Int64
    /// Where there is speech, in frames.
    var segments: [Range<Int64>]
    var measures: CorpusRecording.Measures

    /// Describes what was just measured; its place is not known yet.
    init(_ measures: SpeechMeasures, key: String, size: Int64, sha256: String) {
        self.key = key
        file = nil
        offset = 0
        self.size = size
        self.sha256 = sha256
        sampleRate = measures.format.sampleRate
        channels = measures.format.channels
        frames = measures.frames
        segments = measures.segments
        self.measures = measures.audio
    }
}
