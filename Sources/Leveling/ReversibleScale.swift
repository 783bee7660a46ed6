public import PCM

/// A gain in integers that can be undone exactly.
///
/// A source sample x is stored as y = ((k * M + 32768) >> 16) << s', where k = x >> w. Because M is at least 65536,
/// distinct k stay distinct, so the stored sample leads back to its source. The factor's power of two is a shift,
/// which FLAC stores for free as wasted bits; M carries what is left, less than one bit a sample.
public struct ReversibleScale: Sendable, Hashable {
    /// The factor M in units of 1/65536: at least 65536 and below 131072.
    public let multiplier: Int64

    /// How many low bits, 0 in every source sample, are taken off before the multiplication: w.
    public let zeroBits: Int

    /// How far the product is shifted to the left: s'.
    public let shift: Int

    /// The width of a source sample's container, 1 to 32 bits.
    public let sourceBits: Int

    /// The width of a stored sample, 16 or 24 bits.
    public let outputBits: Int

    /// The widths that readers of FLAC in the field take; libsndfile refuses 12, 20 and 32.
    static let outputWidths = [16, 24]

    /// The multipliers: one octave, in steps of 1/65536.
    private static let multipliers: ClosedRange<Int64> = 65_536...131_071

    /// Makes a scale from the numbers that a file carries, or nil for numbers that no encoder writes.
    public init?(multiplier: Int64, zeroBits: Int, shift: Int, sourceBits: Int, outputBits: Int) {
        guard Self.multipliers.contains(multiplier), (1...32).contains(sourceBits),
            (0..<sourceBits).contains(zeroBits), Self.outputWidths.contains(outputBits),
            (0..<outputBits).contains(shift)
        else { return nil }
        self.multiplier = multiplier
        self.zeroBits = zeroBits
        self.shift = shift
        self.sourceBits = sourceBits
        self.outputBits = outputBits
    }

    /// Makes the scale that comes closest to a gain, or nil where neither 16 nor 24 bits hold its result.
    ///
    /// - Parameters:
    ///   - gain: The gain wanted; the ceiling may reduce it.
    ///   - sourceBits: The width of a source sample's container, 1 to 32.
    ///   - zeroBits: How many low bits are 0 in every source sample.
    ///   - peak: The largest magnitude of a source sample.
    ///   - ceiling: The level in dBFS that no stored sample exceeds; 0 or less.
    public init?(gain: Decibels, sourceBits: Int, zeroBits: Int, peak: UInt32, ceiling: Decibels) {
        guard (1...32).contains(sourceBits), (0..<sourceBits).contains(zeroBits),
            Int64(peak) <= 1 << (sourceBits - 1), gain.value.isFinite, !ceiling.value.isNaN
        else { return nil }
        // Without a sample to scale, any gain does; 0 dB is the one that always fits where a width does at all.
        let factor = (peak >> zeroBits == 0 ? 1 : gain.amplitudeRatio) * Double(1 << zeroBits)
        guard factor.isNormal else { return nil }
        var exponent = Int(factor.exponent)
        var multiplier = Int64((factor.significand * 65_536).rounded())
        if multiplier > Self.multipliers.upperBound {
            multiplier = Self.multipliers.lowerBound
            exponent += 1
        }
        for outputBits in Self.outputWidths {
            let widening = outputBits - sourceBits
            let limit = Self.largestMagnitude(ceiling: ceiling, bits: outputBits)
            if let fitted = Self.fit(
                multiplier: multiplier, shift: exponent + widening, magnitude: Int64(peak >> zeroBits),
                limit: limit)
            {
                self.init(
                    multiplier: fitted.multiplier, zeroBits: zeroBits, shift: fitted.shift,
                    sourceBits: sourceBits, outputBits: outputBits)
                return
            }
        }
        return nil
    }

    /// Makes the scale that changes no level: the samples as they are, widened to 16 bits or narrowed to 24.
    ///
    /// - Parameters:
    ///   - sourceBits: The width of a source sample's container, 1 to 32.
    ///   - zeroBits: How many low bits are 0 in every source sample; above 24 bits, all excess bits have to be.
    public init?(unchangedFrom sourceBits: Int, zeroBits: Int) {
        guard (1...32).contains(sourceBits) else { return nil }
        let excess = max(0, sourceBits - 24)
        guard zeroBits >= excess else { return nil }
        let outputBits = sourceBits <= 16 ? 16 : 24
        self.init(
            multiplier: Self.multipliers.lowerBound, zeroBits: excess,
            shift: excess > 0 ? 0 : outputBits - sourceBits, sourceBits: sourceBits, outputBits: outputBits)
    }

    /// The gain that the integers amount to.
    public var effectiveGain: Decibels {
        let exponent = shift - zeroBits + sourceBits - outputBits
        return Decibels(
            amplitudeRatio: Double(sign: .plus, exponent: exponent, significand: Double(multiplier) / 65_536))
    }

    /// The largest magnitude at or below a ceiling.
    ///
    /// At 0 dBFS and above it is the largest positive sample: the negative one has no counterpart.
    private static func largestMagnitude(ceiling: Decibels, bits: Int) -> Int64 {
        let fullScale = Int64(1) << (bits - 1)
        let ratio = min(1, ceiling.amplitudeRatio)
        return min(fullScale - 1, Int64((ratio * Double(fullScale)).rounded(.down)))
    }

    /// Lowers a factor until the largest magnitude stays within a limit; nil when that would need a negative shift.
    private static func fit(
        multiplier: Int64, shift: Int, magnitude: Int64, limit: Int64
    ) -> (multiplier: Int64, shift: Int)? {
        guard magnitude > 0 else { return shift >= 0 ? (multiplier, shift) : nil }
        var multiplier = multiplier
        var shift = shift
        while shift >= 0 {
            let largest = ((limit >> Int64(shift)) * 65_536 + 32_767) / magnitude
            multiplier = min(multiplier, largest)
            if multiplier >= multipliers.lowerBound { return (multiplier, shift) }
            shift -= 1
            multiplier = multipliers.upperBound
        }
        return nil
    }
}
