/// A length of time of at most 1000 years, as a person writes it: `30d`, `2w`, `6m`, `10y`.
public struct RetentionPeriod: Sendable, Hashable {
    /// What is counted.
    public enum Unit: Character, Sendable, Hashable, CaseIterable {
        /// 24 hours.
        case day = "d"
        /// Seven days.
        case week = "w"
        /// A month of the calendar.
        case month = "m"
        /// A year of the calendar.
        case year = "y"

        /// The most that a period may have, about 1000 years of each.
        var maximum: Int64 {
            switch self {
            case .day: 365_242
            case .week: 52_177
            case .month: 12_000
            case .year: 1000
            }
        }
    }

    /// How many, from 1.
    public let count: Int64

    /// Of what.
    public let unit: Unit

    /// Makes a period; nil where there are none of it, or more than 1000 years.
    public init?(_ count: Int64, _ unit: Unit) {
        guard (1...unit.maximum).contains(count) else { return nil }
        self.count = count
        self.unit = unit
    }

    /// The moment that lies this long after another, both in seconds since 1970-01-01T00:00:00Z.
    func end(from start: Int64) -> Int64 {
        let days = (start >= 0 ? start : start - 86_399) / 86_400
        let date = CalendarDate(daysSince1970: days)
        let end =
            switch unit {
            case .day: CalendarDate(daysSince1970: days + count)
            case .week: CalendarDate(daysSince1970: days + 7 * count)
            case .month: date.adding(months: count)
            case .year: date.adding(months: 12 * count)
            }
        return end.daysSince1970 * 86_400 + (start - days * 86_400)
    }

    /// Whether this period is at least as long as another, whatever day both begin on.
    func isAtLeastAsLong(as other: RetentionPeriod) -> Bool {
        if let months, let others = other.months { return months >= others }
        return shortest >= other.longest
    }

    /// The months of the calendar that it has; nil where it is counted in days.
    private var months: Int64? {
        switch unit {
        case .day, .week: nil
        case .month: count
        case .year: 12 * count
        }
    }

    /// Its days where as many as possible of its months and years are short, or a few less.
    private var shortest: Int64 { days(monthsToDays: { $0 * 146_097 / 4800 - 5 }) }

    /// Its days where as many as possible of its months and years are long, or a few more.
    private var longest: Int64 { days(monthsToDays: { $0 * 146_097 / 4800 + 6 }) }

    /// 400 years, 4800 months, have 146,097 days; a part of them, wherever it begins, is less than five days from its
    /// share.
    private func days(monthsToDays: (Int64) -> Int64) -> Int64 {
        switch unit {
        case .day: count
        case .week: 7 * count
        case .month: monthsToDays(count)
        case .year: monthsToDays(12 * count)
        }
    }
}

extension RetentionPeriod: LosslessStringConvertible {
    /// Reads what `description` prints, without leading zeros; nil for anything else.
    public init?(_ description: String) {
        guard let unit = description.last.flatMap(Unit.init), description.first != "0",
            description.dropLast().utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let count = Int64(description.dropLast())
        else { return nil }
        self.init(count, unit)
    }

    /// The number and the unit: `10y`.
    public var description: String { "\(count)\(unit.rawValue)" }
}
