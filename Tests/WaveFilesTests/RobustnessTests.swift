import ByteSources
import TestSupport
import Testing
import WaveFiles

/// Sound files with random damage: whatever comes out must hold together.
@Suite struct RobustnessTests {
    static let bases: [[UInt8]] = [
        WaveFixture.pcm16().bytes,
        WaveFixture.gsm(data: 650, fact: 3200).bytes,
        WaveFixture.pcm16().with { $0["fmt "].content = WaveFixture.extensible(channels: 2, mask: 3) }.bytes,
        WaveFixture.pcm16().with {
            $0.form = "RF64"
            $0.chunks.insert(WaveFixture.Chunk(id: "ds64", content: [UInt8](repeating: 0, count: 40)), at: 0)
            $0.chunks.append(WaveFixture.Chunk(id: "LIST", content: Array("INFOISFT\u{4}\0\0\0Test".utf8)))
        }.bytes,
        WaveFixture.coded(
            WaveFixture.format(tag: 0x11, byteRate: 4055, blockAlign: 256, bits: 4, tail: [2, 0, 0xF9, 1]),
            fact: 1010, data: WaveFixture.audio(bytes: 512)
        ).bytes,
        WaveFixture.coded(
            WaveFixture.format(tag: 3, bits: 32), fact: 100, data: WaveFixture.audio(bytes: 400)
        ).bytes,
    ]

    /// Numbers that parsers trip over.
    private static let edges: [UInt32] = [
        0, 1, 7, 8, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFE, 0xFFFF_FFFF, 0x7FFF_F000, 0xFFFF, 0x10000,
    ]

    private static func damage(_ bytes: [UInt8], _ random: inout SplitMix) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...6, using: &random) where bytes.count > 4 {
            let place = Int.random(in: 0..<min(bytes.count, 120), using: &random)
            switch Int.random(in: 0..<6, using: &random) {
            case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
            case 1: bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &random)
            case 2: bytes.remove(at: place)
            case 3: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
            case 4: bytes.removeLast(Int.random(in: 0..<bytes.count, using: &random))
            default:
                let number = WaveFixture.little(edges[Int.random(in: 0..<edges.count, using: &random)])
                let part = place..<min(place + 4, bytes.count)
                bytes.replaceSubrange(part, with: number.prefix(part.count))
            }
        }
        return bytes
    }

    @Test(arguments: bases.indices)
    func `inspects and decodes files with random damage`(index: Int) throws {
        var random = SplitMix(state: UInt64(index))
        for _ in 0..<1000 {
            let bytes = Self.damage(Self.bases[index], &random)
            let source = MemoryByteSource(bytes)
            let inspection = try WaveInspector().inspect(source)
            #expect(inspection.size == bytes.count)
            #expect(inspection.verdict == Verdict(worst: inspection.findings.map(\.severity).max()))
            #expect((inspection.verdict == .rejected) == (inspection.frames == 0))
            #expect(inspection.findings.count <= 200)
            if let audio = inspection.audio {
                #expect(audio.lowerBound >= 12 && audio.upperBound <= bytes.count)
            }
            let audio = try Audio(inspection, source)
            #expect(audio.frames == inspection.frames)
        }
    }

    @Test(arguments: bases.indices)
    func `inspects every beginning of a file`(index: Int) throws {
        let bytes = Self.bases[index]
        for length in 0..<min(bytes.count, 200) {
            let source = MemoryByteSource(Array(bytes.prefix(length)))
            let inspection = try WaveInspector().inspect(source)
            #expect(inspection.verdict >= .salvaged)
            #expect(try Audio(inspection, source).frames == inspection.frames)
        }
    }

    @Test func `inspects random bytes behind a form`() throws {
        var random = SplitMix(state: 99)
        for _ in 0..<500 {
            let stray = (0..<200).map { _ in UInt8.random(in: 0...255, using: &random) }
            let inspection = try WaveInspector().inspect(MemoryByteSource(WaveFixture(stray: stray).bytes))
            #expect(inspection.verdict == .rejected)
        }
    }
}
