import PCM

/// Made-up speech, the same on every machine: pulses and noise through the formants of vowels.
///
/// Only sums and products of numbers that are written here make it, so no library can change a sample.
enum Speech {
    static let format = PCMFormat(sampleRate: 8000, channels: 1, bitsPerSample: 16)

    /// The length of most inputs, in seconds: that of a usual message.
    static let usualSeconds = 30

    /// A message of the usual length.
    static let usual = samples(seconds: usualSeconds)

    /// A fifth of a second: a consonant, then a vowel.
    private static let syllable = 1600
    private static let consonant = 480

    /// Speech at about -30 dBov: ten syllables, then a pause as long as four, and so on.
    static func samples(seconds: Int) -> [Int32] {
        var random = Noise()
        var tract = VocalTract()
        var tilted = 0.0
        var untilPulse = 0
        return (0..<seconds * format.sampleRate).map { frame in
            let (number, position) = frame.quotientAndRemainder(dividingBy: syllable)
            if position == 0 { tract.take(VocalTract.vowels[number % VocalTract.vowels.count]) }
            var excitation = 0.0
            if number % 14 >= 10 {
                // A pause.
            } else if position < consonant {
                excitation = 0.6 * random.next()
            } else {
                let rise = Double(min(position - consonant, syllable - position)) / 560
                untilPulse -= 1
                if untilPulse <= 0 {
                    // A voice of 100 to 133 Hz, whose pitch changes from syllable to syllable and within each.
                    untilPulse = 60 + number * 7 % 16 + position / 400
                    excitation = 16 * rise
                }
                excitation += 0.05 * rise * random.next()
            }
            tilted = 0.9 * tilted + excitation
            let lineNoise = 12 * random.next()
            return Int32((410 * tract.next(tilted) + lineNoise).rounded())
        }
    }
}

/// Evenly distributed numbers from -1 to 1 that repeat themselves from run to run.
struct Noise {
    private var state: UInt64 = 1

    /// A number of so many bits.
    mutating func next(bits: Int) -> Int {
        // The multiplier and the increment are Knuth's (MMIX).
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> UInt64(64 - bits))
    }

    mutating func next() -> Double {
        Double(next(bits: 16) - 32_768) / 32_768
    }
}

/// Three resonances in a row, and the lips, which radiate the difference of one sample to the next.
private struct VocalTract {
    /// 2 r cos(2 pi f / 8000) for the three formants f of the vowels in "father", "heed", "paw" and "head"
    /// (Peterson and Barney, 1952).
    static let vowels: [[Double]] = [
        [1.6218, 1.2554, -0.6337], [1.8873, -0.4325, -1.3332], [1.7403, 1.5135, -0.5921],
        [1.7657, 0.2401, -0.6887],
    ]

    /// Their r squared, for bandwidths of 90, 110 and 170 Hz.
    private static let dampings = [0.9318, 0.9172, 0.875]

    private var feedbacks = vowels[0]
    private var last = [0.0, 0.0, 0.0]
    private var beforeLast = [0.0, 0.0, 0.0]
    private var lastOutput = 0.0

    mutating func take(_ vowel: [Double]) { feedbacks = vowel }

    mutating func next(_ excitation: Double) -> Double {
        var output = excitation
        for (index, damping) in Self.dampings.enumerated() {
            let feedback = feedbacks[index]
            output =
                output * (1 - feedback + damping) + feedback * last[index] - damping * beforeLast[index]
            beforeLast[index] = last[index]
            last[index] = output
        }
        defer { lastOutput = output }
        return output - lastOutput
    }
}
