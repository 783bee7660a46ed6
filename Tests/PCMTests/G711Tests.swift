import Foundation
import PCM
import TestSupport
import Testing

@Suite struct G711Tests {
    enum Law: String, CaseIterable {
        case muLaw = "mulaw"
        case aLaw = "alaw"

        func value(of code: UInt8) -> Int32 {
            self == .muLaw ? G711.muLawValue(of: code) : G711.aLawValue(of: code)
        }

        func code(for value: Int32) -> UInt8 {
            self == .muLaw ? G711.muLawCode(for: value) : G711.aLawCode(for: value)
        }
    }

    private static let codes = (0...255).map { UInt8($0) }

    @Test(arguments: Law.allCases)
    func `decodes all codes as ffmpeg does`(law: Law) async throws {
        let folder = try ScratchFolder()
        let input = try folder.write(Self.codes, to: "codes")
        let result = try await Tool("ffmpeg").run([
            "-v", "error", "-f", law.rawValue, "-ar", "8000", "-ac", "1", "-i", input, "-f", "s16le", "-",
        ])
        let expected = stride(from: 0, to: result.output.count - 1, by: 2).map {
            Int32(Int16(truncatingIfNeeded: Int(result.output[$0]) | Int(result.output[$0 + 1]) << 8))
        }
        try #require(expected.count == 256)
        #expect(Self.codes.map(law.value) == expected)
    }

    @Test(arguments: [(Law.muLaw, "ul"), (.aLaw, "al")])
    func `decodes all codes as sox does`(law: Law, type: String) async throws {
        let folder = try ScratchFolder()
        let input = try folder.write(Self.codes, to: "codes")
        let output = folder.path("values")
        _ = try await Tool("sox").run(["-t", type, "-r", "8000", "-c", "1", input, "-t", "s16", output])
        let bytes = [UInt8](try Data(contentsOf: URL(filePath: output)))
        let expected = stride(from: 0, to: bytes.count - 1, by: 2).map {
            Int32(Int16(truncatingIfNeeded: Int(bytes[$0]) | Int(bytes[$0 + 1]) << 8))
        }
        try #require(expected.count == 256)
        #expect(Self.codes.map(law.value) == expected)
    }

    @Test func `encodes what it decoded, except for the second mu-law zero`() {
        for code in Self.codes {
            #expect(G711.aLawCode(for: G711.aLawValue(of: code)) == code)
            #expect(G711.muLawCode(for: G711.muLawValue(of: code)) == (code == 0x7F ? 0xFF : code))
        }
    }

    @Test(arguments: Law.allCases)
    func `encodes any value as a code whose magnitude is not above it`(law: Law) {
        let least: UInt32 = law == .muLaw ? 0 : 8
        for value in stride(from: Int32(-40_000), through: 40_000, by: 7) {
            let decoded = law.value(of: law.code(for: value))
            #expect(decoded.magnitude <= max(least, value.magnitude))
            #expect(decoded == 0 || (decoded < 0) == (value < 0))
        }
        #expect(law.value(of: law.code(for: .max)) == (law == .muLaw ? 32_124 : 32_256))
        #expect(law.value(of: law.code(for: .min)) == (law == .muLaw ? -32_124 : -32_256))
    }
}
