import PCM
import Testing

@testable import Leveling

@Suite struct ActiveSpeechLevelTests {
    /// A gated tone at 8 kHz and its levels.
    struct Row: Sendable, CustomTestStringConvertible {
        var name: String
        var amplitude: Double
        var count: Int
        var on = 80_000
        var period = 80_000
        var rms: Double
        var level: Double
        var activity: Double

        var testDescription: String { name }
    }

    static let rows = [
        Row(name: "steady", amplitude: 3277, count: 80_000, rms: -23.010, level: -23.000, activity: 99.76),
        Row(
            name: "1 s on, 1 s off", amplitude: 3277, count: 80_000, on: 8000, period: 16_000, rms: -26.020,
            level: -24.072, activity: 63.86),
        Row(
            name: "200 ms on, 100 ms off", amplitude: 3277, count: 80_000, on: 1600, period: 2400,
            rms: -24.749,
            level: -24.740, activity: 99.79),
        Row(
            name: "500 ms on, 500 ms off", amplitude: 3277, count: 80_000, on: 4000, period: 8000,
            rms: -26.020,
            level: -24.956, activity: 78.26),
        Row(
            name: "2 s, then silence", amplitude: 16_384, count: 80_000, on: 16_000, rms: -16.021,
            level: -9.589, activity: 22.74),
        Row(
            name: "full scale", amplitude: 32_767, count: 40_000, rms: -3.011, level: -2.990, activity: 99.54),
    ]

    @Test(arguments: rows)
    func `measures gated tones to a thousandth of a decibel`(_ row: Row) throws {
        let samples = Signals.tone(amplitude: row.amplitude, count: row.count) { $0 % row.period < row.on }
        let measurement = try Signals.measure(samples)
        let level = try #require(measurement.level)
        let rms = try #require(measurement.rms)
        let activity = try #require(measurement.activity)
        #expect(abs(level.value - row.level) < 0.0006)
        #expect(abs(rms.value - row.rms) < 0.0006)
        #expect(abs(activity - row.activity) < 0.006)
    }

    /// Noise with changing gain, measured with the speech voltmeter of the ITU-T software tool library (G.191).
    struct Reference: Sendable {
        var sampleRate: Int
        var seed: UInt64
        var segment: Int
        var gains: [Int32]
        var count: Int
        var level: Double
        var rms: Double
    }

    static let references = [
        Reference(
            sampleRate: 8000, seed: 1, segment: 1600, gains: [20000, 3000, 0, 12000, 500, 0, 0, 8000],
            count: 80_000, level: -15.012, rms: -15.940),
        Reference(
            sampleRate: 8000, seed: 2, segment: 800, gains: [4000, 4000, 1000, 0, 0, 0, 2000], count: 60_000,
            level: -27.369, rms: -27.746),
        Reference(
            sampleRate: 8000, seed: 3, segment: 2400, gains: [100, 30, 300, 0, 0, 200], count: 96_000,
            level: -50.651, rms: -51.389),
        Reference(
            sampleRate: 16_000, seed: 4, segment: 4000, gains: [32000, 0, 0, 0, 0, 0, 0, 0], count: 160_000,
            level: -8.332, rms: -14.033),
        Reference(
            sampleRate: 48_000, seed: 5, segment: 9600, gains: [9000, 7000, 11000], count: 240_000,
            level: -15.828, rms: -15.850),
        Reference(
            sampleRate: 11_025, seed: 6, segment: 3000, gains: [6000, 60, 60, 60, 3000, 60], count: 110_250,
            level: -24.348, rms: -26.011),
    ]

    @Test(arguments: references)
    func `agrees with the ITU reference code to a tenth of a decibel`(_ reference: Reference) throws {
        let samples = Signals.noise(
            seed: reference.seed, segment: reference.segment, gains: reference.gains, count: reference.count)
        let measurement = try Signals.measure(samples, sampleRate: reference.sampleRate)
        let level = try #require(measurement.level)
        let rms = try #require(measurement.rms)
        #expect(abs(level.value - reference.level) <= 0.1)
        #expect(abs(rms.value - reference.rms) < 0.0006)
    }

    @Test(arguments: 1...6)
    func `counts as a comparison of every sample with every threshold does`(_ seed: UInt64) throws {
        let gains: [Int32] = [200, 32768, 3, 0, 0, 9000, 700, 0, 20000, 1]
        let samples = Signals.noise(seed: seed, segment: Int(313 * seed), gains: gains, count: 30_000)
        let level = try #require(try Signals.measure(samples).level)
        let expected = try #require(Self.levelBySampleComparison(samples, sampleRate: 8000))
        #expect(abs(level.value - expected) < 1e-9)
    }

    // At 13 steps only the lowest threshold of P.56 is far enough below the level.
    @Test(arguments: [13.0, 32_767])
    func `measures from the lowest threshold to the highest`(amplitude: Double) throws {
        let samples = Signals.tone(amplitude: amplitude, count: 40_000)
        let level = try #require(try Signals.measure(samples).level)
        let expected = try #require(Self.levelBySampleComparison(samples, sampleRate: 8000))
        #expect(abs(level.value - expected) < 1e-9)
    }

