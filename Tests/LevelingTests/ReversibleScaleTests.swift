import PCM
import TestSupport
import Testing

@testable import Leveling

@Suite struct ReversibleScaleTests {
    @Test(arguments: [8, 12, 16, 20, 24, 32])
    func `restores every sample, within the width and below the ceiling`(_ sourceBits: Int) {
        var random = SplitMix(state: UInt64(sourceBits))
        var failures: [String] = []
        var served = 0
        for zeroBits in [0, 1, 2, 3, 7, 8] where zeroBits < sourceBits - 1 {
            for peak in Self.peaks(sourceBits: sourceBits, zeroBits: zeroBits) {
                for gain in Self.gains {
                    for ceiling in [-60.0, -20, -6, -1, -0.001, 0] {
                        guard
                            let scale = ReversibleScale(
                                gain: Decibels(gain), sourceBits: sourceBits, zeroBits: zeroBits,
                                peak: UInt32(peak),
                                ceiling: Decibels(ceiling))
                        else { continue }
                        served += 1
                        let limit = Self.limit(ceiling: ceiling, outputBits: scale.outputBits)
                        for sample in Self.samples(peak: peak, zeroBits: zeroBits, random: &random) {
                            let stored = scale.apply(sample)
                            guard scale.undo(stored) == sample, abs(stored) <= limit else {
                                failures.append(
                                    "\(sample) became \(stored) with \(scale), \(gain) dB, \(ceiling) dBFS")
                                continue
                            }
                        }
                    }
                }
            }
        }
        #expect(failures.isEmpty)
        #expect(served > 500)
    }

