internal import ArgumentParser
internal import RecordingArchive

/// Reads moments and days from arguments.
enum MomentOption {
    /// A moment in seconds since 1970-01-01T00:00:00Z: `2026-01-05`, which begins at midnight in UTC, or
    /// `2026-01-05T09:00:00+08:00`.
    static func seconds(_ text: String) throws -> Int64 {
        let full = CalendarDate(text) == nil ? text : text + "T00:00:00Z"
        guard let date = MessageDate(full) else {
            throw ValidationError(
                "There is no such moment; use 2026-01-05 for its beginning in UTC, or 2026-01-05T09:00:00+08:00."
            )
        }
        return date.unixSeconds
    }

    /// A day: `2026-01-05`.
    static func day(_ text: String) throws -> CalendarDate {
        guard let date = CalendarDate(text) else {
            throw ValidationError("There is no such day; use a date such as 2026-01-05.")
        }
        return date
    }

    /// A length of time in seconds: `31d` or `4w`.
    static func span(_ text: String) throws -> Int64 {
        let period = RetentionPeriod(text)
        switch period?.unit {
        case .day: return (period?.count ?? 0) * 86_400
        case .week: return (period?.count ?? 0) * 7 * 86_400
        default: throw ValidationError("Use a number of days or weeks, such as 31d or 4w.")
        }
    }
}
