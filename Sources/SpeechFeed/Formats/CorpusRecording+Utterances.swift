/// A stretch of a recording that is one example to a recognizer.
struct Utterance: Hashable {
    /// Where it is, in frames; never empty.
    let range: Range<Int64>
    /// What is said in it; nil where nobody knows.
    let text: String?
}

extension CorpusRecording {
    /// The utterances, in order.
    ///
    /// A transcript is one of the whole recording, and nobody knows which words are in which segment. So a
    /// recording that has one is a single utterance, from the first segment's beginning to the last one's
    /// end.
    var utterances: [Utterance] {
        guard let text = transcript, text.contains(where: { !$0.isWhitespace }) else {
            return segments.map { Utterance(range: $0, text: nil) }
        }
        let start = segments.first?.lowerBound ?? 0
        return [Utterance(range: start..<(segments.last?.upperBound ?? frames), text: text)]
    }

    /// A position in seconds: the Double next to it.
    ///
    /// Times the sample rate and rounded it is the position again, as long as a recording has fewer than 2^51
    /// frames.
    func seconds(_ frame: Int64) -> Double { Double(frame) / Double(sampleRate) }
}