    @Test func `gives the same bits however the samples are cut into blocks`() throws {
        let samples = Signals.noise(seed: 9, segment: 700, gains: [9000, 0, 0, 40, 20000], count: 30_000)
        let whole = try Signals.measure(samples)
        for size in [1, 7, 4095, 4096, 4097] {
            var meter = try LevelMeter(
                format: PCMFormat(sampleRate: 8000, channels: 1, bitsPerSample: 16), method: .activeSpeech)
            var start = 0
            while start < samples.count {
                let block = Array(samples[start..<min(start + size, samples.count)])
                try meter.add(block.span)
                start += size
            }
            let measurement = try meter.finish()
            #expect(measurement == whole)
        }
    }

    @Test func `finds no speech in a tone of one quantizing step`() throws {
        let measurement = try Signals.measure(Signals.tone(amplitude: 1, count: 40_000))
        #expect(measurement.level == nil)
        #expect(measurement.activity == 0)
        #expect(measurement.samplePeak != nil)
    }

    @Test func `finds no speech in a lone click`() throws {
        var samples = [Int32](repeating: 0, count: 40_000)
        samples[1000] = 32767
        let measurement = try Signals.measure(samples)
        #expect(measurement.level == nil)
        #expect(measurement.activity == 0)
    }

    @Test func `finds neither a level nor a peak in silence`() throws {
        let measurement = try Signals.measure([Int32](repeating: 0, count: 40_000))
        #expect(measurement.level == nil)
        #expect(measurement.rms == nil)
        #expect(measurement.samplePeak == nil)
        #expect(measurement.activity == 0)
    }

    @Test func `has no figures for an empty recording`() throws {
        let measurement = try Signals.measure([])
        #expect(measurement.level == nil)
        #expect(measurement.activity == nil)
    }

    @Test func `lets the louder channel decide`() throws {
        let loud = Signals.tone(amplitude: 8000, count: 40_000)
        let soft = Signals.tone(amplitude: 800, count: 40_000)
        let both = zip(soft, loud).flatMap { [$0, $1] }
        let stereo = try Signals.measure(both, channels: 2)
        let alone = try Signals.measure(loud)
        #expect(stereo.level == alone.level)
        #expect(stereo.rms == alone.rms)
        #expect(stereo.channels.count == 2)
        #expect(stereo.channels.first?.activeSpeech == (try Signals.measure(soft).level))
    }

    @Test func `reads floating-point samples as it reads integers`() throws {
        let samples = Signals.noise(seed: 3, segment: 900, gains: [9000, 0, 800], count: 20_000)
        let integers = try Signals.measure(samples)
        var meter = try LevelMeter(
            format: PCMFormat(sampleRate: 8000, channels: 1, bitsPerSample: 32), method: .activeSpeech)
        let floats = samples.map { Double($0) / 32768 }
        try meter.add(floats.span)
        let measurement = try meter.finish()
        #expect(measurement.level == integers.level)
        #expect(measurement.samplePeak == integers.samplePeak)
        #expect(measurement.peakMagnitude == 0)
    }

    @Test func `takes what is no sample for 0`() throws {
        var meter = try LevelMeter(
            format: PCMFormat(sampleRate: 8000, channels: 1, bitsPerSample: 64), method: .activeSpeech)
        let samples = [
            Double.nan, .infinity, -.infinity, .greatestFiniteMagnitude, .leastNonzeroMagnitude, -0.0, 0.5,
        ]
        try meter.add(samples.span)
        let measurement = try meter.finish()
        #expect(measurement.samplePeak == Decibels(amplitudeRatio: 0.5))
        #expect(measurement.rms == Decibels(powerRatio: 0.25 / 7))
    }

    /// P.56 method B as its text has it, with every threshold compared at every sample.
    static func levelBySampleComparison(_ samples: [Int32], sampleRate: Int) -> Double? {
        let retention = Decibels(-20 / (Double(sampleRate) * 0.03 * 2.302585092994046)).amplitudeRatio
        let hangover = Int((0.2 * Double(sampleRate) + 0.5).rounded(.down))
        var squares = 0.0
        var (smoothed, envelope) = (0.0, 0.0)
        var counts = [Int](repeating: 0, count: 15)
        var spent = [Int](repeating: hangover, count: 15)
        for sample in samples {
            let value = Double(sample) / 32768
            squares += value * value
            smoothed = retention * smoothed + (1 - retention) * abs(value)
            envelope = retention * envelope + (1 - retention) * smoothed
            for index in 0..<15 {
                if envelope >= Double(sign: .plus, exponent: index - 15, significand: 1) {
                    counts[index] += 1
                    spent[index] = 0
                } else if spent[index] < hangover {
                    counts[index] += 1
                    spent[index] += 1
                }
            }
        }
        let levels = counts.map { Decibels(powerRatio: squares / Double($0)).value }
        let excesses = levels.indices.map { levels[$0] + 6.020599913279624 * Double(15 - $0) - 15.9 }
        guard counts[0] > 0, excesses[0] >= 0 else { return nil }
        for index in 1..<15 where counts[index] > 0 && excesses[index] <= 0 {
            let part = excesses[index - 1] / (excesses[index - 1] - excesses[index])
            return levels[index - 1] + (levels[index] - levels[index - 1]) * part
        }
        return nil
    }
}
