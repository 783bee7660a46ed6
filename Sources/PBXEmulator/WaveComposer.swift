internal import PCM

/// Writes 16-bit speech as a WAV file in one of the encodings that telephone systems use.
public enum WaveComposer {
    /// An encoding of the samples.
    public enum Encoding: String, Sendable, Hashable, CaseIterable {
        /// Unsigned 8-bit PCM.
        case pcm8
        /// 16-bit PCM, what Asterisk's `wav` format is.
        case pcm16
        /// 24-bit PCM, the 16 bits left-justified.
        case pcm24
        /// 32-bit floating point, full scale 1.0.
        case float32
        /// ITU-T G.711 µ-law.
        case muLaw = "mu-law"
        /// ITU-T G.711 A-law.
        case aLaw = "a-law"

        /// The format tag of the `fmt ` chunk.
        var formatTag: UInt16 {
            switch self {
            case .pcm8, .pcm16, .pcm24: 1
            case .float32: 3
            case .aLaw: 6
            case .muLaw: 7
            }
        }

        var bytesPerSample: Int {
            switch self {
            case .pcm8, .muLaw, .aLaw: 1
            case .pcm16: 2
            case .pcm24: 3
            case .float32: 4
            }
        }
    }

    /// A mono WAV file of the samples.
    ///
    /// - Parameters:
    ///   - samples: Samples on the 16-bit scale; others are clipped.
    ///   - sampleRate: Frames per second, 1 to 1,000,000; others are brought into that range.
    ///   - encoding: How to write them. 8-bit PCM drops the low byte, G.711 takes the nearest lower code.
    /// - Returns: The bytes of the file.
    public static func file(samples: [Int32], sampleRate: Int, encoding: Encoding) -> [UInt8] {
        var data: [UInt8] = []
        data.reserveCapacity(samples.count * encoding.bytesPerSample)
        for sample in samples { append(min(max(sample, -32768), 32767), as: encoding, to: &data) }
        let rate = min(max(sampleRate, 1), 1_000_000)
        var format: [UInt8] = []
        append(Int(encoding.formatTag), bytes: 2, to: &format)
        append(1, bytes: 2, to: &format)
        append(rate, bytes: 4, to: &format)
        append(rate * encoding.bytesPerSample, bytes: 4, to: &format)
        append(encoding.bytesPerSample, bytes: 2, to: &format)
        append(encoding.bytesPerSample * 8, bytes: 2, to: &format)
        var content = Array("WAVE".utf8) + chunk("fmt ", format)
        if encoding.formatTag != 1 {
            // Microsoft wants a fact chunk in every format but PCM.
            var fact: [UInt8] = []
            append(samples.count, bytes: 4, to: &fact)
            content += chunk("fact", fact)
        }
        content += chunk("data", data)
        return chunk("RIFF", content)
    }

    private static func chunk(_ id: String, _ content: [UInt8]) -> [UInt8] {
        var bytes = Array(id.utf8)
        append(content.count, bytes: 4, to: &bytes)
        bytes += content
        if content.count % 2 == 1 { bytes.append(0) }
        return bytes
    }

    private static func append(_ sample: Int32, as encoding: Encoding, to data: inout [UInt8]) {
        switch encoding {
        case .pcm8: data.append(UInt8(truncatingIfNeeded: (sample >> 8) + 128))
        case .pcm16: append(Int(sample), bytes: 2, to: &data)
        case .pcm24: append(Int(sample) << 8, bytes: 3, to: &data)
        case .float32: append(Int((Float(sample) / 32768).bitPattern), bytes: 4, to: &data)
        case .muLaw: data.append(G711.muLawCode(for: sample))
        case .aLaw: data.append(G711.aLawCode(for: sample))
        }
    }

    private static func append(_ value: Int, bytes count: Int, to data: inout [UInt8]) {
        for byte in 0..<count { data.append(UInt8(truncatingIfNeeded: value >> (8 * byte))) }
    }
}
