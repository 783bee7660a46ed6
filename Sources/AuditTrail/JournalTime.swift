#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// A moment as the journal writes it: UTC in ISO 8601 with milliseconds, `2026-11-25T07:10:00.123Z`.
public struct JournalTime: Sendable, Hashable {
    /// The moments that have four digits for their year and come after the clock's beginning.
    private static let range: ClosedRange<Double> = 0...253_402_300_799_999

    /// The first moment of all, for what has none.
    static let earliest = JournalTime(Date(timeIntervalSince1970: 0))

    /// The text.
    public let text: String

    /// Milliseconds since 1970-01-01T00:00:00Z.
    public let milliseconds: Int64

    /// Takes a moment to the nearest millisecond; one outside of the years 1970 to 9999 becomes the first or the last.
    public init(_ date: Date) {
        let wanted = (date.timeIntervalSince1970 * 1000).rounded()
        self.init(checked: Int64(min(max(wanted, Self.range.lowerBound), Self.range.upperBound)))
    }

    private init(checked milliseconds: Int64) {
        let (seconds, rest) = milliseconds.quotientAndRemainder(dividingBy: 1000)
        let whole = Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601)
        let digits = String(rest + 1000).dropFirst()
        text = "\(whole.dropLast()).\(digits)Z"
        self.milliseconds = milliseconds
    }

    /// Reads a moment; nil for what is written in any other way.
    public init?(_ text: String) {
        guard text.utf8.count == 24, let rest = Int64(text.dropLast().suffix(3)),
            let whole = try? Date("\(text.prefix(19))Z", strategy: .iso8601),
            Self.range.contains(whole.timeIntervalSince1970 * 1000)
        else { return nil }
        self.init(checked: Int64(whole.timeIntervalSince1970) * 1000 + rest)
        guard self.text == text else { return nil }
    }

    /// The moment.
    public var date: Date { Date(timeIntervalSince1970: Double(milliseconds) / 1000) }
}
