import ArgumentParser
import Foundation
import Testing

@testable import ToolCommands

struct FilterTextTests {
    // TZ=Europe/Berlin date -d '2026-03-29 02:30' has no answer; that clock hour is left out.
    @Test(arguments: [
        ("2026-01-31", 1_769_814_000), ("2026-01-31T08:00", 1_769_842_800),
        ("2026-01-31 08:00:30", 1_769_842_830), ("2026-01-31T08:00Z", 1_769_846_400),
        ("2026-01-31T08:00:00+05:30", 1_769_826_600), ("2026-07-31", 1_785_448_800),
        ("1969-12-31T00:00:00Z", -86_400), ("2026-03-29T03:00", 1_774_746_000),
    ])
    func `reads moments, in the local zone where none is given`(text: String, expected: Int64) throws {
        let zone = try #require(TimeZone(identifier: "Europe/Berlin"))
        #expect(try MomentText.unixSeconds(text, zone: zone) == expected)
    }

    @Test(arguments: [
        "", "2026", "2026-02-30", "2026-1-1", "2026-01-31T", "2026-01-31T25:00", "01/31/2026", "today",
    ])
    func `refuses what is no moment`(text: String) {
        #expect(throws: ValidationError.self) { try MomentText.unixSeconds(text) }
    }

    @Test(arguments: [
        ("90", 90), ("0", 0), ("90s", 90), ("1m30s", 90), ("2m", 120), ("1h", 3600), ("1h2m3s", 3723),
    ])
    func `reads lengths of time`(text: String, expected: Int64) throws {
        #expect(try DurationText.seconds(text) == expected)
    }

    @Test(arguments: ["", "-1", "1.5", "m", "1s1m", "1 m", "1d", "9999999999"])
    func `refuses what is no length of time`(text: String) {
        #expect(throws: ValidationError.self) { try DurationText.seconds(text) }
    }
}
