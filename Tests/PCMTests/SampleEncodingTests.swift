import Foundation
import PCM
import TestSupport
import Testing

@Suite struct SampleEncodingTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let law: SampleEncoding.Law
        let bytes: Int

        var testDescription: String { name }
    }

    static let cases = [
        Case(name: "u8", law: .unsigned, bytes: 1),
        Case(name: "s16le", law: .littleEndian, bytes: 2), Case(name: "s16be", law: .bigEndian, bytes: 2),
        Case(name: "s24le", law: .littleEndian, bytes: 3), Case(name: "s24be", law: .bigEndian, bytes: 3),
        Case(name: "s32le", law: .littleEndian, bytes: 4), Case(name: "s32be", law: .bigEndian, bytes: 4),
        Case(name: "mulaw", law: .muLaw, bytes: 1), Case(name: "alaw", law: .aLaw, bytes: 1),
    ]

    /// Values that a law can hold, spread over its range, both ends included.
    private static func values(_ encoding: SampleEncoding) -> [Int32] {
        switch encoding.law {
        case .muLaw: return (0...255).filter { $0 != 0x7F }.map { G711.muLawValue(of: UInt8($0)) }
        case .aLaw: return (0...255).map { G711.aLawValue(of: UInt8($0)) }
        case .unsigned, .littleEndian, .bigEndian:
            let half = Int64(1) << Int64(encoding.bitsPerSample - 1)
            return (0...1000).map { Int32(clamping: -half + (2 * half - 1) * $0 / 1000) }
        }
    }

    @Test(arguments: cases)
    func `writes the bytes that ffmpeg writes`(each: Case) async throws {
        let encoding = try #require(SampleEncoding(law: each.law, bytesPerSample: each.bytes))
        let values = Self.values(encoding)
        let shift = 32 - encoding.bitsPerSample
        let leftJustified = values.flatMap { value in
            (0..<4).map { UInt8(truncatingIfNeeded: (value << shift) >> Int32(8 * $0)) }
        }
        let folder = try ScratchFolder()
        let input = try folder.write(leftJustified, to: "values")
        let expected = try await Tool("ffmpeg").run([
            "-v", "error", "-f", "s32le", "-ar", "8000", "-ac", "1", "-i", input, "-f", each.name, "-",
        ])
        var bytes: [UInt8] = []
        encoding.append(values.span, to: &bytes)
        #expect(bytes == expected.output)
    }

    @Test(arguments: cases)
    func `makes samples of the same bytes the same`(each: Case) throws {
        let encoding = try #require(SampleEncoding(law: each.law, bytesPerSample: each.bytes))
        func bytes(_ samples: [Int32]) -> [UInt8] {
            var bytes: [UInt8] = []
            encoding.append(samples.span, to: &bytes)
            return bytes
        }
        let values = Self.values(encoding)
        var samples = values + values.map { $0 &+ 1 } + [.min, .max, -1, 1]
        let written = bytes(samples)
        var span = samples.mutableSpan
        encoding.normalize(&span)
        #expect(Array(samples.prefix(values.count)) == values)
        // Only the code 0x7F has a twin: both stand for 0.
        #expect(bytes(samples) == written.map { each.law == .muLaw && $0 == 0x7F ? 0xFF : $0 })
        let width = each.bytes
        var seen: [[UInt8]: Int32] = [:]
        for (index, sample) in samples.enumerated() {
            #expect(
                seen.updateValue(sample, forKey: Array(written[index * width..<(index + 1) * width]))
                    ?? sample == sample)
        }
    }

    @Test(arguments: cases)
    func `appends behind what is there already`(each: Case) throws {
        let encoding = try #require(SampleEncoding(law: each.law, bytesPerSample: each.bytes))
        let samples: [Int32] = [0, 8, -8]
        var bytes: [UInt8] = [1, 2, 3]
        encoding.append(samples.span, to: &bytes)
        #expect(bytes.count == 3 + 3 * each.bytes)
        #expect(Array(bytes.prefix(3)) == [1, 2, 3])
    }

    @Test(arguments: [
        (SampleEncoding.Law.unsigned, 2), (.muLaw, 2), (.aLaw, 0), (.littleEndian, 0), (.bigEndian, 5),
    ])
    func `refuses a combination that does not exist`(law: SampleEncoding.Law, bytes: Int) {
        #expect(SampleEncoding(law: law, bytesPerSample: bytes) == nil)
    }
}
