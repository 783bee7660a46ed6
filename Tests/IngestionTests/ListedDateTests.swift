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
        "", "yesterday", "2020-01-02", "2020-01-02T18:00:00", "2020-13-02 18:00:00", "2023-02-29 00:00:00",
        "2020-01-02 24:00:00", "2020-01-02 18:60:00", " 2020-01-02 18:00:00", "2020-01-02 18:00:00\n",
        "٢٠٢٠-01-02 18:00:00", "99999-01-02 18:00:00",
    ])
    func `refuses what is no date of the listed form`(text: String) {
        #expect(ListedDate(text, in: .gmt) == nil)
    }
}
