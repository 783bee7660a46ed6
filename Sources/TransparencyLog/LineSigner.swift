internal import Crypto

/// What the holder of a log's key signs of a line of the journal whose entries the log has.
///
/// It begins as no checkpoint can, since the name of a key has no spaces: a signature over the one is never one over
/// the other.
public struct LineStatement: Sendable {
    /// The bytes that are signed.
    public let bytes: [UInt8]

    /// Makes a statement from its parts.
    ///
    /// - Parameters:
    ///   - origin: The origin of the log, which is the name of its keys.
    ///   - before: 64 hexadecimal digits that stand for all lines before this one.
    ///   - content: What the line says, its number included.
    public init(origin: String, before: String, content: some Collection<UInt8>) {
        bytes = Array("voxkeep line\n\(origin)\n\(before)\n".utf8) + content
    }
}

/// The part of a log's key that signs lines of the journal, and nothing else.
///
/// Unlike checkpoints, lines need no record beside the key: each binds those before it, and the log their entries.
public struct LineSigner: Sendable {
    /// The public part of the key.
    public let verifierKey: VerifierKey

    private let key: Curve25519.Signing.PrivateKey

    init(_ key: Curve25519.Signing.PrivateKey, _ verifierKey: VerifierKey) {
        self.key = key
        self.verifierKey = verifierKey
    }

    /// Signs what a line states.
    ///
    /// - Parameter statement: The statement.
    /// - Returns: The 64 bytes of the signature (RFC 8032 §5.1.6) in base64; nil where it does not hold, as with a fault in
    ///   memory, and nothing of it must be seen.
    public func sign(_ statement: LineStatement) -> String? {
        guard let bytes = try? key.signature(for: statement.bytes), case let text = Base64.text(of: bytes),
            // A fault in memory between key and signature could give the key away (fault attacks on Ed25519).
            verifierKey.isValid(text, for: statement)
        else { return nil }
        return text
    }
}

extension VerifierKey {
    /// The key's id as notes and lines write it: eight hexadecimal digits.
    public var hexadecimalID: String { Self.hexadecimal(keyID) }

    /// Whether a signature over what a line states was made with the private part of this key.
    ///
    /// - Parameters:
    ///   - signature: 64 bytes in base64, as `LineSigner` writes them.
    ///   - statement: The statement.
    /// - Returns: Whether it was.
    public func isValid(_ signature: some StringProtocol, for statement: LineStatement) -> Bool {
        Base64.bytes(of: signature).map { isValid($0, for: statement.bytes) } ?? false
    }
}

extension VerifierKey: Codable {
    /// Reads what `encode(to:)` wrote.
    ///
    /// - Parameter decoder: Where a text stands.
    /// - Throws: `DecodingError`, also for a text that is no key.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let key = VerifierKey(text), key.text == text else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "no verifier key")
        }
        self = key
    }

    /// Writes the key as its text.
    ///
    /// - Parameter encoder: Where the text goes.
    /// - Throws: Errors of the encoder.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
