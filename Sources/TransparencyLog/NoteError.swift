/// Why a signed note, a checkpoint or a proof file is not accepted.
public enum NoteError: Error, Sendable, Hashable {
    /// It is not text of the form that the format asks for.
    case malformed(reason: String)
    /// None of the known keys has signed it: those of these names were looked for.
    case unsigned(keys: [String])
    /// A known key's signature does not fit the text.
    case badSignature(key: String)
    /// The checkpoint is that of another log.
    case foreignOrigin(found: String, expected: String)
}

extension NoteError: CustomStringConvertible {
    /// One clause that says what is wrong and what to do.
    public var description: String {
        switch self {
        case .malformed(let reason):
            "\(reason); restore it from a copy"
        case .unsigned(let keys):
            "no signature by \(keys.isEmpty ? "any key" : keys.joined(separator: " or ")); "
                + "check that the verifier key belongs to this log"
        case .badSignature(let key):
            "the signature by \(key) does not fit the text, which was changed after it was signed; "
                + "compare it with a copy kept elsewhere"
        case .foreignOrigin(let found, let expected):
            "it is about the log \(Self.printable(found)) where \(expected) was expected; check the paths"
        }
    }

    /// A foreign text without the control characters that could command a terminal, and not endlessly long.
    private static func printable(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.prefix(100).map { $0.properties.generalCategory == .control ? "?" : $0 }))
    }
}
