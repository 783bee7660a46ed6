#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// The constants of ITU-T P.56, method B, and the two-stage exponential average of the rectified signal.
struct SpeechEnvelope {
    /// How far the level of active speech lies above the threshold of activity, in dB (P.56: M).
    static let margin = 15.9

    /// The time constant of each stage, in seconds (P.56: T).
    private static let timeConstant = 0.03

    /// How long activity outlasts the envelope's fall below the threshold, in seconds (P.56: H).
    static let hangoverTime = 0.20

    /// What a stage keeps of its last value from one sample to the next (P.56: g).
    let retention: Double

    /// The first stage's output (P.56: p).
    var smoothed = 0.0

    /// The second stage's output, the envelope (P.56: q).
    var value = 0.0

    init(sampleRate: Int) {
        retention = exp(-1 / (Double(sampleRate) * Self.timeConstant))
    }

    /// The hangover in samples, rounded (P.56: I).
    static func hangover(sampleRate: Int, time: Double = hangoverTime) -> Int64 {
        Int64((time * Double(sampleRate) + 0.5).rounded(.down))
    }

    /// Takes in one sample.
    mutating func add(_ sample: Double) {
        smoothed = retention * smoothed + (1 - retention) * (sample < 0 ? -sample : sample)
        value = retention * value + (1 - retention) * smoothed
    }

    /// Sets an envelope that has all but died away to 0.
    ///
    /// Digital silence would otherwise take it into denormal numbers, where arithmetic is many times slower, and
    /// keep it there. The lowest threshold is 10^95 times larger, so no result depends on it.
    mutating func settle() {
        if smoothed < 1e-100 { smoothed = 0 }
        if value < 1e-100 { value = 0 }
    }
}
