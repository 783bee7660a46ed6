package import Foundation

/// A message's date as the PBX lists it, `yyyy-MM-dd HH:mm:ss` in the PBX's local time, placed on the time line.
package struct ListedDate: Sendable, Hashable {
    /// The date with its offset from UTC, as in ISO 8601: `2020-01-02T18:00:00+08:00`.
    package let iso8601: String

    /// What had to be assumed: nil, `date.nonexistent` or `date.ambiguous`.
    package let warning: String?

    /// Reads a listed date.
    ///
    /// A time that a change to summer time skips is moved forward by what was skipped; one that occurs twice is
    /// taken as the first of the two. Both are said in `warning`, and the text as listed is kept elsewhere. A text
    /// that is no date of that form gives nil.
    ///
    /// - Parameters:
    ///   - text: The date as listed.
    ///   - timeZone: The zone that the PBX's clock shows.
    package init?(_ text: String, in timeZone: TimeZone) {
        guard
            // `\d` matches the digits of every script.
            text.utf8.allSatisfy({ $0 < 0x80 }),
            let match = text.wholeMatch(of: /(\d{4})-(\d{2})-(\d{2}) (\d{2}):(\d{2}):(\d{2})/),
            let wallClock = Self.secondsAsUTC(
                [match.1, match.2, match.3, match.4, match.5, match.6].compactMap { Int($0) })
        else { return nil }

        // An offset in force within a day of the wall clock's time is the only kind that can apply to it.
        let day: TimeInterval = 86_400
        let before = timeZone.secondsFromGMT(for: Date(timeIntervalSince1970: wallClock - day))
        let after = timeZone.secondsFromGMT(for: Date(timeIntervalSince1970: wallClock + day))
        let fitting = Set([before, after]).filter { offset in
            timeZone.secondsFromGMT(for: Date(timeIntervalSince1970: wallClock - Double(offset))) == offset
        }
        let instant: Double
        switch fitting.count {
        case 0:
            instant = wallClock - Double(before)
            warning = "date.nonexistent"
        case 1:
            instant = wallClock - Double(fitting.first ?? before)
            warning = nil
        default:
            instant = wallClock - Double(fitting.max() ?? before)
            warning = "date.ambiguous"
        }
        let date = Date(timeIntervalSince1970: instant)
        let offset = timeZone.secondsFromGMT(for: date)
        iso8601 = Self.format(instant + Double(offset), offset: offset)
    }

    private static let utc: Calendar = {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        return calendar
    }()

    private static func secondsAsUTC(_ fields: [Int]) -> Double? {
        let components = DateComponents(
            year: fields[0], month: fields[1], day: fields[2], hour: fields[3], minute: fields[4],
            second: fields[5])
        guard components.isValidDate(in: utc) else { return nil }
        return utc.date(from: components)?.timeIntervalSince1970
    }

    private static func format(_ wallClock: Double, offset: Int) -> String {
        let parts = utc.dateComponents(
            [.year, .month, .day, .hour, .minute, .second], from: Date(timeIntervalSince1970: wallClock))
        func padded(_ value: Int?, _ width: Int = 2) -> String {
            let digits = String(value ?? 0)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        let date = "\(padded(parts.year, 4))-\(padded(parts.month))-\(padded(parts.day))"
        let time = "\(padded(parts.hour)):\(padded(parts.minute)):\(padded(parts.second))"
        let minutes = abs(offset) / 60
        let zone = "\(offset < 0 ? "-" : "+")\(padded(minutes / 60)):\(padded(minutes % 60))"
        return "\(date)T\(time)\(zone)"
    }
}
