import Foundation
import Leveling
import PCM

/// Signals made in code, so that every level that a test expects can be computed by hand or by another program.
enum Signals {
    /// A sine as 16-bit samples, rounded; `isOn` gates it by the index of the sample.
    static func tone(
        amplitude: Double, frequency: Double = 440, sampleRate: Int = 8000, count: Int,
        isOn: (Int) -> Bool = { _ in true }
    ) -> [Int32] {
        (0..<count).map { index in
            guard isOn(index) else { return 0 }
            let phase = 2 * Double.pi * frequency * Double(index) / Double(sampleRate)
            return Int32((amplitude * sin(phase)).rounded())
        }
    }

    /// White noise of a linear congruential generator, whose gain changes every `segment` samples.
    static func noise(seed: UInt64, segment: Int, gains: [Int32], count: Int) -> [Int32] {
        var state = seed
        return (0..<count).map { index in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let sample = Int32(Int16(truncatingIfNeeded: state >> 48))
            return sample * gains[index / segment % gains.count] / 32768
        }
    }

    /// Measures 16-bit samples, or samples of another width, in one go.
    static func measure(
        _ samples: [Int32], sampleRate: Int = 8000, channels: Int = 1, bits: Int = 16,
        method: LevelMethod = .activeSpeech
    ) throws -> LevelMeasurement {
        let format = PCMFormat(sampleRate: sampleRate, channels: channels, bitsPerSample: bits)
        var meter = try LevelMeter(format: format, method: method)
        try meter.add(samples.span)
        return try meter.finish()
    }
}