    @Test(arguments: [-31.4, -16, -6.0206, -0.3, 0, 2.9, 6.0206, 11, 24.5])
    func `restores all 16-bit values exactly`(_ gain: Double) throws {
        let scale = try #require(
            ReversibleScale(
                gain: Decibels(gain), sourceBits: 16, zeroBits: 0, peak: 32_768, ceiling: Decibels(-1)))
        let source = (Int32(Int16.min)...Int32(Int16.max)).map { $0 }
        var samples = source
        var span = samples.mutableSpan
        scale.apply(&span)
        #expect(Set(samples).count == source.count)
        #expect((samples.max() ?? 0) <= Self.limit(ceiling: -1, outputBits: scale.outputBits))
        span = samples.mutableSpan
        scale.undo(&span)
        #expect(samples == source)
    }

    /// Scales of every multiplier are too many; these are the ends, powers of two, and some between.
    @Test(arguments: [
        65_536, 65_537, 65_539, 77_705, 92_682, 98_303, 98_304, 121_212, 131_069, 131_070, 131_071,
    ])
    func `reckons a block in floating point as it does a sample in integers`(_ multiplier: Int64) throws {
        var random = SplitMix(state: UInt64(multiplier))
        for (zeroBits, shift, bits) in [
            (0, 0, 16), (0, 1, 16), (2, 3, 16), (3, 0, 24), (0, 7, 24), (0, 0, 24),
        ] {
            let scale = try #require(
                ReversibleScale(
                    multiplier: multiplier, zeroBits: zeroBits, shift: shift, sourceBits: 24, outputBits: bits
                ))
            let limit = Int32(1) << 23
            var samples = (-2000...2000).map { Int32($0) } + [-limit, 1 - limit, limit - 2, limit - 1]
            samples += (0..<20_000).map { _ in Int32(truncatingIfNeeded: random.next()) >> 8 }
            var applied = samples
            var span = applied.mutableSpan
            scale.apply(&span)
            #expect(applied == samples.map { Int32(truncatingIfNeeded: scale.apply(Int64($0))) })
            var undone = samples
            span = undone.mutableSpan
            scale.undo(&span)
            #expect(undone == samples.map { Int32(truncatingIfNeeded: scale.undo(Int64($0))) })
        }
    }

    @Test(arguments: [-20.0, -3, 0.5, 7, 30], [true, false])
    func `restores every G711 code`(_ gain: Double, _ isMuLaw: Bool) throws {
        let codes = UInt8.min...UInt8.max
        let values = codes.map { isMuLaw ? G711.muLawValue(of: $0) : G711.aLawValue(of: $0) }
        let measurement = try Signals.measure(values)
        let scale = try #require(
            ReversibleScale(
                gain: Decibels(gain), sourceBits: 16, zeroBits: measurement.commonZeroBits,
                peak: measurement.peakMagnitude, ceiling: Decibels(-1)))
        #expect(values.allSatisfy { scale.undo(scale.apply(Int64($0))) == $0 })
        // The ceiling and the codes' spare bits make 16 bits enough for any gain down to about -12 dB.
        #expect(scale.outputBits == (gain < -12 ? 24 : 16))
    }

    @Test(arguments: -12...40)
    func `comes as close to the gain as one part in 131072`(_ gain: Int) throws {
        let scale = try #require(
            ReversibleScale(
                gain: Decibels(Double(gain)), sourceBits: 16, zeroBits: 2, peak: 4, ceiling: Decibels(-1)))
        #expect(abs(scale.effectiveGain.value - Double(gain)) < 0.00007)
        #expect((65_536..<131_072).contains(scale.multiplier))
    }

    @Test func `takes the numbers of the formula`() throws {
        // 10^(7.5/20) = 2.3713737 = 1.18568685 * 2; with two zero bits s = 3, and 65536 * 1.18568685 = 77705.17.
        let scale = try #require(
            ReversibleScale(
                gain: Decibels(7.5), sourceBits: 16, zeroBits: 2, peak: 12_000, ceiling: Decibels(-1)))
        #expect(scale.multiplier == 77_705)
        #expect(scale.shift == 3)
        #expect(scale.outputBits == 16)
        // 100 / 4 * 77705 = 1942625; plus half, over 65536: 30; times 8: 240.
        #expect(scale.apply(100) == 240)
        // -25 * 77705 + 32768 = -1909857, whose floor over 65536 is -30.
        #expect(scale.apply(-100) == -240)
    }

    @Test func `keeps a near-silent file from overflowing at the ceiling`() throws {
        // Without the ceiling's own bound, the peak of 3 would become 32768.
        let headroom = Decibels(-1) - Decibels(amplitudeRatio: 3 / 32_768)
        let scale = try #require(
            ReversibleScale(gain: headroom, sourceBits: 16, zeroBits: 0, peak: 3, ceiling: Decibels(-1)))
        #expect(scale.apply(3) <= 29_204)
        #expect((-3...3).allSatisfy { scale.undo(scale.apply($0)) == $0 })
    }

    @Test func `uses 24 bits where 16 would need a shift to the right`() throws {
        let scale = try #require(
            ReversibleScale(
                gain: Decibels(-7), sourceBits: 16, zeroBits: 0, peak: 30_000, ceiling: Decibels(-1)))
        #expect(scale.outputBits == 24)
        #expect(scale.shift == 6)
    }

    @Test func `finds no scale for a loud source of 24 bits`() {
        let scale = ReversibleScale(
            gain: Decibels(-7), sourceBits: 24, zeroBits: 0, peak: 8_000_000, ceiling: Decibels(-1))
        #expect(scale == nil)
    }

    @Test(arguments: [
        (8, 0, 16, 8), (16, 0, 16, 0), (12, 0, 16, 4), (24, 0, 24, 0), (20, 0, 24, 4), (32, 8, 24, 0),
    ])
    func `leaves samples unchanged but for the width`(
        _ sourceBits: Int, _ zeroBits: Int, _ outputBits: Int, _ shift: Int
    ) throws {
        let scale = try #require(ReversibleScale(unchangedFrom: sourceBits, zeroBits: zeroBits))
        #expect(scale.outputBits == outputBits)
        #expect(scale.shift == shift)
        #expect(scale.effectiveGain == Decibels(0))
        let lowest = -(Int64(1) << (sourceBits - 1))
        for sample in [lowest, 0, 1 << zeroBits, -1 << zeroBits, -lowest - (1 << zeroBits)] {
            #expect(scale.undo(scale.apply(sample)) == sample)
            #expect(scale.apply(sample) == (sample << (outputBits - 8)) >> (sourceBits - 8))
        }
    }

    @Test(arguments: [(32, 0), (32, 7), (0, 0), (33, 9), (64, 40), (Int.min, 0), (Int.max, Int.max)])
    func `has no unchanged form for widths that no output holds`(_ sourceBits: Int, _ zeroBits: Int) {
        #expect(ReversibleScale(unchangedFrom: sourceBits, zeroBits: zeroBits) == nil)
    }

    @Test(arguments: [
        (65_535, 0, 0, 16, 16), (131_072, 0, 0, 16, 16), (65_536, -1, 0, 16, 16), (65_536, 16, 0, 16, 16),
        (65_536, 0, -1, 16, 16), (65_536, 0, 16, 16, 16), (65_536, 0, 0, 0, 16), (65_536, 0, 0, 33, 24),
        (65_536, 0, 0, 16, 20), (Int.max, Int.max, Int.max, Int.max, Int.max),
    ])
    func `refuses numbers that no file of ours carries`(_ numbers: (Int, Int, Int, Int, Int)) {
        let scale = ReversibleScale(
            multiplier: Int64(numbers.0), zeroBits: numbers.1, shift: numbers.2, sourceBits: numbers.3,
            outputBits: numbers.4)
        #expect(scale == nil)
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity, -7000, 7000])
    func `refuses a gain that is no number to compute with`(_ gain: Double) {
        let scale = ReversibleScale(
            gain: Decibels(gain), sourceBits: 16, zeroBits: 0, peak: 100, ceiling: Decibels(-1))
        #expect(scale == nil)
    }

    @Test func `survives stored values that it cannot have made`() throws {
        let scale = try #require(
            ReversibleScale(multiplier: 131_071, zeroBits: 31, shift: 0, sourceBits: 32, outputBits: 24))
        var samples: [Int32] = [.min, .max, -1, 0, 1]
        var span = samples.mutableSpan
        scale.undo(&span)
        scale.apply(&span)
        #expect(samples.count == 5)
        #expect(scale.undo(.max) != scale.undo(.min))
    }

    @Test(arguments: [LevelMode.applied, .tagged])
    func `leaves silence of any width unchanged`(_ mode: LevelMode) throws {
        for bits in [8, 16, 24, 32] {
            let measurement = try Signals.measure([0, 0, 0], bits: bits)
            let plan = GainPlan.plan(measurement, target: .standard)
            let scale = try #require(
                ReversibleScale(plan: plan, mode: mode, measurement: measurement, sourceBits: bits))
            #expect(scale.effectiveGain == Decibels(0))
            #expect(scale.apply(0) == 0)
        }
    }

    @Test func `keeps the samples in the mode tagged`() throws {
        let samples = Signals.tone(amplitude: 20_000, count: 16_000)
        let measurement = try Signals.measure(samples)
        let plan = GainPlan.plan(measurement, target: .standard)
        let scale = try #require(
            ReversibleScale(plan: plan, mode: .tagged, measurement: measurement, sourceBits: 16))
        #expect(plan.gain.value < -10)
        #expect(samples.allSatisfy { scale.apply(Int64($0)) == $0 })
    }

    @Test func `does not soften a full-scale click that holds no speech`() throws {
        var samples = [Int32](repeating: 0, count: 8000)
        samples[4000] = -32768
        let measurement = try Signals.measure(samples)
        let plan = GainPlan.plan(measurement, target: .standard)
        let scale = try #require(
            ReversibleScale(plan: plan, mode: .applied, measurement: measurement, sourceBits: 16))
        #expect(plan.limit == .noSpeech)
        #expect(scale.apply(-32768) == -32768)
    }

    static let gains: [Double] = [
        -60, -48.2, -48, -31, -12, -6.0206, -6, -3.3, -0.0001, 0, 0.0001, 1, 3, 6.0205, 6.0206, 9.9, 17, 40,
        79.8, 120, 300,
    ]

    static func peaks(sourceBits: Int, zeroBits: Int) -> [Int64] {
        let step = Int64(1) << zeroBits
        let fullScale = Int64(1) << (sourceBits - 1)
        return [0, step, 3 * step, fullScale / 3 / step * step, fullScale - step, fullScale].filter {
            $0 <= fullScale
        }
    }

    /// The extremes, zero and some values between, all multiples of the common step.
    static func samples(peak: Int64, zeroBits: Int, random: inout SplitMix) -> [Int64] {
        let step = Int64(1) << zeroBits
        let steps = peak / step
        return [-steps, steps, 0, min(1, steps), -min(1, steps)].map { $0 * step }
            + (0..<8).map { _ in Int64.random(in: -steps...steps, using: &random) * step }
    }

    static func limit(ceiling: Double, outputBits: Int) -> Int64 {
        let fullScale = Double(Int64(1) << (outputBits - 1))
        return min(Int64(Decibels(ceiling).amplitudeRatio * fullScale), Int64(fullScale) - 1)
    }
}
