/// One thing that is wrong with a WAVE file, or worth knowing about it.
public struct WaveFinding: Sendable, Hashable {
    /// The stable dotted name of the rule, such as `data.truncated`; a code never changes its meaning.
    public let code: String

    /// How bad it is for the audio.
    public let severity: Severity

    /// The byte of the file that the finding is about; nil for one about the file or its sound as a whole.
    public let offset: Int64?

    /// What a sound file would hold there.
    public let expected: String?

    /// What is there, as printable ASCII: bytes out of the file are escaped.
    public let found: String?

    /// One sentence for a person.
    public let message: String

    /// Makes a finding out of its parts.
    public init(
        code: String, severity: Severity, offset: Int64?, expected: String?, found: String?, message: String
    ) {
        self.code = code
        self.severity = severity
        self.offset = offset
        self.expected = expected
        self.found = found
        self.message = message
    }
}
