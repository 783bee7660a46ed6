public import PCM

/// What decided a gain.
public enum GainLimit: String, Sendable, Hashable {
    /// The target: the level is reached.
    case none
    /// The peak may not rise above the ceiling: the level stays below the target.
    case ceiling
    /// No active speech was found, so there is no level to start from; the gain is 0 dB.
    case noSpeech = "no-speech"
    /// There is no sample other than 0; the gain is 0 dB.
    case silence
}

/// The one constant gain for a recording: no limiter, no dynamics.
public struct GainPlan: Sendable, Hashable {
    /// The ceilings that make sense, in dBFS.
    public static let ceilings: ClosedRange<Double> = -60...0

    /// -1 dBFS, which leaves the decoder of a lossy codec room to overshoot (EBU R 128).
    public static let standardCeiling = Decibels(-1)

    /// What the samples are to be amplified by; negative to soften.
    public let gain: Decibels

    /// What decided it.
    public let limit: GainLimit

    /// The level in dBFS that no stored sample may exceed.
    public let ceiling: Decibels

    /// Makes a plan from known values.
    public init(gain: Decibels, limit: GainLimit, ceiling: Decibels) {
        self.gain = gain
        self.limit = limit
        self.ceiling = ceiling
    }

    /// Plans the gain that leads from a measured level to a target.
    ///
    /// Where the active speech level stands in for loudness, the target's number is taken as dBov: at 1 kHz one
    /// channel reads the same on both scales.
    ///
    /// - Parameters:
    ///   - measurement: What was measured.
    ///   - target: The level wanted; the method `none` gives 0 dB.
    ///   - ceiling: The highest level in dBFS that the sample peak may reach, within `ceilings`.
    /// - Returns: The gain, and what decided it.
    public static func plan(
        _ measurement: LevelMeasurement, target: LevelTarget, ceiling: Decibels = standardCeiling
    ) -> GainPlan {
        let unchanged = Decibels(0)
        guard target.method != .none else { return GainPlan(gain: unchanged, limit: .none, ceiling: ceiling) }
        guard let peak = measurement.samplePeak else {
            return GainPlan(gain: unchanged, limit: .silence, ceiling: ceiling)
        }
        guard let level = measurement.level else {
            return GainPlan(gain: unchanged, limit: .noSpeech, ceiling: ceiling)
        }
        let wanted = target.value - level
        let headroom = ceiling - peak
        return wanted <= headroom
            ? GainPlan(gain: wanted, limit: .none, ceiling: ceiling)
            : GainPlan(gain: headroom, limit: .ceiling, ceiling: ceiling)
    }
}
