import Foundation
import Ingestion
import Testing

@Suite struct ListedDateTests {
    @Test(arguments: [
        ("2020-01-02 18:00:00", "Asia/Shanghai", "2020-01-02T18:00:00+08:00", nil),
        ("2024-07-01 12:00:00", "Europe/Berlin", "2024-07-01T12:00:00+02:00", nil),
        ("2024-01-01 12:00:00", "Europe/Berlin", "2024-01-01T12:00:00+01:00", nil),
        ("2024-02-29 23:59:59", "UTC", "2024-02-29T23:59:59+00:00", nil),
        ("2024-01-01 00:00:00", "America/St_Johns", "2024-01-01T00:00:00-03:30", nil),
        ("2024-03-31 02:30:00", "Europe/Berlin", "2024-03-31T03:30:00+02:00", "date.nonexistent"),
        ("2024-03-10 02:00:00", "America/New_York", "2024-03-10T03:00:00-04:00", "date.nonexistent"),
        ("2024-10-27 02:30:00", "Europe/Berlin", "2024-10-27T02:30:00+02:00", "date.ambiguous"),
        ("2024-11-03 01:59:59", "America/New_York", "2024-11-03T01:59:59-04:00", "date.ambiguous"),
        ("2024-10-27 03:00:00", "Europe/Berlin", "2024-10-27T03:00:00+01:00", nil),
        ("2011-12-30 12:00:00", "Pacific/Apia", "2011-12-31T12:00:00+14:00", "date.nonexistent"),
    ])
    func `places a wall clock's time on the time line`(
        text: String, zone: String, expected: String, warning: String?
    ) throws {
        let timeZone = try #require(TimeZone(identifier: zone))
        let date = try #require(ListedDate(text, in: timeZone))
        #expect(date.iso8601 == expected)
        #expect(date.warning == warning)
    }

    @Test(arguments: [
        ("2026/03/01 18:00:00", "2026-03-01T18:00:00+08:00"),
        ("2026-3-1 8:05:09", "2026-03-01T08:05:09+08:00"),
        ("2026.03.01 18:00", "2026-03-01T18:00:00+08:00"),
        ("2026-03-01T18:00:00", "2026-03-01T18:00:00+08:00"),
        ("2026-03-01T10:00:00Z", "2026-03-01T18:00:00+08:00"),
        ("2026-03-01T10:00:00.250z", "2026-03-01T18:00:00+08:00"),
        ("2026-03-01T12:00:00+0200", "2026-03-01T18:00:00+08:00"),
        ("2026-02-28 23:30:00 -10:30", "2026-03-01T18:00:00+08:00"),
        ("2026-03-01T11:00:00+01", "2026-03-01T18:00:00+08:00"),
        ("20260301T180000", "2026-03-01T18:00:00+08:00"), ("20260301100000Z", "2026-03-01T18:00:00+08:00"),
        ("1772359200", "2026-03-01T18:00:00+08:00"), ("1772359200123", "2026-03-01T18:00:00+08:00"),
        ("1772359200.9", "2026-03-01T18:00:00+08:00"),
        ("２０２６－０３－０１　１８：００：００", "2026-03-01T18:00:00+08:00"),
        ("2026年3月1日 18:00:00", "2026-03-01T18:00:00+08:00"),
        (" 2026-03-01 18:00:00\n", "2026-03-01T18:00:00+08:00"),
        ("2026/03/01 06:00:00 PM", "2026-03-01T18:00:00+08:00"),
        ("2026/03/01 12:00:00am", "2026-03-01T00:00:00+08:00"),
        // No other day, whichever comes first.
        ("13/04/2026 18:00:00", "2026-04-13T18:00:00+08:00"),
        ("04/13/2026 18:00:00", "2026-04-13T18:00:00+08:00"),
        ("04.04.2026 18:00:00", "2026-04-04T18:00:00+08:00"),
    ])
    func `reads what boxes write in place of the form on the pages`(text: String, expected: String) throws {
        let dates = ListedDates(in: try #require(TimeZone(identifier: "Asia/Shanghai")))
        let date = try #require(dates.date(text))
        #expect(date.iso8601 == expected)
        #expect(date.warning == nil)
        #expect(!ListedDate.needsOrder(text))
    }

    @Test(arguments: [
        ("03/04/2026 18:00:00", "2026-04-03T18:00:00+00:00", "2026-03-04T18:00:00+00:00"),
        ("3-4-2026 6:00 pm", "2026-04-03T18:00:00+00:00", "2026-03-04T18:00:00+00:00"),
        ("13/04/2026 18:00:00", "2026-04-13T18:00:00+00:00", nil),
    ])
    func `reads day and month in the order that somebody gives`(
        text: String, dayFirst: String?, monthFirst: String?
    ) {
        #expect(ListedDates(in: .gmt, order: .dayFirst).date(text)?.iso8601 == dayFirst)
        #expect(ListedDates(in: .gmt, order: .monthFirst).date(text)?.iso8601 == monthFirst)
    }

    @Test(arguments: ["03/04/2026 18:00:00", "3-4-2026 6:00 pm", "０３／０４／２０２６ 18:00:00"])
    func `does not guess the order of day and month`(text: String) {
        #expect(ListedDate(text, in: .gmt) == nil)
        #expect(ListedDate.needsOrder(text))
    }

    @Test(arguments: [
        "", "yesterday", "2020-01-02", "2020-13-02 18:00:00", "2023-02-29 00:00:00",
        "2020-01-02 24:00:00", "2020-01-02 18:60:00", "٢٠٢٠-01-02 18:00:00", "99999-01-02 18:00:00",
        "2020-01/02 18:00:00", "03/04/26 18:00:00", "14/13/2026 18:00:00", "2020-01-02 13:00:00 PM",
        "2020-01-02T18:00:00+15:00", "2020-01-02 18:00:00 UTC-8", "177235920", "0000000000", "17723592001",
        "20261301T180000", "2020-01-02 18:00:00\u{0}", String(repeating: "1", count: 100_000),
    ])
    func `refuses what is no date`(text: String) {
        #expect(ListedDate(text, in: .gmt) == nil)
        #expect(!ListedDate.needsOrder(text))
    }
}
