import Foundation
import PCM

/// Test signals, the same on every run.
enum Signals {
    /// A linear congruential generator (Knuth's MMIX constants): noise that needs no source of randomness.
    struct Noise {
        private var state: UInt64

        init(seed: UInt64) { state = seed }

        mutating func next() -> UInt32 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt32(state >> 32)
        }
    }

    /// White noise over the whole range of the bits.
    static func noise(frames: Int, channels: Int = 1, bits: Int, seed: UInt64 = 1) -> [Int32] {
        var noise = Noise(seed: seed)
        return (0..<frames * channels).map { _ in Int32(bitPattern: noise.next()) >> Int32(32 - bits) }
    }

    /// A voice-like buzz with syllables and pauses, a little different in each channel.
    static func speech(frames: Int, format: PCMFormat) -> [Int32] {
        let scale = Double(1 << (format.bitsPerSample - 1)) * 0.4
        let rate = Double(format.sampleRate)
        var noise = Noise(seed: 7)
        var samples: [Int32] = []
        samples.reserveCapacity(frames * format.channels)
        for frame in 0..<frames {
            let time = Double(frame) / rate
            let syllable = max(0, sin(2 * .pi * 2.3 * time))
            let buzz = (1...5).reduce(0.0) { $0 + sin(2 * .pi * 130 * Double($1) * time) / Double($1) }
            for channel in 0..<format.channels {
                let hiss = Double(Int32(bitPattern: noise.next())) / 2_147_483_648 * 0.01
                samples.append(Int32(scale * (syllable * buzz / 3 * (1 - 0.1 * Double(channel)) + hiss)))
            }
        }
        return samples
    }
}
