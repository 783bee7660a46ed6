internal import FLACFiles
internal import Leveling
internal import PCM

/// How the samples of a source become those of its FLAC file.
enum StoredScale: Sendable {
    /// In integers, so that the source's samples come back exactly.
    case reversible(ReversibleScale)
    /// Rounded and clamped to 24 bits; the original is kept beside the audio.
    case clamped(ClampedScale)

    /// Chooses the scale for an analyzed source: reversible wherever an output width serves.
    init(
        format: PCMFormat, isFloatingPoint: Bool, measurement: LevelMeasurement, plan: GainPlan,
        mode: LevelMode
    ) {
        let gain = mode == .applied ? plan.gain : Decibels(0)
        if isFloatingPoint {
            self = .clamped(ClampedScale(gain: gain))
        } else if let scale = ReversibleScale(
            plan: plan, mode: mode, measurement: measurement, sourceBits: format.bitsPerSample)
        {
            self = .reversible(scale)
        } else {
            self = .clamped(ClampedScale(gain: gain, sourceBits: format.bitsPerSample))
        }
    }

    /// The gain that the samples have been given, or in the mode `tagged` are to be given by a player.
    ///
    /// That of integers differs from the plan by rounding, and by more where a ceiling binds a nearly silent recording.
    func gain(of plan: GainPlan, mode: LevelMode) -> Decibels {
        guard mode == .applied, case .reversible(let scale) = self else { return plan.gain }
        return scale.effectiveGain
    }

    /// The width of the stored samples in bits: 16 or 24.
    var outputBits: Int {
        switch self {
        case .reversible(let scale): scale.outputBits
        case .clamped(let scale): scale.outputBits
        }
    }

    /// Replaces integer samples by their stored values.
    func apply(_ samples: inout [Int32]) {
        var span = samples.mutableSpan
        switch self {
        case .reversible(let scale): scale.apply(&span)
        case .clamped(let scale): scale.apply(&span)
        }
    }

    /// The integers that lead back to the source's samples; nil where nothing does.
    var integers: Envelope.Scale? {
        guard case .reversible(let scale) = self else { return nil }
        return Envelope.Scale(multiplier: scale.multiplier, zeroBits: scale.zeroBits, shift: scale.shift)
    }
}
