/// Tells audio from what a PBX sends in its place when something is wrong with it for a moment.
///
/// What is plainly something else (text, markup, JSON, blanks, an archive) is never the message, whatever type and
/// status it comes with: it would be kept for good, and the next run would not ask again. All other bytes are the
/// message, as a damaged file must be fetched too.
struct BodySniffer {
    private enum State {
        /// What has come may still be something else.
        case open
        case audio
    }

    /// How many bytes are looked at before anything but a WAV file is taken for audio: a tar's mark ends here.
    private static let shortestLook = 262

    /// No audio has so many bytes without a single one that no text has.
    private static let longestText = 1 << 16

    private static let waves = ["RIFF", "RIFX", "RF64", "BW64"].map { Array($0.utf8) }

    /// What files of other kinds begin with.
    private static let others: [(signature: [UInt8], kind: String)] = [
        ([0x1F, 0x8B], "a gzip archive"), ([0x1F, 0x9D], "a compressed file"),
        ([0x50, 0x4B, 0x03, 0x04], "a zip archive"), ([0x50, 0x4B, 0x05, 0x06], "an empty zip archive"),
        (Array("BZh".utf8), "a bzip2 archive"), ([0xFD, 0x37, 0x7A, 0x58, 0x5A], "an xz archive"),
        ([0x37, 0x7A, 0xBC, 0xAF], "a 7z archive"), ([0x28, 0xB5, 0x2F, 0xFD], "a zstd archive"),
        (Array("Rar!".utf8), "a rar archive"), (Array("%PDF-".utf8), "a PDF"),
        (Array("GIF8".utf8), "a picture"),
        ([0x89, 0x50, 0x4E, 0x47], "a picture"), ([0xFF, 0xD8, 0xFF], "a picture"),
        // The byte order marks of UTF-16, whose texts have zero bytes in them.
        ([0xFF, 0xFE], "text"), ([0xFE, 0xFF], "text"),
    ]

    /// What is to be in no sentence about the bytes.
    let secrets: KnownSecrets

    init(hiding secrets: KnownSecrets) {
        self.secrets = secrets
    }

    private var held: [UInt8] = []
    /// How many of the held bytes were found to be such as stand in texts; nobody can make them be looked at again and again.
    private var textCount = 0
    private var state = State.open

    /// Takes bytes in, and gives those back that are known to be audio.
    ///
    /// - Throws: `PBXError.badAnswer` where they are something else.
    mutating func take(_ bytes: [UInt8]) throws(PBXError) -> [UInt8] {
        if state == .audio { return bytes }
        held.append(contentsOf: bytes)
        guard Self.isWave(held) || held.count >= Self.shortestLook else { return [] }
        guard try isAudio() else {
            if held.count > Self.longestText { throw .badAnswer(.voicemailDownload, reason: "it is text") }
            return []
        }
        defer { held = [] }
        state = .audio
        return held
    }

    /// Whether what has come is an answer in place of audio, and nothing of it is missing.
    var holdsWholeAnswer: Bool {
        PBXAnswer.isAnswer(held) && PBXAnswer.isWhole(held, encoding: .utf8)
    }

    /// Takes note of the end, and gives the rest back where it is audio after all.
    ///
    /// - Returns: The audio held back, and the code of an error that the PBX has sent instead of audio.
    mutating func finish() throws(PBXError) -> (audio: [UInt8], refusal: PBXErrorCode?) {
        if state == .audio { return ([], nil) }
        if try isAudio() { return (held, nil) }
        // Blanks are empty too.
        if PBXAnswer.isAnswer(held) || held.allSatisfy({ $0 <= 0x20 }) || PBXAnswer.isMarkup(held) {
            let answer = try PBXAnswer(
                held, operation: .voicemailDownload, extension: nil, encoding: .utf8, hiding: secrets)
            if case .failure(let code) = answer.outcome { return ([], code) }
        }
        throw .badAnswer(.voicemailDownload, reason: "it is text")
    }

    private static func isWave(_ bytes: [UInt8]) -> Bool {
        waves.contains { bytes.starts(with: $0) }
    }

    /// Whether what is held is audio; false where it is all text, so far.
    private mutating func isAudio() throws(PBXError) -> Bool {
        if textCount == 0 {
            if Self.isWave(held) { return true }
            if let kind = Self.otherKind(held) {
                throw .badAnswer(.voicemailDownload, reason: "it is \(kind)")
            }
        }
        let isAudio = held[textCount...].contains(where: Self.isBinary)
        textCount = held.count
        return isAudio
    }

    /// What the beginning of a file says that it is, where that is no audio.
    private static func otherKind(_ bytes: [UInt8]) -> String? {
        if bytes.dropFirst(257).starts(with: "ustar".utf8) { return "a tar archive" }
        return others.first { bytes.starts(with: $0.signature) }?.kind
    }

    /// True for a byte that stands in no text of ASCII, UTF-8 or GB18030.
    private static func isBinary(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x09...0x0D, 0x1B: false
        case 0..<0x20, 0x7F, 0xFF: true
        default: false
        }
    }
}
