import Testing

@testable import ToolCommands

@Suite struct QuantitiesTests {
    @Test(
        arguments: [
            (0, "0 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (1_572_864, "1.5 MiB"),
            (5_368_709_120, "5.0 GiB"),
        ] as [(Int64, String)])
    func `writes sizes with binary prefixes`(bytes: Int64, text: String) {
        #expect(Quantities.size(bytes) == text)
    }

    @Test(arguments: [
        (0, "0.0 s"), (4.16, "4.2 s"), (59.96, "60.0 s"), (61, "1:01"), (3_725, "1:02:05"), (.infinity, "?"),
    ])
    func `writes times as a clock does`(seconds: Double, text: String) {
        #expect(Quantities.time(seconds) == text)
    }

    @Test(arguments: [
        (1.25, 1, "+1.3"), (-1.25, 1, "-1.3"), (0, 2, "0.00"), (-0.001, 2, "0.00"), (0.04, 1, "0.0"),
        (5, 0, "+5"),
    ])
    func `signs a gain`(value: Double, decimals: Int, text: String) {
        #expect(Quantities.fixed(value, decimals, signed: true) == text)
    }

    @Test func `shows control characters instead of sending them`() {
        #expect("a\u{1B}[31mb\nc\u{202E}".printable == "a\\u{1B}[31mb\\u{A}c\\u{202E}")
        #expect("mailbox 1000 – Müller".printable == "mailbox 1000 – Müller")
    }

    @Test(arguments: [
        ("", []), ("one", ["one"]), ("one two", ["one two"]), ("one two three", ["one two", "three"]),
        ("averylongword a", ["averylongword", "a"]),
    ])
    func `breaks lines between words`(text: String, lines: [String]) {
        #expect(text.wrapped(to: 8) == lines)
    }
}
