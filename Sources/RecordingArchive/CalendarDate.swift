/// A day of the Gregorian calendar, without a zone: `2020-01-02`.
public struct CalendarDate: Sendable, Hashable {
    /// The days that a date can be: those whose year has four digits.
    static let days = daysSince1970(year: 0, month: 1, day: 1)...daysSince1970(year: 9999, month: 12, day: 31)

    /// 0 to 9999.
    public let year: Int64
    /// 1 to 12.
    public let month: Int64
    /// 1 to 31.
    public let day: Int64

    /// Makes a date from its parts; nil where the calendar has no such day.
    public init?(year: Int64, month: Int64, day: Int64) {
        guard (0...9999).contains(year), (1...12).contains(month),
            (1...Self.days(inMonth: month, year: year)).contains(day)
        else { return nil }
        self.year = year
        self.month = month
        self.day = day
    }

    /// Makes a date from the days since 1970-01-01, which may be negative; one beyond year 0 or 9999 is the last there.
    ///
    /// The inverse of `daysSince1970`, with years that begin in March and eras of 400 years.
    init(daysSince1970 days: Int64) {
        let shifted = min(max(days, Self.days.lowerBound), Self.days.upperBound) + 719_468
        let era = Self.floorDivide(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// Days since 1970-01-01.
    var daysSince1970: Int64 { Self.daysSince1970(year: year, month: month, day: day) }

    /// The day some months later, or the last of its month where that has no such day; at most the end of year 9999.
    func adding(months: Int64) -> CalendarDate {
        let total = year * 12 + month - 1 + months
        let (year, month) = (total / 12, total % 12 + 1)
        let day = min(day, Self.days(inMonth: month, year: year))
        return CalendarDate(
            daysSince1970: Self.daysSince1970(year: year, month: month, day: day))
    }

    private static func days(inMonth month: Int64, year: Int64) -> Int64 {
        let next = month == 12 ? (year + 1, 1) : (year, month + 1)
        return daysSince1970(year: next.0, month: next.1, day: 1)
            - daysSince1970(year: year, month: month, day: 1)
    }

    /// Days in the Gregorian calendar, with the year taken to begin in March so that the leap day comes last.
    private static func daysSince1970(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shifted = month > 2 ? year : year - 1
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        // Year 0 is a leap year; the one before it is not met, as years are not negative before the shift.
        let leapDays = floorDivide(shifted, 4) - floorDivide(shifted, 100) + floorDivide(shifted, 400)
        return 365 * shifted + leapDays + dayOfYear - 719_468
    }

    private static func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
        value >= 0 ? value / divisor : (value - divisor + 1) / divisor
    }
}

extension CalendarDate: LosslessStringConvertible {
    /// Reads `yyyy-MM-dd`; nil for anything else.
    public init?(_ description: String) {
        guard let match = description.wholeMatch(of: /([0-9]{4})-([0-9]{2})-([0-9]{2})/),
            let year = Int64(match.1), let month = Int64(match.2), let day = Int64(match.3)
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    /// `yyyy-MM-dd`.
    public var description: String {
        "\(Self.digits(year, 4))-\(Self.digits(month, 2))-\(Self.digits(day, 2))"
    }

    /// A number, not negative, with leading zeros.
    static func digits(_ value: Int64, _ count: Int) -> String {
        let text = String(value)
        return String(repeating: "0", count: max(0, count - text.utf8.count)) + text
    }
}

extension CalendarDate: Codable {
    /// Reads what `encode(to:)` wrote.
    ///
    /// - Parameter decoder: Where a text stands.
    /// - Throws: `DecodingError`, also for a text that is no date.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let date = CalendarDate(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "no date: yyyy-MM-dd")
        }
        self = date
    }

    /// Writes the date as text.
    ///
    /// - Parameter encoder: Where the text goes.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
