internal import Digests
internal import TransparencyLog

/// How a line is signed: what it binds before it, with which key, and around which content.
///
/// The line is the canonical JSON of `{"before":…,"details":{…},"entry":{…},"key":…,"sig":…}`. All but the content is of
/// fixed length at fixed places, so a signature is checked before anything in the line is parsed.
struct LineEnvelope {
    /// The chain over all lines before.
    let before: Digest

    /// The id of the key: eight hexadecimal digits.
    let keyID: String

    /// The signature in base64.
    let signature: String

    /// The canonical JSON of `{"details":{…},"entry":{…}}`.
    let content: [UInt8]

    private static let opening = Array(#"{"before":""#.utf8)
    private static let keyOpening = Array(#","key":""#.utf8)
    private static let signatureOpening = Array(#"","sig":""#.utf8)
    private static let closing = Array("\"}\n".utf8)
    private static let digestLength = 64
    private static let keyIDLength = 8
    /// 64 bytes in base64.
    private static let signatureLength = 88

    private static let headLength = opening.count + digestLength + 2
    private static let tailLength =
        keyOpening.count + keyIDLength + signatureOpening.count + signatureLength + closing.count

    /// Takes a line with its line feed apart; nil for one that is not signed.
    init?(_ line: [UInt8]) {
        let (start, end) = (Self.headLength, line.count - Self.tailLength)
        guard start < end, line.starts(with: Self.opening), line[start - 2] == UInt8(ascii: "\""),
            line[start - 1] == UInt8(ascii: ","), line[end - 1] == UInt8(ascii: "}")
        else { return nil }
        let digits = Self.text(line[Self.opening.count..<(start - 2)])
        var rest = line[end...]
        guard let before = Digest(hexadecimal: digits), before.hexadecimal == digits,
            let keyID = Self.take(Self.keyOpening, Self.keyIDLength, from: &rest),
            let signature = Self.take(Self.signatureOpening, Self.signatureLength, from: &rest),
            rest.elementsEqual(Self.closing)
        else { return nil }
        self.before = before
        self.keyID = keyID
        self.signature = signature
        content = [UInt8(ascii: "{")] + line[start..<end] + [UInt8(ascii: "}")]
    }

    /// Signs content; nil where that failed.
    init?(_ content: [UInt8], before: Digest, signer: LineSigner) {
        let statement = LineStatement(
            origin: signer.verifierKey.name, before: before.hexadecimal, content: content)
        guard let signature = signer.sign(statement) else { return nil }
        self.before = before
        self.signature = signature
        self.content = content
        keyID = signer.verifierKey.hexadecimalID
    }

    /// The line with its line feed.
    var line: [UInt8] {
        Self.opening + Array("\(before.hexadecimal)\",".utf8) + content.dropFirst().dropLast()
            + Self.keyOpening
            + Array(keyID.utf8) + Self.signatureOpening + Array(signature.utf8) + Self.closing
    }

    /// Whether a key has signed this.
    func isSigned(by key: VerifierKey) -> Bool {
        guard key.hexadecimalID == keyID else { return false }
        return key.isValid(
            signature, for: LineStatement(origin: key.name, before: before.hexadecimal, content: content))
    }

    private static func take(
        _ opening: [UInt8], _ length: Int, from rest: inout ArraySlice<UInt8>
    ) -> String? {
        guard rest.starts(with: opening), rest.count >= opening.count + length else { return nil }
        rest = rest.dropFirst(opening.count)
        defer { rest = rest.dropFirst(length) }
        return text(rest.prefix(length))
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }
}
