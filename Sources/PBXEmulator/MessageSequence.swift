/// Invented dates and callers for messages that come without: always the same ones in the same order.
struct MessageSequence: Sendable {
    private var count = 0

    /// The date and the caller of the next message: some are left by day, one in eleven is anonymous.
    mutating func next() -> (date: String, caller: String) {
        defer { count += 1 }
        // From 2026-01-05 09:00:00 in steps that wander through the days and never repeat a second.
        let seconds = 9 * 3600 + count * (3 * 3600 + 47 * 60 + 13)
        let caller = count % 11 == 7 ? "Unknown" : Self.callers[count % Self.callers.count]
        return (Self.date(secondsAfterStart: seconds), caller)
    }

    private static let callers = [
        "2000", "05925503301", "13800138000", "1001", "+441632960961", "2125550142", "6400", "076912345678",
    ]

    /// The date so many seconds after midnight of 2026-01-05; months follow the calendar of a common year.
    private static func date(secondsAfterStart seconds: Int) -> String {
        let daysInMonths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        var day = 4 + seconds / 86_400
        let year = 2026 + day / 365
        day %= 365
        var month = 0
        while day >= daysInMonths[month] {
            day -= daysInMonths[month]
            month += 1
        }
        let time = seconds % 86_400
        let parts = [time / 3600, time / 60 % 60, time % 60].map(twoDigits).joined(separator: ":")
        return "\(year)-\(twoDigits(month + 1))-\(twoDigits(day + 1)) \(parts)"
    }

    private static func twoDigits(_ number: Int) -> String {
        number < 10 ? "0\(number)" : String(number)
    }
}
