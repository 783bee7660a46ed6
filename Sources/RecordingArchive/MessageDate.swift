/// A moment in ISO 8601 with its offset from UTC: `2020-01-02T18:00:00+08:00`.
///
/// The text keeps the wall clock of the PBX, which names folders and files; the seconds order recordings from
/// PBXs in different zones.
public struct MessageDate: Sendable, Hashable {
    /// The text, exactly as it was read.
    public let text: String

    /// Seconds since 1970-01-01T00:00:00Z.
    public let unixSeconds: Int64

    /// Reads `yyyy-MM-ddTHH:mm:ss` followed by `Z`, `+HH:mm` or `-HH:mm`; nil for anything else.
    public init?(_ text: String) {
        guard let match = text.wholeMatch(of: /(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(Z|[+-]\d\d:\d\d)/)
        else { return nil }
        let fields = [match.1, match.2, match.3, match.4, match.5, match.6].compactMap { Int64($0) }
        guard fields.count == 6, let offset = Self.offset(match.7),
            (1...12).contains(fields[1]),
            (1...Self.days(inMonth: fields[1], year: fields[0])).contains(fields[2]),
            fields[3] < 24, fields[4] < 60, fields[5] < 60
        else { return nil }
        let days = Self.daysSince1970(year: fields[0], month: fields[1], day: fields[2])
        self.text = text
        unixSeconds = days * 86_400 + fields[3] * 3600 + fields[4] * 60 + fields[5] - offset
    }

    /// Year, month and day of the wall clock, zero-padded.
    var folders: [String] {
        text.prefix(10).split(separator: "-").map(String.init)
    }

    /// The wall clock for a file name: `20200102-180000`.
    var compact: String {
        let digits = text.prefix(19).filter(\.isASCIIDigit)
        return "\(digits.prefix(8))-\(digits.dropFirst(8))"
    }

    private static func offset(_ text: Substring) -> Int64? {
        guard text != "Z" else { return 0 }
        let parts = text.dropFirst().split(separator: ":").compactMap { Int64($0) }
        guard parts.count == 2, parts[0] < 24, parts[1] < 60 else { return nil }
        let seconds = parts[0] * 3600 + parts[1] * 60
        return text.hasPrefix("-") ? -seconds : seconds
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

extension Character {
    fileprivate var isASCIIDigit: Bool { isASCII && isNumber }
}
