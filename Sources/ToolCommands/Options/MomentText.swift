internal import ArgumentParser
internal import Foundation
internal import RecordingArchive

/// A moment as a person writes it: `2026-01-31`, `2026-01-31T08:00`, `2026-01-31T08:00:00+01:00`.
enum MomentText {
    /// Seconds since 1970-01-01T00:00:00Z.
    ///
    /// - Throws: `ValidationError` for a text that is no moment.
    static func unixSeconds(_ text: String) throws -> Int64 {
        try unixSeconds(text, zone: .current)
    }

    /// Seconds since 1970-01-01T00:00:00Z; a text without a zone is in the given one.
    static func unixSeconds(_ text: String, zone: TimeZone) throws -> Int64 {
        let pattern =
            /([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ]([0-9]{2}:[0-9]{2})(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2})?)?/
        let failure = ValidationError(
            "\(text.printable) is no date; write 2026-01-31, 2026-01-31T08:00 or 2026-01-31T08:00:00+01:00.")
        guard let match = text.wholeMatch(of: pattern) else { throw failure }
        let clock = "\(match.1)T\(match.2 ?? "00:00")\(match.3 ?? ":00")"
        guard let moment = MessageDate(clock + (match.4.map(String.init) ?? "Z")) else { throw failure }
        guard match.4 == nil else { return moment.unixSeconds }
        // The calendar finds the first moment that has the wall clock, also where one is left out or comes twice.
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        var utc = calendar
        utc.timeZone = .gmt
        let parts = utc.dateComponents(
            [.year, .month, .day, .hour, .minute, .second],
            from: Date(timeIntervalSince1970: TimeInterval(moment.unixSeconds)))
        guard let date = calendar.date(from: parts) else { throw failure }
        return Int64(date.timeIntervalSince1970)
    }
}
