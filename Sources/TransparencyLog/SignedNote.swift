/// A text with signatures below it (c2sp.org/signed-note).
public struct SignedNote: Sendable, Hashable {
    /// The largest note that is read, in bytes: room for more signatures than any log has.
    public static let largestSize = 1 << 20

    /// The most signatures that a note is read with; the format asks for at least 16.
    public static let mostSignatures = 100

    /// One line below the text.
    public struct Signature: Sendable, Hashable {
        /// The name of the key that signed.
        public let name: String

        /// What tells keys of one name apart.
        public let keyID: UInt32

        /// The signature's bytes: 64 for Ed25519.
        public let bytes: [UInt8]
    }

    /// What is signed, with the line feed that ends it.
    public let text: String

    /// The signatures, in the order of their lines; nothing is known yet of their being right.
    public let signatures: [Signature]

    /// Puts a note together.
    ///
    /// - Parameters:
    ///   - text: What is signed; it ends with a line feed.
    ///   - signatures: At least one.
    init(text: String, signatures: [Signature]) {
        self.text = text
        self.signatures = signatures
    }

    /// Reads a note, without checking any signature.
    ///
    /// - Parameter bytes: The note.
    /// - Throws: `NoteError.malformed`.
    public init(_ bytes: some Sequence<UInt8>) throws(NoteError) {
        let bytes = Array(bytes)
        guard bytes.count <= Self.largestSize else { throw .malformed(reason: "it is larger than any note") }
        guard let note = String(validating: bytes, as: UTF8.self) else {
            throw .malformed(reason: "it is not text in UTF-8")
        }
        guard bytes.allSatisfy({ $0 >= 0x20 || $0 == UInt8(ascii: "\n") }) else {
            throw .malformed(reason: "it has control characters")
        }
        let lines = note.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.last == "" else { throw .malformed(reason: "its last line is cut off") }
        // The text may have empty lines of its own; the last one of all is what separates.
        guard let blank = lines.dropLast().lastIndex(of: ""), blank > 0 else {
            throw .malformed(reason: "it has no empty line before its signatures")
        }
        let signatureLines = lines[(blank + 1)...].dropLast()
        guard (1...Self.mostSignatures).contains(signatureLines.count) else {
            throw .malformed(reason: "it has no signature, or too many")
        }
        var signatures: [Signature] = []
        for line in signatureLines {
            guard let signature = Signature(line: line) else {
                throw .malformed(reason: "line \(blank + 2 + signatures.count) is no signature")
            }
            signatures.append(signature)
        }
        self.init(text: lines[..<blank].joined(separator: "\n") + "\n", signatures: signatures)
    }

    /// The note as it is stored.
    public var bytes: [UInt8] {
        Array((text + "\n" + signatures.map { $0.line + "\n" }.joined()).utf8)
    }

    /// Checks the signatures of known keys; those of others are passed over.
    ///
    /// - Parameter keys: The keys that are trusted, any of which will do.
    /// - Returns: The first key that has signed.
    /// - Throws: `NoteError`, also where one known key has signed and another's signature is wrong.
    @discardableResult
    public func verify(with keys: [VerifierKey]) throws(NoteError) -> VerifierKey {
        var signer: VerifierKey?
        for signature in signatures {
            guard let key = keys.first(where: { signature.isBy($0) }) else { continue }
            guard key.isValid(signature.bytes, for: Array(text.utf8)) else {
                throw .badSignature(key: key.name)
            }
            if signer == nil { signer = key }
        }
        guard let signer else { throw .unsigned(keys: keys.map(\.name)) }
        return signer
    }
}

extension SignedNote.Signature {
    private static let prefix = "\u{2014} "

    /// Reads a line without its line feed; nil where it is not a signature's.
    fileprivate init?(line: Substring) {
        guard line.hasPrefix(Self.prefix) else { return nil }
        let parts = line.dropFirst(2).split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 2, KeyName.isValid(parts[0]), let bytes = Base64.bytes(of: parts[1]),
            bytes.count > 4
        else { return nil }
        name = String(parts[0])
        keyID = bytes.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
        self.bytes = Array(bytes.dropFirst(4))
    }

    /// Names are compared by their bytes: what looks alike is not the same key.
    fileprivate func isBy(_ key: VerifierKey) -> Bool {
        keyID == key.keyID && name.utf8.elementsEqual(key.name.utf8)
    }

    fileprivate var line: String {
        let id = stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: keyID >> UInt32($0)) }
        return "\(Self.prefix)\(name) \(Base64.text(of: id + bytes))"
    }
}
