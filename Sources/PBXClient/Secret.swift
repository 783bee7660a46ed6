/// A text that must never be shown: a password, a token, a random string.
///
/// However it is printed (interpolated, dumped, reflected, logged), what comes out is `<redacted>`; the text
/// itself has to be asked for by name.
public struct Secret: Sendable, Hashable {
    private let text: String

    /// Keeps a text to itself.
    public init(_ text: String) {
        self.text = text
    }

    /// True for the empty text.
    public var isEmpty: Bool { text.isEmpty }

    /// The text, for sending it to the PBX and for nothing else.
    public func reveal() -> String { text }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// `<redacted>`.
    public var description: String { "<redacted>" }

    /// `<redacted>`.
    public var debugDescription: String { "<redacted>" }

    /// A mirror without children.
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection()) }
}
