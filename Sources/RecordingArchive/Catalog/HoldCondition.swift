/// A condition on the holds of a recording that are not released.
public enum HoldCondition: Sendable, Hashable {
    /// At least one.
    case any
    /// None.
    case none
    /// At least one of a case.
    case caseID(String)
}

extension HoldCondition: LosslessStringConvertible {
    private static let prefix = "case:"

    /// Reads `any`, `none` or a case, which may have `case:` before it; nil where a case is empty.
    public init?(_ description: String) {
        switch description {
        case "any": self = .any
        case "none": self = .none
        default:
            let caseID =
                description.hasPrefix(Self.prefix)
                ? String(description.dropFirst(Self.prefix.count)) : description
            guard !caseID.isEmpty else { return nil }
            self = .caseID(caseID)
        }
    }

    /// `any`, `none` or `case:` and the case.
    public var description: String {
        switch self {
        case .any: "any"
        case .none: "none"
        case .caseID(let caseID): Self.prefix + caseID
        }
    }
}

extension HoldCondition: Codable {
    /// Reads what `encode(to:)` wrote.
    ///
    /// - Parameter decoder: Where a text stands.
    /// - Throws: `DecodingError`, also for a text that is no condition.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let condition = HoldCondition(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "no condition on holds: any, none or a case")
        }
        self = condition
    }

    /// Writes the condition as text.
    ///
    /// - Parameter encoder: Where the text goes.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
