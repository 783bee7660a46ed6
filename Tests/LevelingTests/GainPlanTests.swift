import Leveling
import PCM
import Testing

@Suite struct GainPlanTests {
    @Test func `leads from the level to the target`() throws {
        let plan = GainPlan.plan(Self.measured(level: -30, peak: -15), target: .standard)
        #expect(plan.gain == Decibels(4))
        #expect(plan.limit == .none)
    }

    @Test func `softens what is too loud`() throws {
        let plan = GainPlan.plan(Self.measured(level: -10, peak: -0.5), target: .standard)
        #expect(plan.gain == Decibels(-16))
        #expect(plan.limit == .none)
    }

    @Test func `stops at the ceiling`() throws {
        let plan = GainPlan.plan(
            Self.measured(level: -40, peak: -6), target: .standard, ceiling: Decibels(-2))
        #expect(plan.gain == Decibels(4))
        #expect(plan.limit == .ceiling)
    }

    @Test(arguments: [0.001, 0.1, 0.999, 1, 2.999, 3.001, 20])
    func `takes no part of a gain beyond the ceiling`(excess: Double) throws {
        // 3 dB up to the ceiling; the target wants that and the excess.
        for (asked, limit) in [(3 - excess, GainLimit.none), (3, .none), (3 + excess, .ceiling)] {
            let plan = GainPlan.plan(
                Self.measured(level: -26 - asked, peak: -5), target: .standard, ceiling: Decibels(-2))
            #expect(abs(plan.gain.value - min(asked, 3)) < 1e-9)
            #expect(plan.limit == limit)
        }
    }

    @Test(arguments: [-33.0, -30.5, -29.5, -29, -28.6, -27, -20], [0.5, 3, 12])
    func `keeps the loudest stored sample under the ceiling`(level: Double, headroom: Double) throws {
        let ceiling = -1.0
        let peak = ceiling - headroom
        let plan = GainPlan.plan(
            Self.measured(level: level, peak: peak), target: .standard, ceiling: Decibels(ceiling))
        // A scale for floating point knows no ceiling: it does what the plan says.
        var stored: [Int32] = []
        ClampedScale(gain: plan.gain).apply([Decibels(peak).amplitudeRatio].span, into: &stored)
        #expect(Double(stored[0]) <= (Decibels(ceiling).amplitudeRatio * 0x1p23).rounded())
        #expect(plan.gain.value <= headroom)
    }

    @Test func `softens a peak above the ceiling even where the level asks for more`() throws {
        let plan = GainPlan.plan(Self.measured(level: -40, peak: 0), target: .standard)
        #expect(plan.gain == Decibels(-1))
        #expect(plan.limit == .ceiling)
    }

    @Test func `leaves a recording without speech alone`() throws {
        let plan = GainPlan.plan(Self.measured(level: nil, peak: 0), target: .standard)
        #expect(plan.gain == Decibels(0))
        #expect(plan.limit == .noSpeech)
    }

    @Test func `leaves silence alone`() throws {
        let plan = GainPlan.plan(Self.measured(level: nil, peak: nil), target: .standard)
        #expect(plan.gain == Decibels(0))
        #expect(plan.limit == .silence)
    }

    @Test func `plans nothing for the target none`() throws {
        let plan = GainPlan.plan(Self.measured(level: -30, peak: 0), target: .none)
        #expect(plan.gain == Decibels(0))
        #expect(plan.limit == .none)
    }

    @Test(arguments: [-40.0, -26, -20, -12], [900.0, 5000, 29_000])
    func `reaches the target, measured again after scaling`(_ target: Double, _ amplitude: Double) throws {
        let source = Signals.tone(amplitude: amplitude, count: 24_000) { $0 % 8000 < 5000 }
        let measurement = try Signals.measure(source)
        let plan = GainPlan.plan(
            measurement, target: try LevelTarget(method: .activeSpeech, value: Decibels(target)))
        let scale = try #require(
            ReversibleScale(plan: plan, mode: .applied, measurement: measurement, sourceBits: 16))
        let stored = source.map { Int32(scale.apply(Int64($0))) }
        let after = try #require(try Signals.measure(stored, bits: scale.outputBits).level)
        let before = try #require(measurement.level)
        #expect(abs(after.value - (before.value + plan.gain.value)) < 0.02)
        if plan.limit == .none { #expect(abs(after.value - target) < 0.02) }
    }

    private static func measured(level: Double?, peak: Double?) -> LevelMeasurement {
        LevelMeasurement(
            requestedMethod: .activeSpeech, method: .activeSpeech, level: level.map { Decibels($0) },
            samplePeak: peak.map { Decibels($0) }, peakMagnitude: 1, commonZeroBits: 0, activity: nil,
            rms: nil)
    }
}
