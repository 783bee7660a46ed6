import AuditTrail
import Foundation
import TestSupport
import Testing

struct JournalTimeTests {
    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (1, "1970-01-01T00:00:00.001Z"),
            (1_795_590_600_123, "2026-11-25T07:10:00.123Z"),
            (1_709_164_800_999, "2024-02-29T00:00:00.999Z"),
            (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"),
        ] as [(Int64, String)])
    func `is written with milliseconds, and read back`(milliseconds: Int64, text: String) throws {
        let time = JournalTime(Date(timeIntervalSince1970: Double(milliseconds) / 1000))
        #expect(time.text == text && time.milliseconds == milliseconds)
        #expect(JournalTime(text) == time)
        #expect(JournalTime(time.date) == time)
    }

    @Test func `is at the end of its range for a clock that is out of order`() {
        #expect(JournalTime(.distantPast).text == "1970-01-01T00:00:00.000Z")
        #expect(JournalTime(Date(timeIntervalSince1970: 1e18)).text == "9999-12-31T23:59:59.999Z")
    }

    @Test(arguments: [
        "", "2026-11-25T07:10:00Z", "2026-11-25T07:10:00.12Z", "2026-11-25T07:10:00.1234Z",
        "2026-11-25 07:10:00.123Z",
        "2026-11-25T07:10:00.123z", "2026-11-25T07:10:00.123+", "2026-13-25T07:10:00.123Z",
        "2026-02-29T07:10:00.123Z",
        "2026-11-25T24:10:00.123Z", "2026-11-25T07:10:60.123Z", "2026-11-25T07:10:00.-12Z",
        "2026-11-25T07:10:00,123Z",
        "1969-12-31T23:59:59.999Z", "2026-11-25T07:10:00.+12Z",
    ])
    func `is nothing that is written otherwise`(text: String) {
        #expect(JournalTime(text) == nil)
    }

    @Test func `is the time that date prints`() async throws {
        let seconds = [0, 86_399, 1_000_000_000, 1_795_590_600, 4_107_542_399, 253_402_300_799]
        for second in seconds {
            let result = try await Tool("date").run(["-u", "-d", "@\(second)", "+%Y-%m-%dT%H:%M:%S.000Z"])
            #expect(result.lines == [JournalTime(Date(timeIntervalSince1970: Double(second))).text])
        }
    }
}
