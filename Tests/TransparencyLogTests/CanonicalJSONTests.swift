import Testing
import TransparencyLog

struct CanonicalJSONTests {
    private func text(_ value: CanonicalJSON) throws -> String {
        String(decoding: try value.encoded(), as: UTF8.self)
    }

    @Test func `sorts the members of every object and leaves no spaces`() throws {
        let value: CanonicalJSON = [
            "v": 1, "type": "ingest", "case": nil, "original": ["size": 48_044, "sha256": "ab"], "empty": [:],
        ]
        #expect(
            try text(value)
                == #"{"case":null,"empty":{},"original":{"sha256":"ab","size":48044},"type":"ingest","v":1}"#)
    }

    /// RFC 8785 §3.2.3: the example whose names sort otherwise by code points than by code units.
    @Test func `sorts names by their UTF-16 code units`() throws {
        let value: CanonicalJSON = [
            "\u{20AC}": "Euro Sign", "\r": "Carriage Return", "\u{FB33}": "Hebrew Letter Dalet With Dagesh",
            "1": "One", "\u{1F600}": "Emoji: Grinning Face", "\u{80}": "Control",
            "\u{F6}": "Latin Small Letter O With Diaeresis",
        ]
        #expect(
            try text(value)
                == "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u{80}\":\"Control\","
                + "\"\u{F6}\":\"Latin Small Letter O With Diaeresis\",\"\u{20AC}\":\"Euro Sign\","
                + "\"\u{1F600}\":\"Emoji: Grinning Face\","
                + "\"\u{FB33}\":\"Hebrew Letter Dalet With Dagesh\"}")
    }

    /// RFC 8785 §3.2.2.2.
    @Test(arguments: [
        ("\u{20AC}$\u{0F}\u{0A}A'\u{42}\u{22}\u{5C}\\\"/", "\"\u{20AC}$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\""),
        ("\u{08}\t\n\u{0C}\r", #""\b\t\n\f\r""#), ("\u{00}\u{1F}\u{7F}", "\"\\u0000\\u001f\u{7F}\""),
        ("", "\"\""),
        ("\u{E9}", "\"\u{E9}\""), ("e\u{301}", "\"e\u{301}\""), ("\u{2028}", "\"\u{2028}\""),
    ])
    func `escapes what must be escaped, and nothing else`(string: String, expected: String) throws {
        #expect(try CanonicalJSON.string(string).encoded() == Array(expected.utf8))
    }

    @Test func `writes the integers that every reader gives back`() throws {
        for number in [
            0, -1, 1_000_000, CanonicalJSON.integers.lowerBound, CanonicalJSON.integers.upperBound,
        ] {
            #expect(try text(.integer(number)) == "\(number)")
        }
        for number in [Int64.min, .max, 1 << 53, -(1 << 53)] {
            #expect(throws: CanonicalJSON.Failure.integerOutOfRange(number)) {
                try CanonicalJSON.object([.init("nested", .integer(number))]).encoded()
            }
        }
    }

    @Test func `tells names apart by their code units, and takes none twice`() throws {
        #expect(throws: CanonicalJSON.Failure.duplicateName("a")) {
            try (["a": 1, "b": 2, "a": 3] as CanonicalJSON).encoded()
        }
        let lookAlikes: CanonicalJSON = ["\u{E9}": 1, "e\u{301}": 2]
        #expect(try lookAlikes.encoded() == Array("{\"e\u{301}\":2,\"\u{E9}\":1}".utf8))
    }
}
