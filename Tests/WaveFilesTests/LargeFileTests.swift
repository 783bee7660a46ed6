import ByteSources
import PCM
import Testing
import WaveFiles

/// A file of any size whose first and last bytes are given and whose others are 0, as a sparse file's are.
private struct SparseSource: ByteSource {
    let head: [UInt8]
    let byteCount: Int64
    var tail: [UInt8] = []

    func read(at offset: Int64, into buffer: UnsafeMutableRawBufferPointer) throws(ByteSourceError) -> Int {
        let count = Int(max(0, min(Int64(buffer.count), byteCount - offset)))
        for index in 0..<count { buffer[index] = 0 }
        for (part, start) in [(head, 0), (tail, byteCount - Int64(tail.count))] {
            let wanted =
                max(offset, start)..<max(offset, start, min(offset + Int64(count), start + Int64(part.count)))
            for place in wanted { buffer[Int(place - offset)] = part[Int(place - start)] }
        }
        return count
    }
}

@Suite struct LargeFileTests {
    private static let hundredGigabytes: Int64 = 100_000_000_000

    private static func head(_ fixture: WaveFixture, claimed: UInt32) -> [UInt8] {
        fixture.with {
            $0.formSize = claimed
            $0["data"].claimed = claimed
        }.bytes
    }

    @Test(arguments: [UInt32.max, 0])
    func `decodes 100 gigabytes of audio of unknown length`(claimed: UInt32) throws {
        let source = SparseSource(
            head: Self.head(.pcm16(), claimed: claimed), byteCount: Self.hundredGigabytes)
        let inspection = try WaveInspector().inspect(source)
        #expect(inspection.frames == (Self.hundredGigabytes - 44) / 2)
        #expect(inspection.verdict == (claimed == 0 ? .salvaged : .flawed))
        var reader = try WaveReader(inspection, source: source)
        var samples: [Int32] = []
        #expect(try reader.read(into: &samples, frames: 101) == 101)
        #expect(samples.last == 0)
        #expect(samples[..<100].contains { $0 != 0 })
    }

    @Test(arguments: [
        WaveFixture.pcm16().with { $0.form = "RIFX" }, WaveFixture.gsm(data: 65, fact: nil),
        WaveFixture.coded(
            WaveFixture.format(tag: 7, bits: 8), fact: nil, data: WaveFixture.audio(bytes: 100)),
    ])
    func `decodes more than 4 GiB of codecs that have no 64-bit form`(fixture: WaveFixture) throws {
        var fixture = fixture
        if fixture.form == "RIFX" {
            fixture["fmt "].content = [0, 1, 0, 1, 0, 0, 0x1F, 0x40, 0, 0, 0x3E, 0x80, 0, 2, 0, 16]
        }
        let source = SparseSource(head: Self.head(fixture, claimed: .max), byteCount: 5_000_000_000)
        let inspection = try WaveInspector().inspect(source)
        #expect(inspection.frames > 2_000_000_000)
        #expect(inspection.verdict == .flawed)
        var reader = try WaveReader(inspection, source: source)
        var samples: [Int32] = []
        #expect(try reader.read(into: &samples, frames: 20) == 20)
    }

    @Test func `reads the 64-bit sizes of RF64 and a chunk behind the audio`() throws {
        let audio: Int64 = 6_000_000_000
        let sizes =
            WaveFixture.little(UInt64(audio + 72 + 16)) + WaveFixture.little(audio)
            + WaveFixture.little(audio / 2)
        var fixture = WaveFixture.pcm16()
        fixture.form = "RF64"
        fixture.formSize = .max
        fixture.chunks.insert(WaveFixture.Chunk(id: "ds64", content: sizes + [0, 0, 0, 0]), at: 0)
        fixture["data"].claimed = .max
        let source = SparseSource(head: fixture.bytes, byteCount: audio + 80)
        let inspection = try WaveInspector().inspect(source)
        #expect(inspection.container == "RF64")
        #expect(inspection.frames == audio / 2)
        #expect(inspection.findings.map(\.code) == ["riff.size-wrong"])
    }

    @Test(arguments: [
        (0x7FFF_FFFE, 0, true), (0x7FFF_FFFF, 1, true), (0x7FFF_FFFF, 0, true), (0x7FFF_FFFF, 2, false),
    ])
    func `takes a size that streams bear for the true one where a chunk follows`(
        claimed: UInt32, gap: Int, isTrue: Bool
    ) throws {
        let list = Array("LIST".utf8) + [4, 0, 0, 0] + Array("INFO".utf8)
        let fixture = WaveFixture.pcm16().with { $0["fmt "].content = WaveFixture.format(bits: 8) }
        let source = SparseSource(
            head: Self.head(fixture, claimed: claimed),
            byteCount: 44 + Int64(claimed) + Int64(gap + list.count),
            tail: list)
        let inspection = try WaveInspector().inspect(source)
        let isStream = inspection.findings.contains { $0.code == "data.size-streaming" }
        #expect(isStream != isTrue)
        #expect(inspection.chunks.map(\.id) == ["fmt ", "data", "LIST"])
        #expect(inspection.frames == Int64(claimed) + (isTrue ? 0 : Int64(gap)))
    }

    @Test func `gives up on 100 gigabytes of zeros behind a form`() throws {
        let head = WaveFixture(formSize: .max).bytes
        let inspection = try WaveInspector().inspect(
            SparseSource(head: head, byteCount: Self.hundredGigabytes))
        #expect(inspection.verdict == .rejected)
        #expect(inspection.findings.contains { $0.code == "data.missing" })
    }
}
