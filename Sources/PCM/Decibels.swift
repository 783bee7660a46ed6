#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// A level or a gain on the logarithmic scale: 20 dB is a factor of ten in amplitude.
///
/// Which zero is meant (dBov, dBFS, LUFS, or none for a gain) is said by the name of the value that holds it.
public struct Decibels: Sendable, Hashable, Comparable {
    /// The number of decibels; negative infinity stands for silence.
    public var value: Double

    /// Makes a value from a number of decibels.
    public init(_ value: Double) {
        self.value = value
    }

    /// Makes a value from a ratio of amplitudes; 0 gives negative infinity.
    public init(amplitudeRatio: Double) {
        value = 20 * log10(amplitudeRatio)
    }

    /// Makes a value from a ratio of powers; 0 gives negative infinity.
    public init(powerRatio: Double) {
        value = 10 * log10(powerRatio)
    }

    /// The ratio of amplitudes that this value stands for.
    public var amplitudeRatio: Double { pow(10, value / 20) }

    /// Whether the left value is the softer one.
    public static func < (left: Decibels, right: Decibels) -> Bool {
        left.value < right.value
    }

    /// The sum of a level and a gain, or of two gains.
    public static func + (left: Decibels, right: Decibels) -> Decibels {
        Decibels(left.value + right.value)
    }

    /// The gain that leads from one level to another.
    public static func - (left: Decibels, right: Decibels) -> Decibels {
        Decibels(left.value - right.value)
    }
}
