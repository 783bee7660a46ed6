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
            let day = CalendarDate(year: fields[0], month: fields[1], day: fields[2]),
            fields[3] < 24, fields[4] < 60, fields[5] < 60
        else { return nil }
        self.text = text
        unixSeconds = day.daysSince1970 * 86_400 + fields[3] * 3600 + fields[4] * 60 + fields[5] - offset
    }

    /// Makes the date of a moment in UTC, ending in `Z`; moments beyond year 0 or 9999 become the last day there.
    public init(unixSeconds: Int64) {
        let days = (unixSeconds >= 0 ? unixSeconds : unixSeconds - 86_399) / 86_400
        let day = CalendarDate(daysSince1970: days)
        let second = unixSeconds - days * 86_400
        let clock = [second / 3600, second / 60 % 60, second % 60].map { CalendarDate.digits($0, 2) }
        text = "\(day)T\(clock.joined(separator: ":"))Z"
        self.unixSeconds = day.daysSince1970 * 86_400 + second
    }

    /// The first moment that a message can be from, 2000-01-01T00:00:00Z: a box whose clock was reset gives 1970.
    static let earliest: Int64 = 946_684_800

    /// How far ahead of the archive's clock a message can be, in seconds: two days, for zones that were given wrongly.
    static let mostAhead: Int64 = 2 * 86_400

    /// Whether a message that arrives at a moment can be from this one, in seconds since 1970-01-01T00:00:00Z.
    package func isPlausible(on arrival: Int64) -> Bool {
        unixSeconds >= Self.earliest && unixSeconds - Self.mostAhead <= arrival
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
}

extension Character {
    fileprivate var isASCIIDigit: Bool { isASCII && isNumber }
}
