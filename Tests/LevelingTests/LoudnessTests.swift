import Foundation
import Leveling
import PCM
import Testing

/// The cases of EBU Tech 3341 (version 3) and 3342 whose signals are sines, but for the meters of momentary and
/// short-term loudness, which there are not: 1 kHz, in phase in all channels, and for true peaks what is said there.
@Suite struct LoudnessTests {
    /// Sines one after the other, each with a peak level per channel in dBFS and a length in seconds.
    struct Case: Sendable, CustomTestStringConvertible {
        var number: Int
        var parts: [(levels: [Double], seconds: Double)]
        var loudness = -23.0

        var testDescription: String { "EBU Tech 3341 case \(number)" }
    }

    static let cases = [
        Case(number: 1, parts: [([-23, -23], 20)]),
        Case(number: 2, parts: [([-33, -33], 20)], loudness: -33),
        Case(number: 3, parts: [([-36, -36], 10), ([-23, -23], 60), ([-36, -36], 10)]),
        Case(
            number: 4,
            parts: [
                ([-72, -72], 10), ([-36, -36], 10), ([-23, -23], 60), ([-36, -36], 10), ([-72, -72], 10),
            ]),
        Case(number: 5, parts: [([-26, -26], 20), ([-20, -20], 20.1), ([-26, -26], 20)]),
        Case(number: 6, parts: [([-28, -28, -24, -30, -30], 20)]),
    ]

    @Test(arguments: cases)
    func `meets EBU Tech 3341 within a tenth of a unit`(_ signal: Case) throws {
        let measurement = try Self.measure(signal, sampleRate: 48_000)
        let level = try #require(measurement.level)
        #expect(measurement.method == .loudness)
        #expect(abs(level.value - signal.loudness) <= 0.1)
    }

    /// Tech 3342, cases 1 to 4: 20 s of each level.
    private static let ranges: [([Double], Double)] = [
        ([-20, -30], 10), ([-20, -15], 5), ([-40, -20], 20), ([-50, -35, -20, -35, -50], 15),
    ]

    @Test(arguments: ranges)
    func `meets EBU Tech 3342 within a tenth of a unit`(levels: [Double], range: Double) throws {
        let signal = Case(number: 0, parts: levels.map { ([$0, $0], 20) })
        for sampleRate in [48_000, 8000] {
            let measurement = try Self.measure(signal, sampleRate: sampleRate)
            let found = try #require(measurement.loudnessRange)
            #expect(abs(found.value - range) <= 0.1, "\(found) at \(sampleRate) Hz")
        }
        let short = try Self.measure(Case(number: 0, parts: [([-23, -23], 2.9)]), sampleRate: 48_000)
        #expect(short.loudnessRange == nil)
    }

    /// Tech 3341, cases 15 to 19: sines of a part of the sample rate, whose crests lie between samples.
    private static let peaks: [(Int, Double, Double, Double)] = [
        (4, 0, 0.5, -6), (4, 45, 0.5, -6), (6, 60, 0.5, -6), (8, 67.5, 0.5, -6), (4, 45, 1.41, 3),
    ]

    @Test(arguments: peaks)
    func `finds the peaks between samples as EBU Tech 3341 wants them`(
        divisor: Int, phase: Double, amplitude: Double, peak: Double
    ) throws {
        let format = PCMFormat(sampleRate: 48_000, channels: 1, bitsPerSample: 64)
        var meter = try LevelMeter(format: format, method: .none, truePeak: true)
        // A signal that begins or ends at once has peaks of its own.
        let samples = (0..<48_000).map { index in
            let ramp = min(1, Double(min(index, 47_999 - index)) / 4800)
            return ramp * amplitude
                * sin(2 * Double.pi * (Double(index) / Double(divisor) + phase / 360))
        }
        try meter.add(samples.span)
        let found = try #require(try meter.finish().truePeak).value
        #expect((peak - 0.4...peak + 0.2).contains(found), "\(found)")
    }

    @Test(arguments: [8000, 11_025, 16_000, 44_100, 96_000])
    func `reads other sample rates as it reads 48 kHz`(_ sampleRate: Int) throws {
        let signal = Case(number: 1, parts: [([-23], 5)])
        let expected = try #require(try Self.measure(signal, sampleRate: 48_000).level)
        let level = try #require(try Self.measure(signal, sampleRate: sampleRate).level)
        #expect(abs(level.value - expected.value) <= 0.05)
    }

    @Test func `reads one channel 3 decibels below the same in two`() throws {
        let one = try #require(try Self.measure(Case(number: 1, parts: [([-23], 5)]), sampleRate: 8000).level)
        let two = try #require(
            try Self.measure(Case(number: 1, parts: [([-23, -23], 5)]), sampleRate: 8000).level)
        #expect(abs(two.value - one.value - 3.01) < 0.01)
    }

    @Test func `falls back to active speech below 400 milliseconds`() throws {
        let short = try Signals.measure(Signals.tone(amplitude: 3277, count: 3199), method: .loudness)
        let long = try Signals.measure(Signals.tone(amplitude: 3277, count: 3200), method: .loudness)
        #expect(short.requestedMethod == .loudness)
        #expect(short.method == .activeSpeech)
        #expect(short.fallback == .tooShort)
        #expect(short.level == short.activeSpeech)
        #expect(short.level != nil)
        #expect(long.method == .loudness)
        #expect(long.fallback == nil)
        #expect(long.level != nil)
    }

    @Test func `falls back to active speech where everything is gated`() throws {
        let measurement = try Signals.measure(Signals.tone(amplitude: 2, count: 16_000), method: .loudness)
        #expect(measurement.method == .activeSpeech)
        #expect(measurement.fallback == .gated)
    }

    /// Feeds a case to a meter as floating point, 10 ms at a time.
    private static func measure(_ signal: Case, sampleRate: Int) throws -> LevelMeasurement {
        let channels = signal.parts.first?.levels.count ?? 1
        let format = PCMFormat(sampleRate: sampleRate, channels: channels, bitsPerSample: 64)
        var meter = try LevelMeter(format: format, method: .loudness, loudnessRange: true)
        var frame = 0
        for part in signal.parts {
            let amplitudes = part.levels.map { Decibels($0).amplitudeRatio }
            // 1 kHz repeats after one second at any rate, and at most of them after 10 ms.
            let period = sampleRate % 100 == 0 ? sampleRate / 100 : sampleRate
            var block: [Double] = []
            block.reserveCapacity(period * channels)
            for index in 0..<period {
                let sample = sin(2 * Double.pi * 1000 * Double(index) / Double(sampleRate))
                for amplitude in amplitudes { block.append(amplitude * sample) }
            }
            let end = frame + Int(part.seconds * Double(sampleRate))
            while frame < end {
                let frames = min(period, end - frame)
                if frames < period { block.removeLast((period - frames) * channels) }
                try meter.add(block.span)
                frame += frames
            }
        }
        return try meter.finish()
    }
}
