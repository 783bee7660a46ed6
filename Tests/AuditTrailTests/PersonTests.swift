import AuditTrail
import Testing

@Suite struct PersonTests {
    @Test(arguments: [
        [
            "bob", "BOB", "Bob", "ｂｏｂ", "ＢＯＢ", "b ob", "b\tob", " bob ", "bob\u{A0}", "b\u{3000}ob",
            "b\u{200B}ob",
        ],
        [
            "bob", "b\u{200D}ob", "b\u{200C}ob", "\u{202E}bob", "bob\u{FE0F}", "\u{FEFF}bob", "b\u{AD}ob",
            "b\u{34F}ob",
        ],
        [
            "bob", "b\u{2028}ob", "b\nob", "b\u{0}ob", "b\u{1B}ob", "bob\u{2800}", "b\u{3164}ob",
            "b\u{FFA0}ob", "b\u{E0020}ob",
        ],
        ["bob", "𝐛𝐨𝐛", "ⓑⓞⓑ", "𝓑𝓸𝓫", "ᵇᵒᵇ"],
        ["Zoë", "Zoe\u{308}", "ZOË", "ＺＯＥ\u{308}", "zo\u{200D}ë"],
        ["Łucja Nowak", "łucjanowak", "ŁUCJA\u{2003}NOWAK"],
        ["Strauß", "STRAUSS", "strauss", "ſtrauß", "STRAUẞ"],
        ["Işık", "IŞIK", "işik", "İŞİK", "ışık", "i\u{307}şik"],
        ["ΟΔΟΣ", "οδος", "οδοσ"],
        ["office", "oﬃce"],
        ["Ångström", "A\u{30A}ngstro\u{308}m", "Å\u{6E}gström"],
        ["カード", "ｶｰﾄﾞ", "カート\u{3099}"],
        ["각", "\u{1100}\u{1161}\u{11A8}"],
        ["1st", "①st", "¹st", "１ｓｔ"],
    ])
    func `is one, however the name is written`(names: [String]) throws {
        let persons = try names.map { try #require(Person($0)) }
        #expect(Set(persons).count == 1, "\(names)")
    }

    @Test func `is another with another name`() throws {
        let names = [
            "bob", "bobby", "rob", "bob1", "böb", "bob.", "b-ob", "bоb", "Zoe", "Zoë", "Zoé", "alice",
            "CORP\\alice", "a@b.example",
            "Müller", "Mueller", "Muller", "愛", "日本", "👩", "ب",
        ]
        #expect(Set(try names.map { try #require(Person($0)) }).count == names.count)
    }

    @Test(arguments: [
        "", " ", "\t", "\u{A0}", "\u{3000}", "\u{200B}", "\u{200D}\u{FE0F}", "\u{202E}", "\u{0}", "\n\r",
        "\u{2800}", "\u{3164}",
        "\u{FFA0}", "\u{115F}", "\u{E0001}", "\u{34F}", "\u{180E}",
    ])
    func `is nobody where nothing of the name can be seen`(name: String) {
        #expect(Person(name) == nil)
    }

    @Test func `is settled for every character, alone and beside a letter`() throws {
        let ranges: [ClosedRange<UInt32>] = [
            0...0x2FFF, 0xA640...0xABFF, 0xF900...0xFFFF, 0x10400...0x104FF, 0x1D400...0x1D7FF,
            0x1E900...0x1E95F,
        ]
        for value in ranges.joined() {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let text = String(Character(scalar))
            // The folds of what is folded already change nothing.
            #expect(
                Person("a" + text) == Person(" A\u{200D}" + text.uppercased()),
                "U+\(String(value, radix: 16))")
        }
    }
}
