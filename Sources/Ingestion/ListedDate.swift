package import Foundation

/// What comes first in a date whose year comes last, such as `03/04/2026`.
package enum DateOrder: String, Sendable, CaseIterable {
    /// The day, as in most countries.
    case dayFirst = "dmy"
    /// The month, as in the United States.
    case monthFirst = "mdy"
}

/// How one PBX writes the dates of its messages.
package struct ListedDates: Sendable, Hashable {
    /// The zone that the PBX's clock shows.
    package let timeZone: TimeZone
    /// The order of day and month; nil where nobody has said it.
    package let order: DateOrder?

    /// Takes the settings of a PBX.
    package init(in timeZone: TimeZone, order: DateOrder? = nil) {
        self.timeZone = timeZone
        self.order = order
    }

    /// Reads a listed date; nil for a text that is none, or one that names two days.
    package func date(_ text: String) -> ListedDate? {
        ListedDate(text, in: timeZone, order: order)
    }
}

/// A message's date as the PBX lists it, placed on the time line.
///
/// The pages have `yyyy-MM-dd HH:mm:ss` in the PBX's local time. Boxes show what a person has set: slashes, no zeros,
/// ISO 8601 with its `T` and perhaps a zone, the day or the month first, seconds since 1970, full-width digits.
package struct ListedDate: Sendable, Hashable {
    /// The date with its offset from UTC, as in ISO 8601: `2020-01-02T18:00:00+08:00`; always in the zone of the PBX.
    package let iso8601: String

    /// What had to be assumed: nil, `date.nonexistent` or `date.ambiguous`.
    package let warning: String?

    /// Reads a listed date.
    ///
    /// A time that a change to summer time skips is moved forward by what was skipped; one that occurs twice is
    /// taken as the first of the two. Both are said in `warning`, and the text as listed is kept elsewhere. A text
    /// that is no date gives nil, as does one that names another day when day and month are read the other way round.
    ///
    /// - Parameters:
    ///   - text: The date as listed.
    ///   - timeZone: The zone that the PBX's clock shows; a date with a zone of its own is moved to it.
    ///   - order: What comes first where the year comes last; nil where that is not known.
    package init?(_ text: String, in timeZone: TimeZone, order: DateOrder? = nil) {
        switch Form(text) {
        case .moment(let seconds)?: self.init(instant: seconds, in: timeZone, warning: nil)
        case .wallClock(let time, let zone)?:
            guard let wallClock = time.seconds(order) else { return nil }
            if let zone {
                self.init(instant: wallClock - Double(zone), in: timeZone, warning: nil)
            } else {
                self.init(wallClock: wallClock, in: timeZone)
            }
        case nil: return nil
        }
    }

    /// Whether a text is a date that nobody can read without knowing the order of day and month.
    package static func needsOrder(_ text: String) -> Bool {
        guard case .wallClock(let time, _)? = Form(text) else { return false }
        return time.isAmbiguous
    }

    /// A time that the clock of the PBX has shown, in seconds as if it were UTC.
    private init(wallClock: Double, in timeZone: TimeZone) {
        // An offset in force within a day of the wall clock's time is the only kind that can apply to it.
        let day: TimeInterval = 86_400
        let before = timeZone.secondsFromGMT(for: Date(timeIntervalSince1970: wallClock - day))
        let after = timeZone.secondsFromGMT(for: Date(timeIntervalSince1970: wallClock + day))
        let fitting = Set([before, after]).filter { offset in
            timeZone.secondsFromGMT(for: Date(timeIntervalSince1970: wallClock - Double(offset))) == offset
        }
        let (offset, warning): (Int, String?) =
            switch fitting.count {
            case 0: (before, "date.nonexistent")
            case 1: (fitting.first ?? before, nil)
            default: (fitting.max() ?? before, "date.ambiguous")
            }
        self.init(instant: wallClock - Double(offset), in: timeZone, warning: warning)
    }

    private init(instant: Double, in timeZone: TimeZone, warning: String?) {
        let offset = timeZone.secondsFromGMT(for: Date(timeIntervalSince1970: instant))
        iso8601 = Self.format(instant + Double(offset), offset: offset)
        self.warning = warning
    }

    private static func format(_ wallClock: Double, offset: Int) -> String {
        let parts = Calendar.utc.dateComponents(
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

/// A date as it is written, before anything is known of clock and zone.
private enum Form {
    /// Seconds since 1970-01-01T00:00:00Z.
    case moment(Double)
    /// What a clock shows, with the offset of its zone from UTC in seconds where it names one.
    case wallClock(WallClock, zone: Int?)

    /// No box writes longer dates; what a caller or a fault has put there need not be looked at.
    private static let longest = 64

    init?(_ text: String) {
        guard text.utf8.count <= Self.longest else { return nil }
        // Full-width digits, signs and blanks become the plain ones.
        let plain = text.precomposedStringWithCompatibilityMapping
            .replacing("年", with: "-").replacing("月", with: "-").replacing("日", with: " ")
            .trimmingCharacters(in: .whitespacesAndNewlines)
        // `\d` matches the digits of every script.
        guard plain.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
        if let moment = Self.moment(plain) {
            self = .moment(moment)
        } else if let form = Self.compact(plain) ?? Self.separated(plain) {
            self = form
        } else {
            return nil
        }
    }

    /// Seconds or milliseconds since 1970, of the years 2001 to 2286.
    private static func moment(_ text: String) -> Double? {
        if text.wholeMatch(of: /[1-9]\d{9}(?:\.\d{1,9})?/) != nil { return Double(text)?.rounded(.down) }
        if text.wholeMatch(of: /[1-9]\d{12}/) != nil {
            return Double(text).map { ($0 / 1000).rounded(.down) }
        }
        return nil
    }

    /// `20260301T180000`, ISO 8601 without separators.
    private static func compact(_ text: String) -> Form? {
        let pattern = /(\d{4})(\d\d)(\d\d)[T ]?(\d\d)(\d\d)(\d\d)(Z|[-+]\d\d:?\d\d)?/
        guard let match = text.wholeMatch(of: pattern) else { return nil }
        let fields = [match.1, match.2, match.3, match.4, match.5, match.6].compactMap { Int($0) }
        return form(
            of: WallClock(date: .yearFirst(fields[0], fields[1], fields[2]), time: Array(fields[3...])),
            zone: match.7)
    }

    /// Numbers with one kind of sign between them, then a clock time, then perhaps a zone.
    private static func separated(_ text: String) -> Form? {
        guard let gap = text.firstIndex(where: { $0 == "T" || $0 == " " }),
            let day = text[..<gap].wholeMatch(of: /(\d{1,4})([-\/.])(\d{1,2})([-\/.])(\d{1,4})/),
            day.2 == day.4, let first = Int(day.1), let second = Int(day.3), let third = Int(day.5)
        else { return nil }
        let date: WallClock.Day
        switch (day.1.count, day.5.count) {
        case (4, 1...2): date = .yearFirst(first, second, third)
        case (1...2, 4): date = .yearLast(first, second, third)
        default: return nil
        }
        let rest = text[text.index(after: gap)...].drop { $0 == " " }
        let clock = /(\d{1,2}):(\d\d)(:\d\d)?(?:[.,]\d{1,9})? ?([AaPp][Mm])? ?([Zz]|[-+]\d\d:?(?:\d\d)?)?/
        guard let time = rest.wholeMatch(of: clock), var hour = Int(time.1), let minute = Int(time.2) else {
            return nil
        }
        if let half = time.4 {
            guard (1...12).contains(hour) else { return nil }
            hour = hour % 12 + (half.lowercased() == "pm" ? 12 : 0)
        }
        let seconds = time.3.flatMap { Int($0.dropFirst()) } ?? 0
        return form(of: WallClock(date: date, time: [hour, minute, seconds]), zone: time.5)
    }

    /// What a clock shows with the zone behind it; nil for a zone that cannot be.
    private static func form(of time: WallClock, zone: Substring?) -> Form? {
        guard let zone else { return .wallClock(time, zone: nil) }
        if zone.lowercased() == "z" { return .wallClock(time, zone: 0) }
        let digits = zone.filter(\.isNumber)
        let (hours, minutes) = (Int(digits.prefix(2)) ?? 0, Int(digits.dropFirst(2)) ?? 0)
        guard hours <= 14, minutes < 60 else { return nil }
        let offset = hours * 3600 + minutes * 60
        return .wallClock(time, zone: zone.hasPrefix("-") ? -offset : offset)
    }
}

/// What a clock shows.
private struct WallClock {
    /// The numbers of a date in the order in which they are written.
    enum Day {
        case yearFirst(Int, Int, Int)
        case yearLast(Int, Int, Int)
    }

    let date: Day
    /// Hour, minute and second.
    let time: [Int]

    /// Seconds since 1970 as if the clock showed UTC; nil where there is no such day, or two.
    func seconds(_ order: DateOrder?) -> Double? {
        switch date {
        case .yearFirst(let year, let month, let day): return seconds(year, month, day)
        case .yearLast(let first, let second, let year):
            let readings = [
                DateOrder.dayFirst: seconds(year, second, first), .monthFirst: seconds(year, first, second),
            ].compactMapValues(\.self)
            if let order { return readings[order] }
            return Set(readings.values).count == 1 ? readings.values.first : nil
        }
    }

    var isAmbiguous: Bool {
        seconds(nil) == nil && seconds(.dayFirst) != nil && seconds(.monthFirst) != nil
    }

    private func seconds(_ year: Int, _ month: Int, _ day: Int) -> Double? {
        let components = DateComponents(
            year: year, month: month, day: day, hour: time[0], minute: time[1], second: time[2])
        guard components.isValidDate(in: .utc) else { return nil }
        return Calendar.utc.date(from: components)?.timeIntervalSince1970
    }
}

extension Calendar {
    fileprivate static let utc: Calendar = {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        return calendar
    }()
}
