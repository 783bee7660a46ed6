import SpeechFeed
import Testing

@Suite struct CorpusInputTests {
    @Test(arguments: ["2000", "a-b_C9", "msg0000"])
    func `takes a name that is safe as it is`(text: String) {
        #expect(CorpusInput.name(for: text) == text)
    }

    @Test func `makes safe names of hostile ones, and different names of different texts`() {
        let texts = [
            "", " ", "+441632960961", "-441632960961", "../../etc/passwd", "a\nb", "a b", "a/b", "名前",
            "\u{0}",
            "e\u{301}", "\u{E9}", String(repeating: "x", count: 300), String(repeating: "x", count: 301),
        ]
        let names = texts.map(CorpusInput.name)
        #expect(Set(names).count == texts.count)
        for name in names {
            #expect(!name.isEmpty && name.utf8.count <= 64)
            #expect(name.utf8.allSatisfy { $0 == 0x2D || $0 == 0x5F || (0x30...0x7A).contains($0) })
            #expect(!name.contains(where: { ":;<=>?@[\\]^`".contains($0) }))
        }
    }

    @Test func `gives each speaker one part, and each part its share`() {
        var counts: [String: Int] = [:]
        for number in 0..<10_000 {
            let part = CorpusInput.split(of: "speaker\(number)", shares: [90, 5, 5])
            #expect(part == CorpusInput.split(of: "speaker\(number)", shares: [90, 5, 5]))
            counts[part, default: 0] += 1
        }
        #expect(Set(counts.keys) == ["train", "dev", "test"])
        #expect(abs(counts["train", default: 0] - 9000) < 150)
        #expect(abs(counts["dev", default: 0] - 500) < 100)
        #expect((0..<100).allSatisfy { CorpusInput.split(of: "\($0)", shares: [0, 0, 1]) == "test" })
    }
}
