internal import Foundation

/// When a server wants to be asked again, as the header `Retry-After` says it (RFC 9110 §10.2.3).
enum RetryAfter {
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// The time from now until then, zero where it is over; nil where the header says nothing of the kind.
    static func pause(_ header: String, now: Date) -> Duration? {
        if let match = header.wholeMatch(of: /\s*([0-9]{1,9})\s*/) {
            return Int(match.1).map { .seconds($0) }
        }
        // Wed, 21 Oct 2026 07:28:00 GMT
        guard
            let match = header.wholeMatch(
                of:
                    /\s*[A-Za-z]{3}, ([0-9]{2}) ([A-Za-z]{3}) ([0-9]{4}) ([0-9]{2}):([0-9]{2}):([0-9]{2}) GMT\s*/
            ),
            let month = months.firstIndex(of: String(match.2))
        else { return nil }
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let parts = DateComponents(
            year: Int(match.3), month: month + 1, day: Int(match.1), hour: Int(match.4), minute: Int(match.5),
            second: Int(match.6))
        guard let date = calendar.date(from: parts) else { return nil }
        return .seconds(max(0, date.timeIntervalSince(now).rounded(.up)))
    }
}
