public import WaveFiles

/// A finding as an object of JSON; every name is present, and what is undefined is null.
public struct FindingRow: Codable, Sendable, Hashable {
    /// What is wrong or remarkable, as a stable code.
    public let code: String
    /// How grave it is: note, warning, error or fatal.
    public let severity: String
    /// The byte of the source where it is; nil where it is nowhere in particular.
    public let offset: Int64?
    /// What should be there; nil where that is not defined.
    public let expected: String?
    /// What is there; nil where that is not defined.
    public let found: String?
    /// A sentence for a person.
    public let message: String

    /// Makes a row of a finding.
    public init(_ finding: WaveFinding) {
        code = finding.code
        severity = finding.severity.rawValue
        offset = finding.offset
        expected = finding.expected
        found = finding.found
        message = finding.message
    }

    /// Encodes the row.
    ///
    /// - Parameter encoder: Where it goes.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var row = encoder.container(keyedBy: CodingKeys.self)
        try row.encode(code, forKey: .code)
        try row.encode(severity, forKey: .severity)
        try row.encode(offset, forKey: .offset)
        try row.encode(expected, forKey: .expected)
        try row.encode(found, forKey: .found)
        try row.encode(message, forKey: .message)
    }
}
