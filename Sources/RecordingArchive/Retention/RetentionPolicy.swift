/// How long a recording must be kept: `forever`, `30d`, `2w`, `6m`, `10y` from its creation, `event+10y` from an event, or
/// `undecided`.
///
/// Time is counted in UTC. Months and years are those of the calendar; where the month has no such day, its last one
/// counts: a year from 29 February ends on 28 February.
public enum RetentionPolicy: Sendable, Hashable {
    /// Without end.
    case forever
    /// From the message's date, or where that is unknown from when the recording was made.
    case sinceCreation(RetentionPeriod)
    /// From an event, such as the end of a contract; without end until its date is set.
    case sinceEvent(RetentionPeriod)
    /// Nobody has decided yet: it is kept, and any policy may take the place of this one.
    case undecided

    /// The moment from which on a recording may be erased.
    ///
    /// - Parameters:
    ///   - created: When the recording was made, in seconds since 1970-01-01T00:00:00Z.
    ///   - event: The date of the event, which counts from 00:00 UTC; nil where it is not set.
    /// - Returns: Seconds since 1970-01-01T00:00:00Z, no later than the year 9999; nil where there is no end.
    public func until(created: Int64, event: CalendarDate?) -> Int64? {
        switch self {
        case .forever, .undecided: nil
        case .sinceCreation(let period): period.end(from: created)
        case .sinceEvent(let period): event.map { period.end(from: $0.daysSince1970 * 86_400) }
        }
    }

    /// Whether a recording that changes from another policy to this one is kept at least as long, whatever happens.
    ///
    /// An event that is not set yet may have any date. So a policy from an event is no substitute for one from
    /// creation before then, nor the other way round, and two from an event are compared by their shortest and
    /// longest years and months.
    ///
    /// - Parameters:
    ///   - other: The policy so far.
    ///   - created: When the recording was made, in seconds since 1970-01-01T00:00:00Z.
    ///   - event: The date of the event; nil where it is not set.
    /// - Returns: Whether the change takes nothing away.
    public func isAtLeastAsLong(as other: RetentionPolicy, created: Int64, event: CalendarDate?) -> Bool {
        if self == other || self == .forever || other == .undecided { return true }
        if let end = until(created: created, event: event),
            let otherEnd = other.until(created: created, event: event)
        {
            return end >= otherEnd
        }
        if case .sinceEvent(let period) = self, case .sinceEvent(let otherPeriod) = other {
            return period.isAtLeastAsLong(as: otherPeriod)
        }
        return false
    }
}

extension RetentionPolicy: LosslessStringConvertible {
    /// Reads what `description` prints; nil for anything else.
    public init?(_ description: String) {
        let prefix = "event+"
        if description == "forever" {
            self = .forever
        } else if description == "undecided" {
            self = .undecided
        } else if description.hasPrefix(prefix) {
            guard let period = RetentionPeriod(String(description.dropFirst(prefix.count))) else {
                return nil
            }
            self = .sinceEvent(period)
        } else {
            guard let period = RetentionPeriod(description) else { return nil }
            self = .sinceCreation(period)
        }
    }

    /// `forever`, `10y`, `event+10y` or `undecided`.
    public var description: String {
        switch self {
        case .forever: "forever"
        case .sinceCreation(let period): period.description
        case .sinceEvent(let period): "event+\(period)"
        case .undecided: "undecided"
        }
    }
}

extension RetentionPolicy: Codable {
    /// Reads what `encode(to:)` wrote.
    ///
    /// - Parameter decoder: Where a text stands.
    /// - Throws: `DecodingError`, also for a text that is no policy.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let policy = RetentionPolicy(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "no retention policy, such as forever, 10y or event+10y")
        }
        self = policy
    }

    /// Writes the policy as text.
    ///
    /// - Parameter encoder: Where the text goes.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
