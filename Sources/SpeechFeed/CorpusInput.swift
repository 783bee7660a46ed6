package import Digests

/// A recording that is to go into a corpus.
package struct CorpusInput: Sendable, Hashable {
    /// Its name in the corpus: ASCII letters, digits, `-` and `_`.
    package var id: String
    /// Who speaks, of the same characters.
    package var speaker: String
    /// The part of the corpus that it belongs to; nil where it is not split.
    package var split: String?
    /// The WAV or FLAC file.
    package var path: String
    /// The SHA-256 that the file must have; nil where nobody knows.
    package var digest: Digest?
    /// What is said in it; nil where nobody knows.
    package var transcript: String?
    /// What else is known.
    package var facts: [CorpusRecording.Fact]

    /// Puts an input together.
    package init(
        id: String, speaker: String, split: String?, path: String, digest: Digest?, transcript: String? = nil,
        facts: [CorpusRecording.Fact]
    ) {
        self.id = id
        self.speaker = speaker
        self.split = split
        self.path = path
        self.digest = digest
        self.transcript = transcript
        self.facts = facts
    }
}

extension CorpusInput {
    /// A name for any text, of the characters that a name may have.
    ///
    /// - Parameter text: Any text.
    /// - Returns: The text itself where it is such a name; else what is left of it with a part of its SHA-256, so that
    ///   different texts have different names.
    package static func name(for text: String) -> String {
        let safe = text.utf8.map { byte -> UInt8 in
            let isSafe =
                (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20) || byte == 0x2D
                || byte == 0x5F
            return isSafe ? byte : 0x5F
        }
        let name = String(decoding: safe.prefix(40), as: UTF8.self)
        if !name.isEmpty, name.utf8.elementsEqual(text.utf8) { return name }
        let digest = SHA256Hasher.digest(of: Array(text.utf8)).hexadecimal.prefix(12)
        return name.isEmpty ? String(digest) : "\(name)-\(digest)"
    }

    /// The part of a corpus that a speaker belongs to, always the same one.
    ///
    /// - Parameters:
    ///   - speaker: The speaker.
    ///   - shares: How many of a hundred or of any other sum go to `train`, `dev` and `test`.
    /// - Returns: The name of the part.
    package static func split(of speaker: String, shares: [Int]) -> String {
        let bytes = SHA256Hasher.digest(of: Array("split \(speaker)".utf8)).bytes
        let number = bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        var place = Int(number % UInt64(max(1, shares.reduce(0, +))))
        for (name, share) in zip(["train", "dev", "test"], shares) {
            if place < share { return name }
            place -= share
        }
        return "train"
    }
}
