public import PCM

/// A gain that ends in 24 bits and cannot be undone, for sources that no reversible scale serves.
///
/// These are floating-point sources and loud ones of more than 16 bits; their original bytes are kept beside it.
public struct ClampedScale: Sendable, Hashable {
    /// The width of a stored sample.
    public let outputBits = 24

    private let factor: Double

    private static let lowest = -8_388_608.0
    private static let highest = 8_388_607.0

    /// Makes a scale for floating-point samples, full scale 1.0.
    ///
    /// - Parameter gain: The gain; 0 dB for the mode `tagged`.
    public init(gain: Decibels) {
        factor = gain.amplitudeRatio * 0x1p23
    }

    /// Makes a scale for integer samples.
    ///
    /// - Parameters:
    ///   - gain: The gain; 0 dB for the mode `tagged`.
    ///   - sourceBits: The width of a source sample's container.
    public init(gain: Decibels, sourceBits: Int) {
        factor = gain.amplitudeRatio * Double(sign: .plus, exponent: 24 - sourceBits, significand: 1)
    }

    /// Scales integers in place.
    public func apply(_ samples: inout MutableSpan<Int32>) {
        for index in samples.indices {
            samples[index] = stored(Double(samples[index]))
        }
    }

    /// Scales floating-point samples; what is no sample becomes 0.
    ///
    /// - Parameters:
    ///   - samples: Full scale 1.0.
    ///   - output: Its content is replaced by the stored values.
    public func apply(_ samples: Span<Double>, into output: inout [Int32]) {
        output.removeAll(keepingCapacity: true)
        output.reserveCapacity(samples.count)
        for index in samples.indices {
            let sample = samples[index]
            output.append(RealSample.isValid(sample) ? stored(sample) : 0)
        }
    }

    /// The stored value of one sample.
    private func stored(_ sample: Double) -> Int32 {
        Int32(max(Self.lowest, min(Self.highest, (sample * factor).rounded())))
    }
}
