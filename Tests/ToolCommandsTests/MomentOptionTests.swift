import Testing

@testable import ToolCommands

@Suite struct MomentOptionTests {
    // date -u -d 2026-01-05 +%s
    @Test(
        arguments: [
            ("2026-01-05", 1_767_571_200), ("2026-01-05T00:00:00Z", 1_767_571_200),
            ("2026-01-05T08:00:00+08:00", 1_767_571_200), ("1970-01-01", 0),
        ] as [(String, Int64)])
    func `reads days and moments`(text: String, seconds: Int64) throws {
        #expect(try MomentOption.seconds(text) == seconds)
    }

    @Test(arguments: [
        "", "2026", "2026-1-5", "2026-02-30", "2026-01-05 08:00:00", "2026-01-05T08:00:00", "now",
    ])
    func `reads nothing else as a moment`(text: String) {
        #expect(throws: (any Error).self) { try MomentOption.seconds(text) }
    }

    @Test(arguments: [("31d", 2_678_400), ("1d", 86_400), ("4w", 2_419_200)] as [(String, Int64)])
    func `reads spans of days and weeks`(text: String, seconds: Int64) throws {
        #expect(try MomentOption.span(text) == seconds)
    }

    @Test(arguments: ["", "0d", "-1d", "1m", "1y", "31", "d", "9999999999d"])
    func `reads nothing else as a span`(text: String) {
        #expect(throws: (any Error).self) { try MomentOption.span(text) }
    }
}
