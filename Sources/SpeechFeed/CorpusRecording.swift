package import SpeechMeasures

/// One recording of a corpus, as every manifest tells of it.
package struct CorpusRecording: Sendable, Hashable {
    /// How the audio is stored.
    package enum Encoding: String, Sendable, Hashable {
        case flac, wav
    }

    /// What is measured of the audio as it is in the corpus.
    package typealias Measures = AudioMeasures

    /// The name of the recording, unique in the corpus: ASCII letters, digits, `-` and `_`.
    package var id: String

    /// Who speaks, of the same characters; recordings of one caller have the same.
    package var speaker: String

    /// The part of the corpus that it belongs to, `train`, `dev` or `test`; nil for one that is not split.
    package var split: String?

    /// The path of the audio below the corpus, in ASCII, with `/`.
    package var path: String

    /// How the audio is stored.
    package var encoding: Encoding

    /// Bytes in the audio file.
    package var size: Int64

    /// Frames per second.
    package var sampleRate: Int

    /// Samples in a frame.
    package var channels: Int

    /// The exact number of frames.
    package var frames: Int64

    /// Where there is speech, in frames: in order, apart from each other, none empty.
    package var segments: [Range<Int64>]

    /// What was measured.
    package var measures: Measures

    /// What was said; nil where nobody knows.
    package var transcript: String?

    /// What else is known, such as `pbx`, `extension`, `caller`, `date`, `verdict`; any text, in a fixed order.
    package var facts: [Fact]

    /// A name and what it stands for.
    package struct Fact: Sendable, Hashable {
        /// ASCII, in snake case.
        package var name: String
        /// Any text.
        package var value: String

        /// Pairs the two.
        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// Puts a recording together.
    package init(
        id: String, speaker: String, split: String?, path: String, encoding: Encoding, size: Int64,
        sampleRate: Int, channels: Int, frames: Int64, segments: [Range<Int64>], measures: Measures,
        transcript: String?, facts: [Fact]
    ) {
        self.id = id
        self.speaker = speaker
        self.split = split
        self.path = path
        self.encoding = encoding
        self.size = size
        self.sampleRate = sampleRate
        self.channels = channels
        self.frames = frames
        self.segments = segments
        self.measures = measures
        self.transcript = transcript
        self.facts = facts
    }

    /// Seconds.
    package var duration: Double { Double(frames) / Double(sampleRate) }
}
