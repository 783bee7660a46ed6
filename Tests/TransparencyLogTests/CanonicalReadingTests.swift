import Foundation
import Testing
import TransparencyLog

struct CanonicalReadingTests {
    private struct Facts: Encodable {
        var name = "a/b"
        var level = -26.5
        var size: Int64 = 48_044
        var ratio = 2.0
        var isFlawed = false
        var findings = ["x", "y"]
        var missing: String?
    }

    private static let facts: CanonicalJSON = [
        "name": "a/b", "level": -26.5, "size": 48_044, "ratio": 2, "isFlawed": false, "findings": ["x", "y"],
    ]

    @Test func `makes of a Swift value what its JSON has`() throws {
        #expect(try CanonicalJSON(encoding: Facts()).encoded() == Self.facts.encoded())
        #expect(throws: EncodingError.self) { try CanonicalJSON(encoding: [Double.infinity]) }
    }

    @Test func `decodes any JSON, and writes it canonically`() throws {
        let json = #" { "z" : [ 1.0, 2.50, -0, 1E3, true, null, {} ], "a" : "\u00e9\/\ud83d\ude00" } "#
        let value = try JSONDecoder().decode(CanonicalJSON.self, from: Data(json.utf8))
        #expect(
            try value.encoded()
                == Array("{\"a\":\"\u{E9}/\u{1F600}\",\"z\":[1,2.5,0,1000,true,null,{}]}".utf8))
    }

    @Test func `decodes whole numbers as integers up to the last one that is safe`() throws {
        let json = "[9007199254740991,-9007199254740991,9007199254740992,5.0]"
        let value = try JSONDecoder().decode(CanonicalJSON.self, from: Data(json.utf8))
        #expect(
            value == [
                .integer(9_007_199_254_740_991), .integer(-9_007_199_254_740_991),
                .number(9_007_199_254_740_992), 5,
            ])
    }

    @Test func `gives its parts to whoever asks for the right kind`() {
        let value: CanonicalJSON = [
            "text": "a", "count": 3, "level": 0.5, "is": true, "list": [1], "none": nil,
        ]
        #expect(value["text"]?.stringValue == "a")
        #expect(value["count"]?.integerValue == 3)
        #expect(value["count"]?.numberValue == 3)
        #expect(value["level"]?.numberValue == 0.5)
        #expect(value["is"]?.boolValue == true)
        #expect(value["list"]?.arrayValue == [1])
        #expect(value["none"] == .null)
        #expect(value.members?.count == 6)
        #expect(value["missing"] == nil && value["text"]?["a"] == nil && value["text"]?.integerValue == nil)
        #expect((["\u{E9}": 1] as CanonicalJSON)["e\u{301}"] == nil)
    }

    @Test func `reads what it wrote`() throws {
        let value: CanonicalJSON = [
            "a": [nil, true, false, [], [:], -7, 0.000_001, 1e21, -2.5],
            "quote\"": "\u{0}\u{1F}\n\\ \u{1F600}\u{7F}",
            "nested": ["e\u{301}": "", "\u{E9}": [[[]]]],
        ]
        let bytes = try value.encoded()
        let read = try #require(CanonicalJSON(canonical: bytes))
        #expect(try read.encoded() == bytes)
        #expect(read["a"] == value["a"])
    }

    @Test(arguments: [
        "", " 1", "1 ", "01", "-0", "+1", "1.0", "1e3", "1E21", ".5", "1.", "9007199254740993", "1e400",
        "NaN",
        "nul", "truefalse", "[1,]", "[1", "[,]", "[1 ,2]", "{\"b\":1,\"a\":2}", "{\"a\":1,\"a\":2}",
        "{\"a\" :1}",
        "{\"a\"}", "{a:1}", "\"a", "\"\\/\"", "\"\\u0041\"", "\"\\u000A\"", "\"\\u001F\"", "\"\\u00\"",
        "\"\\x\"",
        "\"\n\"", "1\n", "'a'", "\"\u{FEFF}", "\u{FEFF}1",
    ])
    func `refuses what could have been written otherwise`(text: String) {
        #expect(CanonicalJSON(canonical: Array(text.utf8)) == nil)
    }

    @Test func `refuses bytes that are no text, and nesting without end`() {
        #expect(CanonicalJSON(canonical: [0x22, 0xFF, 0x22]) == nil)
        #expect(CanonicalJSON(canonical: [0x22, 0xC0, 0x80, 0x22]) == nil)
        let nested = {
            Array(repeating: UInt8(ascii: "["), count: $0) + Array(repeating: UInt8(ascii: "]"), count: $0)
        }
        #expect(CanonicalJSON(canonical: nested(60)) != nil)
        #expect(CanonicalJSON(canonical: nested(1_000_000)) == nil)
    }
}
