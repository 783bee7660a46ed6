import Digests
import Foundation
import Testing

struct DigestTests {
    private let text = "00ff0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1daf"

    @Test func `reads and prints 64 digits`() throws {
        let digest = try #require(Digest(hexadecimal: text))
        #expect(digest.hexadecimal == text)
        #expect("\(digest)" == text)
        #expect(digest.bytes.prefix(3) == [0x00, 0xFF, 0x01])
        #expect(Digest(bytes: digest.bytes) == digest)
        #expect(Digest(hexadecimal: text.uppercased()) == digest)
    }

    @Test(arguments: [
        "", "ab", String(repeating: "0", count: 63), String(repeating: "0", count: 65),
        String(repeating: "g", count: 64), "+" + String(repeating: "0", count: 63),
        String(repeating: "é", count: 32),
    ])
    func `refuses what is no digest`(text: String) {
        #expect(Digest(hexadecimal: text) == nil)
    }

    @Test func `tells digests apart by every byte`() throws {
        let zeros = [UInt8](repeating: 0, count: Digest.byteCount)
        var digests: Set<Digest> = [try #require(Digest(bytes: zeros))]
        for index in zeros.indices {
            var bytes = zeros
            bytes[index] = 1
            digests.insert(try #require(Digest(bytes: bytes)))
        }
        #expect(digests.count == 33)
        #expect(Digest(bytes: zeros.dropLast()) == nil)
        #expect(Digest(bytes: zeros + [0]) == nil)
    }

    @Test func `is a string in JSON`() throws {
        let digest = try #require(Digest(hexadecimal: text))
        let json = try JSONEncoder().encode([digest])
        #expect(String(decoding: json, as: UTF8.self) == "[\"\(text)\"]")
        #expect(try JSONDecoder().decode([Digest].self, from: json) == [digest])
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([Digest].self, from: Data("[\"ab\"]".utf8))
        }
    }
}
