public import WaveFiles

/// A finding as an object of JSON; every name is present, and what is undefined is null.
public struct FindingRow: Codable, Sendable, Hashable {
    private let code: String
    private let severity: String
    private let offset: Int64?
    private let expected: String?
    private let found: String?
    private let message: String

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
