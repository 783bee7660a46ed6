/// GSM 06.10 with the rhythm of speech, block by block: there is a decoder to measure, but no encoder to make its input.
enum GSMSpeech {
    /// Two frames of the codec as WAVE files have them, 520 bits.
    static let bytesPerBlock = 65
    static let framesPerBlock = 320

    static func blocks(_ count: Int) -> [UInt8] {
        var random = Noise()
        return (0..<count).flatMap { block in
            var bits = BitPacker()
            for half in 0..<2 { frame(2 * block + half, &bits, &random) }
            return bits.bytes
        }
    }

    /// The parameters of 20 ms, in the order and the widths of GSM 06.10, table 1.1.
    private static func frame(_ number: Int, _ bits: inout BitPacker, _ random: inout Noise) {
        // Reflection coefficients of an open vowel, which wander a little.
        bits.append(40 + number % 7, width: 6)
        bits.append(26 - number % 5, width: 6)
        for (value, width) in [(18, 5), (13, 5), (9, 4), (7, 4), (4, 3), (3, 3)] {
            bits.append(value, width: width)
        }
        let isPause = number % 140 >= 100
        for quarter in 0..<4 {
            bits.append(60 + number * 7 % 20, width: 7)  // the pitch, as a lag of that many samples
            bits.append(isPause ? 0 : 1, width: 2)  // its gain
            bits.append(quarter, width: 2)  // the position of the pulses
            bits.append(isPause ? 4 : 14 + number % 10, width: 6)  // the largest of them
            for _ in 0..<13 { bits.append(random.next(bits: 3), width: 3) }
        }
    }
}

/// Bits in a row, the lowest of each byte first.
private struct BitPacker {
    private(set) var bytes: [UInt8] = []
    private var count = 0

    mutating func append(_ value: Int, width: Int) {
        for bit in 0..<width {
            if count % 8 == 0 { bytes.append(0) }
            bytes[count / 8] |= UInt8(value >> bit & 1) << UInt8(count % 8)
            count += 1
        }
    }
}
