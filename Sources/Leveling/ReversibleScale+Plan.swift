internal import PCM

extension ReversibleScale {
    /// Makes the scale that stores a measured integer source as planned, or nil where none is reversible.
    ///
    /// A gain of exactly 0 dB, and the mode `tagged`, leave the samples as they are: no ceiling is applied then, so a
    /// recording without speech is never touched.
    ///
    /// - Parameters:
    ///   - plan: The gain and the ceiling.
    ///   - mode: Whether the gain becomes part of the samples.
    ///   - measurement: The peak and the common zero bits of the source.
    ///   - sourceBits: The width of a source sample's container, 1 to 32.
    public init?(plan: GainPlan, mode: LevelMode, measurement: LevelMeasurement, sourceBits: Int) {
        if mode == .tagged || plan.gain.value == 0 {
            self.init(unchangedFrom: sourceBits, zeroBits: measurement.spareBits)
        } else {
            self.init(
                gain: plan.gain, sourceBits: sourceBits, zeroBits: measurement.commonZeroBits,
                peak: measurement.peakMagnitude, ceiling: plan.ceiling)
        }
    }
}

extension LevelMeasurement {
    /// How many low bits no integer sample needs: for silence all 32.
    fileprivate var spareBits: Int { peakMagnitude == 0 ? 32 : commonZeroBits }
}
