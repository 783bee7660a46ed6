/// A condition on how long a recording is kept.
public enum RetentionCondition: Sendable, Hashable {
    /// Its retention ends before a moment, in seconds since 1970-01-01T00:00:00Z; with the present one: it has expired.
    case endsBefore(Int64)
    /// No end is known: the policy has none, or its event is not set.
    case endless
    /// Its policy is this one, as written.
    case policy(RetentionPolicy)
}

extension RetentionCondition: LosslessStringConvertible {
    private static let before = "before:"

    /// Reads what `description` prints; nil for anything else.
    public init?(_ description: String) {
        if description == "endless" {
            self = .endless
        } else if description.hasPrefix(Self.before) {
            guard let date = MessageDate(String(description.dropFirst(Self.before.count))) else { return nil }
            self = .endsBefore(date.unixSeconds)
        } else {
            guard let policy = RetentionPolicy(description) else { return nil }
            self = .policy(policy)
        }
    }

    /// `before:2036-01-05T10:00:00Z`, `endless`, or a policy such as `10y`.
    public var description: String {
        switch self {
        case .endsBefore(let moment): Self.before + MessageDate(unixSeconds: moment).text
        case .endless: "endless"
        case .policy(let policy): policy.description
        }
    }
}

extension RetentionCondition: Codable {
    /// Reads what `encode(to:)` wrote.
    ///
    /// - Parameter decoder: Where a text stands.
    /// - Throws: `DecodingError`, also for a text that is no condition.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let condition = RetentionCondition(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "no condition on retention: before:…, endless or a policy")
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
