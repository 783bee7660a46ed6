internal import Crypto

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// The public key that a log's signatures are checked with: Ed25519, as c2sp.org/signed-note writes it.
///
/// It is public, but where it comes from decides what a verification is worth.
public struct VerifierKey: Sendable, Hashable {
    /// The byte that says Ed25519, both in a key and in what its id is made from.
    static let algorithm: UInt8 = 1

    /// The name of the key: the origin of the log.
    public let name: String

    /// Four bytes that tell keys of one name apart.
    public let keyID: UInt32

    /// The 32 bytes of the key (RFC 8032 §5.1.5).
    public let publicKey: [UInt8]

    /// Makes a key from its name and its bytes; nil for a name that notes cannot hold, or bytes that are no key.
    public init?(name: String, publicKey: [UInt8]) {
        guard KeyName.isValid(name), publicKey.count == 32,
            (try? Curve25519.Signing.PublicKey(rawRepresentation: publicKey)) != nil
        else { return nil }
        self.name = name
        self.publicKey = publicKey
        keyID = Self.identifier(name, publicKey)
    }

    /// Reads `<name>+<hexadecimal id>+<base64>`; nil where anything is wrong with it, a wrong id included.
    ///
    /// A line feed at the end is no fault, since the text comes from a file.
    public init?(_ text: some StringProtocol) {
        let line = text.hasSuffix("\n") ? String(text.dropLast()) : String(text)
        // Names have no plus, base64 can have some.
        let parts = line.split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let bytes = Base64.bytes(of: parts[2]), bytes.first == Self.algorithm,
            let key = VerifierKey(name: String(parts[0]), publicKey: Array(bytes.dropFirst())),
            key.text == line
        else { return nil }
        self = key
    }

    /// The key as a line of text, without a line feed.
    public var text: String {
        "\(name)+\(Self.hexadecimal(keyID))+\(Base64.text(of: [Self.algorithm] + publicKey))"
    }

    /// Whether a signature was made over bytes with the private part of this key.
    func isValid(_ signature: [UInt8], for bytes: [UInt8]) -> Bool {
        guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: publicKey) else { return false }
        return key.isValidSignature(signature, for: bytes)
    }

    static func hexadecimal(_ id: UInt32) -> String {
        let digits = String(id, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }

    private static func identifier(_ name: String, _ publicKey: [UInt8]) -> UInt32 {
        let preimage = Array(name.utf8) + [UInt8(ascii: "\n"), algorithm] + publicKey
        return SHA256.hash(data: preimage).prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
    }
}

extension VerifierKey: CustomStringConvertible {
    /// The key as a line of text.
    public var description: String { text }
}
