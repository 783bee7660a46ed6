import Foundation
import RecordingArchive
import TestSupport
import Testing

struct RetentionPolicyTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let created: String
        let policy: String
        let event: String?
        let until: String?
        var testDescription: String { "\(policy) of \(created), event \(event ?? "unset")" }

        init(_ created: String, _ policy: String, event: String? = nil, _ until: String?) {
            self.created = created
            self.policy = policy
            self.event = event
            self.until = until
        }
    }

    @Test(arguments: [
        Case("2020-01-02T18:00:00+08:00", "forever", nil),
        Case("2020-01-02T18:00:00+08:00", "30d", "2020-02-01T10:00:00Z"),
        Case("2020-01-02T18:00:00+08:00", "2w", "2020-01-16T10:00:00Z"),
        Case("2020-01-02T18:00:00+08:00", "6m", "2020-07-02T10:00:00Z"),
        Case("2020-01-02T18:00:00+08:00", "10y", "2030-01-02T10:00:00Z"),
        // In UTC the year is not over yet.
        Case("2020-01-01T03:00:00+08:00", "1y", "2020-12-31T19:00:00Z"),
        Case("2024-02-29T12:00:00Z", "1y", "2025-02-28T12:00:00Z"),
        Case("2024-02-29T12:00:00Z", "4y", "2028-02-29T12:00:00Z"),
        Case("2024-02-29T12:00:00Z", "12m", "2025-02-28T12:00:00Z"),
        Case("2096-02-29T12:00:00Z", "4y", "2100-02-28T12:00:00Z"),
        Case("2023-01-31T23:59:59Z", "1m", "2023-02-28T23:59:59Z"),
        Case("2023-12-31T00:00:00Z", "2m", "2024-02-29T00:00:00Z"),
        Case("2023-10-31T00:00:00Z", "6m", "2024-04-30T00:00:00Z"),
        Case("1969-12-31T23:00:00Z", "1d", "1970-01-01T23:00:00Z"),
        Case("1960-02-29T00:00:00Z", "1y", "1961-02-28T00:00:00Z"),
        Case("1961-01-30T12:00:00Z", "1m", "1961-02-28T12:00:00Z"),
        Case("2020-01-02T10:00:00Z", "1000y", "3020-01-02T10:00:00Z"),
        Case("9990-06-01T10:00:00Z", "10y", "9999-12-31T10:00:00Z"),
        Case("2020-01-02T10:00:00Z", "event+10y", nil),
        Case("2020-01-02T10:00:00Z", "event+10y", event: "2024-02-29", "2034-02-28T00:00:00Z"),
        Case("2020-01-02T10:00:00Z", "event+1w", event: "2019-12-31", "2020-01-07T00:00:00Z"),
        // An event is no matter to the others.
        Case("2020-01-02T10:00:00Z", "1d", event: "2024-02-29", "2020-01-03T10:00:00Z"),
        Case("2020-01-02T10:00:00Z", "forever", event: "2024-02-29", nil),
    ])
    func `ends where the calendar says`(item: Case) throws {
        let policy = try #require(RetentionPolicy(item.policy))
        let created = try #require(MessageDate(item.created)).unixSeconds
        let event = try item.event.map { try #require(CalendarDate($0)) }
        let until = policy.until(created: created, event: event)
        #expect(until == item.until.flatMap(MessageDate.init)?.unixSeconds)
        #expect(Retention(policy: policy, event: event, created: created).untilText == item.until)
    }

    @Test(arguments: [
        "forever", "1d", "30d", "365242d", "2w", "52177w", "6m", "12000m", "10y", "1000y", "event+1d",
        "event+10y",
    ])
    func `reads what it prints`(text: String) throws {
        let policy = try #require(RetentionPolicy(text))
        #expect(policy.description == text)
        let json = try JSONEncoder().encode([policy])
        #expect(String(decoding: json, as: UTF8.self) == "[\"\(text)\"]")
        #expect(try JSONDecoder().decode([RetentionPolicy].self, from: json) == [policy])
    }

    @Test(arguments: [
        "", "d", "0d", "01d", "-1d", "+1d", "1", "1 d", "1D", "1h", "1.5y", "1001y", "12001m", "52178w",
        "365243d",
        "99999999999999999999d", "event", "event+", "event+forever", "event10y", "Forever", "٣d", "1y ",
        "10y6m",
    ])
    func `refuses what is no policy`(text: String) {
        #expect(RetentionPolicy(text) == nil)
        let json = Data("[\"\(text)\"]".utf8)
        #expect(throws: DecodingError.self) { try JSONDecoder().decode([RetentionPolicy].self, from: json) }
    }

    @Test(arguments: [
        ("10y", "10y", nil, true), ("10y", "9y", nil, true), ("9y", "10y", nil, false),
        ("120m", "10y", nil, true), ("10y", "120m", nil, true), ("52w", "1y", nil, false),
        ("53w", "1y", nil, true), ("forever", "10y", nil, true), ("10y", "forever", nil, false),
        ("forever", "event+10y", nil, true), ("event+10y", "forever", nil, false),
        ("event+10y", "forever", "2024-01-01", false),
        // Until the event has a date, it may have any.
        ("event+10y", "1d", nil, false), ("1000y", "event+1d", nil, false),
        ("event+10y", "10y", "2024-01-01", true), ("event+1y", "10y", "2024-01-01", false),
        ("event+11y", "event+10y", nil, true), ("event+10y", "event+11y", nil, false),
        ("event+12m", "event+1y", nil, true), ("event+365d", "event+1y", nil, false),
        ("event+366d", "event+1y", nil, false), ("event+376d", "event+1y", nil, true),
        ("event+1y", "event+360d", nil, true), ("event+1y", "event+366d", nil, false),
        ("event+366d", "event+2y", nil, false),
        ("event+371d", "event+1y", nil, true), ("event+361596d", "event+990y", nil, true),
        ("event+14d", "event+2w", nil, true), ("event+13d", "event+2w", nil, false),
        ("event+53w", "event+350d", nil, true),
    ])
    func `tells whether a change takes anything away`(
        new: String, old: String, event: String?, expected: Bool
    ) throws {
        let created = try #require(MessageDate("2020-01-02T10:00:00Z")).unixSeconds
        let policy = try #require(RetentionPolicy(new))
        let other = try #require(RetentionPolicy(old))
        let date = event.flatMap(CalendarDate.init)
        #expect(policy.isAtLeastAsLong(as: other, created: created, event: date) == expected)
    }

    @Test func `agrees with Python on days throughout 130 years`() async throws {
        // Days from 1970-01-01 to the same day n months later, with the last of the month where there is none.
        let program = """
            import calendar, datetime
            epoch = datetime.date(1970, 1, 1).toordinal()
            for day in range(datetime.date(1960, 1, 1).toordinal(), datetime.date(2090, 1, 1).toordinal(), 11):
                date = datetime.date.fromordinal(day)
                for months in (1, 11, 12, 120):
                    index = date.year * 12 + date.month - 1 + months
                    year, month = index // 12, index % 12 + 1
                    end = datetime.date(year, month, min(date.day, calendar.monthrange(year, month)[1]))
                    print(date, months, end.toordinal() - epoch)
            """
        let result = try await Tool.python.run(["-c", program])
        #expect(result.lines.count > 17_000)
        for line in result.lines {
            let fields = line.split(separator: " ")
            let policy = try #require(RetentionPolicy("event+\(fields[1])m"))
            let until = policy.until(created: 0, event: CalendarDate(String(fields[0])))
            #expect(until == Int64(fields[2]).map { $0 * 86_400 })
        }
    }
}
