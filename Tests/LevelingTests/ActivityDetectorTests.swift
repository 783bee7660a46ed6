import Leveling
import PCM
import Testing

@Suite struct ActivityDetectorTests {
    /// 1 s of silence, 1 s of tone, 0.15 s of silence, 1 s of tone, 2 s of silence, 0.5 s of tone.
    static let speech = Signals.tone(amplitude: 5000, count: 45_200) { index in
        (8000..<16_000).contains(index) || (17_200..<25_200).contains(index) || index >= 41_200
    }

    @Test func `finds the stretches of speech and bridges short pauses`() throws {
        let ranges = try Self.detect(Self.speech, block: 45_200)
        #expect(ranges.count == 2)
        let first = try #require(ranges.first)
        let last = try #require(ranges.last)
        // The envelope rises within 40 ms, and the end waits for its decay and for 200 ms of hangover.
        #expect((8000...8320).contains(first.lowerBound))
        #expect((26_800...28_800).contains(first.upperBound))
        #expect((41_200...41_520).contains(last.lowerBound))
        #expect(last.upperBound == 45_200)
    }

    @Test(arguments: [1, 333, 4096, 5000])
    func `finds the same stretches however the samples are cut into blocks`(_ block: Int) throws {
        #expect(try Self.detect(Self.speech, block: block) == Self.detect(Self.speech, block: 45_200))
    }

    @Test func `calls a frame active when any channel is`() throws {
        let other = Signals.tone(amplitude: 5000, count: 45_200) { (28_000..<36_000).contains($0) }
        let both = zip(Self.speech, other).flatMap { [$0, $1] }
        let ranges = try Self.detect(both, channels: 2, block: 4000)
        let alone = try Self.detect(Self.speech, block: 4000)
        let single = try Self.detect(other, block: 4000)
        let covered = Set((alone + single).flatMap { Array($0) })
        #expect(Set(ranges.flatMap { Array($0) }) == covered)
    }

    @Test func `finds nothing in silence`() throws {
        #expect(try Self.detect([Int32](repeating: 0, count: 20_000), block: 4096).isEmpty)
    }

    @Test func `keeps no more stretches than it is allowed to`() throws {
        let samples = Signals.tone(amplitude: 5000, count: 160_000) { $0 % 16_000 < 4000 }
        var detector = try ActivityDetector(
            format: PCMFormat(sampleRate: 8000, channels: 1, bitsPerSample: 16),
            activeSpeechLevel: Decibels(-20),
            segmentLimit: 3)
        try detector.add(samples.span)
        let all = try Self.detect(samples, block: 4096)
        #expect(all.count == 10)
        #expect(detector.activeFrames.count == 3)
        #expect(detector.activeFrames.prefix(2) == all.prefix(2))
        #expect(detector.activeFrames.last?.upperBound == all.last?.upperBound)
    }

    @Test func `reads floating-point samples as it reads integers`() throws {
        var detector = try ActivityDetector(
            format: PCMFormat(sampleRate: 8000, channels: 1, bitsPerSample: 64),
            activeSpeechLevel: Decibels(-20))
        let samples = Self.speech.map { Double($0) / 32768 }
        try detector.add(samples.span)
        #expect(detector.activeFrames == (try Self.detect(Self.speech, block: 4096)))
    }

    @Test func `refuses a block that ends within a frame`() throws {
        #expect(throws: LevelingError.partialFrame(samples: 5, channels: 2)) {
            try Self.detect([1, 2, 3, 4, 5], channels: 2, block: 5)
        }
    }

    private static func detect(_ samples: [Int32], channels: Int = 1, block: Int) throws -> [Range<Int64>] {
        var detector = try ActivityDetector(
            format: PCMFormat(sampleRate: 8000, channels: channels, bitsPerSample: 16),
            activeSpeechLevel: Decibels(-20))
        var start = 0
        while start < samples.count {
            let piece = Array(samples[start..<min(start + block, samples.count)])
            try detector.add(piece.span)
            start += block
        }
        return detector.activeFrames
    }
}
