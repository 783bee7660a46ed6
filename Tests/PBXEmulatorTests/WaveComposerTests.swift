import Foundation
import TestSupport
import Testing

@testable import PBXEmulator

@Suite struct WaveComposerTests {
    private static let speech: [Int32] = {
        var generator = SpeechGenerator(seed: 7)
        return generator.speak(seconds: 2.5)
    }()

    /// What sox makes of a file: rate, frames, bits and encoding; fewer where it refuses it.
    private func soxi(_ path: String) async throws -> [String] {
        var facts: [String] = []
        for option in ["-r", "-s", "-b", "-e"] { facts += try await Tool("soxi").run([option, path]).lines }
        return facts
    }

    @Test(
        arguments: [
            (.pcm8, "8", "Unsigned Integer PCM"), (.pcm16, "16", "Signed Integer PCM"),
            (.pcm24, "24", "Signed Integer PCM"), (.float32, "32", "Floating Point PCM"),
            (.muLaw, "8", "u-law"),
            (.aLaw, "8", "A-law"),
        ] as [(WaveComposer.Encoding, String, String)])
    func `writes files that sox and ffmpeg read`(
        encoding: WaveComposer.Encoding, bits: String, name: String
    ) async throws {
        let folder = try ScratchFolder()
        let bytes = WaveComposer.file(samples: Self.speech, sampleRate: 8000, encoding: encoding)
        let path = try folder.write(bytes, to: "a.wav")
        let seen = try await soxi(path)
        let expected = ["8000", "20000", bits, name]
        #expect(seen == expected)
        let decoded = try await Tool("ffmpeg").run(
            ["-v", "error", "-i", path, "-f", "s16le", "-c:a", "pcm_s16le", "-"]).output
        try #require(decoded.count == 40_000)
        // 8-bit PCM drops 8 bits; G.711's widest steps are 1024 apart.
        let tolerance = [.pcm8: 256, .muLaw: 1024, .aLaw: 1024][encoding, default: 0]
        let errors = Self.speech.indices.map { index in
            let value = Int16(truncatingIfNeeded: Int(decoded[2 * index]) | Int(decoded[2 * index + 1]) << 8)
            return abs(Int(value) - Int(Self.speech[index]))
        }
        #expect((errors.max() ?? 0) <= tolerance)
        #expect(WaveEstimate(bytes)?.seconds == 2)
    }

    @Test func `makes the same speech of the same seed and other speech of another`() {
        var first = SpeechGenerator(seed: 7)
        #expect(first.speak(seconds: 2.5) == Self.speech)
        #expect(first.speak(seconds: 2.5) != Self.speech)
        var other = SpeechGenerator(seed: 8)
        #expect(other.speak(seconds: 2.5) != Self.speech)
    }

    @Test func `makes speech with pauses, a noise floor and the level asked for`() {
        var generator = SpeechGenerator(seed: 3, level: 0.5)
        let samples = generator.speak(seconds: 20)
        #expect(samples.count == 160_000)
        let peak = samples.map(\.magnitude).max() ?? 0
        #expect((12_000...16_500).contains(peak))
        let windows = stride(from: 0, to: samples.count, by: 160).map { start in
            samples[start..<start + 160].map(\.magnitude).max() ?? 0
        }
        let active = Double(windows.count { $0 > 500 }) / Double(windows.count)
        #expect((0.4...0.95).contains(active), "the share of active windows of 20 ms is \(active)")
        #expect(samples.contains { $0 != 0 } && windows.min() ?? 0 > 0)
    }

    @Test(arguments: [-1.0, 0, -.infinity, .nan])
    func `makes nothing of a length that is none`(seconds: Double) {
        var generator = SpeechGenerator(seed: 1, level: seconds)
        #expect(generator.speak(seconds: seconds).isEmpty)
    }

    @Test(arguments: DamagedWave.allCases)
    func `damages a file as named`(damage: DamagedWave) async throws {
        let folder = try ScratchFolder()
        let whole = WaveComposer.file(samples: Self.speech, sampleRate: 8000, encoding: .pcm16)
        let bytes = damage.applied(to: whole)
        #expect(bytes != whole)
        #expect(damage.applied(to: whole) == bytes)
        let path = try folder.write(bytes, to: "a.wav")
        let decoded = try await Tool("ffmpeg").run(["-v", "error", "-i", path, "-f", "s16le", "-"])
        let frames: [DamagedWave: Int] = [
            .sizesZero: 20_000, .sizesStreaming: 20_000, .truncated: 13_326, .trailingGarbage: 20_000,
        ]
        #expect(decoded.output.count / 2 == frames[damage, default: 0])
        #expect((decoded.status == 0) == (frames[damage] != nil))
        for odd in [[], [0], Array("data".utf8), Array(repeating: 0x64, count: 9)] {
            _ = damage.applied(to: odd)
        }
    }

    @Test func `estimates the length of damaged files and of none`() {
        let whole = WaveComposer.file(samples: Self.speech, sampleRate: 8000, encoding: .pcm16)
        let lengths = DamagedWave.allCases.map { WaveEstimate($0.applied(to: whole))?.seconds }
        #expect(lengths == [2, 2, 1, nil, 2, nil, nil, nil])
        for count in 0..<60 { _ = WaveEstimate(Array(whole.prefix(count))) }
    }
}
