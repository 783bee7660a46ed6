import PCM

/// One minute of sound with the rhythm of speech, the same on every machine.
enum Speech {
    static let format = PCMFormat(sampleRate: 8000, channels: 1, bitsPerSample: 16)

    /// Noise whose level changes every 80 ms, with pauses: enough for a level meter to be kept busy.
    static let samples: [Int32] = {
        let gains: [Int32] = [9000, 14000, 4000, 700, 11000, 16000, 2500, 0, 0, 0, 6000, 300]
        var state: UInt64 = 1
        return (0..<60 * format.sampleRate).map { index in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let noise = Int32(Int16(truncatingIfNeeded: state >> 48))
            return noise * gains[index / 640 % gains.count] / 32768
        }
    }()

    /// The same as a WAVE file of 16-bit samples.
    static let wave: [UInt8] = {
        let audioBytes = samples.count * 2
        var bytes = Array("RIFF".utf8) + little(36 + audioBytes, 4) + Array("WAVEfmt ".utf8) + little(16, 4)
        bytes += little(1, 2) + little(format.channels, 2) + little(format.sampleRate, 4)
        bytes += little(format.sampleRate * 2, 4) + little(2, 2) + little(16, 2)
        bytes += Array("data".utf8) + little(audioBytes, 4)
        for sample in samples { bytes += little(Int(sample), 2) }
        return bytes
    }()

    private static func little(_ number: Int, _ width: Int) -> [UInt8] {
        (0..<width).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }
}
