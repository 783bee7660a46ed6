/// Tells audio from the errors that a PBX sends in its place, by the first bytes of a download.
///
/// Audio is whatever is not plainly something else: a damaged file must still be fetched.
struct BodySniffer {
    private enum State {
        /// Nothing but white space has come.
        case blank
        /// What has come may be an answer of the API or a web page.
        case text
        case audio
    }

    /// The longest text that is held back to be read as an error.
    private static let longestText = 1 << 16

    private let contentType: String
    private var held: [UInt8] = []
    private var state = State.blank

    init(contentType: String?) {
        self.contentType = contentType?.lowercased() ?? ""
    }

    /// Takes bytes in, and gives those back that are known to be audio.
    mutating func take(_ bytes: [UInt8]) -> [UInt8] {
        if state == .audio { return bytes }
        held.append(contentsOf: bytes)
        if state == .blank, let first = bytes.first(where: { !Self.isBlank($0) }) {
            state = mayBeginText(first) ? .text : .audio
        }
        if held.count > Self.longestText { state = .audio }
        guard state == .audio else { return [] }
        defer { held = [] }
        return held
    }

    /// Takes note of the end, and gives the rest back where it is audio after all.
    ///
    /// - Returns: The audio held back, and the code of an error that the PBX has sent instead of audio.
    mutating func finish() throws(PBXError) -> (audio: [UInt8], refusal: PBXErrorCode?) {
        if state == .audio { return ([], nil) }
        state = .audio
        guard !held.isEmpty else { throw .emptyBody(.voicemailDownload) }
        if PBXAnswer.isAnswer(held) {
            let answer = try PBXAnswer(held, operation: .voicemailDownload)
            if case .failure(let code) = answer.outcome { return ([], code) }
            throw .badAnswer(.voicemailDownload, reason: "it holds no audio")
        }
        // A page is an error only where the box does not call it audio: its file may be no better. And a
        // careless box may call audio a page.
        let isWave = ["RIFF", "RIFX", "RF64"].contains { held.starts(with: $0.utf8) }
        if !isWave, isPage || (!isNamedAudio && PBXAnswer.isMarkup(held)) {
            throw .webPage(.voicemailDownload)
        }
        if contentType.contains("json") {
            throw .badAnswer(.voicemailDownload, reason: "it is not the JSON of the API")
        }
        return (held, nil)
    }

    private var isNamedAudio: Bool {
        contentType.hasPrefix("audio/") || contentType.hasPrefix("application/octet-stream")
    }

    private var isPage: Bool { contentType.hasPrefix("text/html") }

    /// True for the first byte of JSON, of markup, and of a byte order mark; a page may begin with any
    /// letter.
    private func mayBeginText(_ byte: UInt8) -> Bool {
        [UInt8(ascii: "{"), UInt8(ascii: "<"), 0xEF].contains(byte) || isPage
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || (0x09...0x0D).contains(byte)
    }
}
