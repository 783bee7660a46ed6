internal import Foundation

/// Makes audio that has the shape of telephone speech.
///
/// Syllables of voiced harmonics under formants, hissed consonants, pauses between words and phrases, and a
/// floor of noise. The same seed gives the same samples.
public struct SpeechGenerator: Sendable {
    /// Frames per second of all that is made here, the rate of the telephone.
    public static let sampleRate = 8000

    private var noise: SplitMix64
    private let pitch: Double
    private let amplitude: Double

    /// Makes a speaker.
    ///
    /// - Parameters:
    ///   - seed: Which speaker and which words.
    ///   - level: The peak of the loudest syllables as a share of full scale, 0 to 1; others are
    ///     brought into that range, NaN is 0.
    public init(seed: UInt64, level: Double = 0.25) {
        noise = SplitMix64(state: seed)
        // Telephone speakers' fundamentals lie between about 85 and 230 Hz.
        pitch = 85 + 145 * noise.fraction()
        amplitude = level > 0 ? min(level, 1) * 32767 : 0
    }

    /// The next stretch of speech.
    ///
    /// - Parameter seconds: Its length, 0 to 3600; others are brought into that range, NaN is 0.
    /// - Returns: Samples on the 16-bit scale.
    public mutating func speak(seconds: Double) -> [Int32] {
        let count = seconds > 0 ? Int(min(seconds, 3600) * Double(Self.sampleRate)) : 0
        var samples: [Double] = []
        samples.reserveCapacity(count + Self.sampleRate)
        var syllablesLeft = 0
        while samples.count < count {
            if syllablesLeft == 0 {
                syllablesLeft = 4 + Int(8 * noise.fraction())
                samples += silence(seconds: 0.25 + 0.5 * noise.fraction())
            }
            if noise.fraction() < 0.4 { samples += consonant() }
            samples += vowel()
            if noise.fraction() < 0.3 { samples += silence(seconds: 0.03 + 0.07 * noise.fraction()) }
            syllablesLeft -= 1
        }
        // The floor of an idle line, about 68 dB below full scale.
        return samples.prefix(count).map { Int32(($0 * amplitude + 13 * noise.signed()).rounded()) }
    }

    private func silence(seconds: Double) -> [Double] {
        Array(repeating: 0, count: Int(seconds * Double(Self.sampleRate)))
    }

    /// A voiced syllable: one period of a harmonic series under a vowel's formants, read at a gliding pitch.
    private mutating func vowel() -> [Double] {
        let formants = Self.vowels[Int(noise.next() % UInt64(Self.vowels.count))]
        let start = pitch * (0.85 + 0.3 * noise.fraction())
        let end = start * (0.8 + 0.3 * noise.fraction())
        let period = Self.period(pitch: start, formants: formants)
        let count = Int((0.09 + 0.16 * noise.fraction()) * Double(Self.sampleRate))
        let loudness = 0.5 + 0.5 * noise.fraction()
        var phase = 0.0
        return (0..<count).map { index in
            let progress = Double(index) / Double(count)
            phase += (start + (end - start) * progress) / Double(Self.sampleRate)
            phase -= phase.rounded(.down)
            return period[Int(phase * Double(period.count)) % period.count] * Self.envelope(progress)
                * loudness
        }
    }

    /// A hiss, brightened by differentiating the noise.
    private mutating func consonant() -> [Double] {
        let count = Int((0.03 + 0.06 * noise.fraction()) * Double(Self.sampleRate))
        var last = 0.0
        return (0..<count).map { index in
            let value = noise.signed()
            defer { last = value }
            return 0.08 * (value - last) * Self.envelope(Double(index) / Double(count))
        }
    }

    /// Rises and falls over a fifth of the sound each.
    private static func envelope(_ progress: Double) -> Double {
        let edge = min(progress, 1 - progress) / 0.2
        return edge >= 1 ? 1 : edge * edge * (3 - 2 * edge)
    }

    /// One period of a voice with peak 1, harmonics up to the telephone's 3400 Hz.
    private static func period(pitch: Double, formants: [Double]) -> [Double] {
        let size = 256
        var values = Array(repeating: 0.0, count: size)
        for harmonic in 1...max(1, Int(3400 / pitch)) {
            let frequency = pitch * Double(harmonic)
            var weight = 0.02
            for (order, formant) in formants.enumerated() {
                let distance = (frequency - formant) / (70 + 40 * Double(order))
                weight += pow(0.5, Double(order)) / (1 + distance * distance)
            }
            for index in 0..<size {
                let angle = 2 * Double.pi * Double(harmonic * index % size) / Double(size)
                // A quadratic phase spreads the energy over the period, as a throat does.
                values[index] += weight * sin(angle + 0.3 * Double(harmonic * harmonic))
            }
        }
        let peak = values.map(abs).max() ?? 1
        return peak > 0 ? values.map { $0 / peak } : values
    }

    /// The first three formants of seven vowels in hertz, from Peterson and Barney (1952), table II, men.
    private static let vowels: [[Double]] = [
        [270, 2290, 3010], [390, 1990, 2550], [530, 1840, 2480], [660, 1720, 2410], [730, 1090, 2440],
        [570, 840, 2410], [300, 870, 2240],
    ]
}

/// The generator of Steele, Lea and Flood, OOPSLA 2014: small, seeded, and the same everywhere.
private struct SplitMix64: RandomNumberGenerator, Sendable {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }

    /// A number from 0 up to but not including 1.
    mutating func fraction() -> Double { Double(next() >> 11) / Double(1 << 53) }

    /// A number from -1 to 1.
    mutating func signed() -> Double { 2 * fraction() - 1 }
}
