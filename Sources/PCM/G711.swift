/// The code tables of ITU-T G.711, on the 16-bit scale that decoders use (µ-law values times 4, A-law times 8).
public enum G711 {
    /// The 16-bit value of a µ-law code (G.711 table 2a); 0x7F and 0xFF both stand for 0.
    public static func muLawValue(of code: UInt8) -> Int32 {
        let inverted = ~code
        let segment = Int32(inverted >> 4 & 0x7)
        let step = Int32(inverted & 0xF)
        let magnitude = ((step << 3) + 0x84) << segment - 0x84
        return inverted & 0x80 != 0 ? -magnitude : magnitude
    }

    /// The 16-bit value of an A-law code (G.711 table 1a); no code stands for 0.
    public static func aLawValue(of code: UInt8) -> Int32 {
        let toggled = code ^ 0x55
        let segment = Int32(toggled >> 4 & 0x7)
        let step = Int32(toggled & 0xF)
        let magnitude = segment == 0 ? (step << 4) + 8 : ((step << 4) + 0x108) << (segment - 1)
        return toggled & 0x80 != 0 ? magnitude : -magnitude
    }

    /// The µ-law code of a decoded value: the inverse of `muLawValue(of:)` except that 0 always gives 0xFF.
    public static func muLawCode(for value: Int32) -> UInt8 {
        let sign: UInt8 = value < 0 ? 0x80 : 0
        return ~(segmentAndStep(of: value, in: muLawMagnitudes) | sign)
    }

    /// The A-law code of a decoded value: the inverse of `aLawValue(of:)`.
    public static func aLawCode(for value: Int32) -> UInt8 {
        let sign: UInt8 = value < 0 ? 0 : 0x80
        return (segmentAndStep(of: value, in: aLawMagnitudes) | sign) ^ 0x55
    }

    private static let muLawMagnitudes: [UInt32] = (0..<128).map { muLawValue(of: ~UInt8($0)).magnitude }
    private static let aLawMagnitudes: [UInt32] = (0..<128).map { aLawValue(of: UInt8($0) ^ 0x55).magnitude }

    /// The low seven bits of the code with the largest magnitude not above the value's own.
    private static func segmentAndStep(of value: Int32, in magnitudes: [UInt32]) -> UInt8 {
        var low = 0
        var high = 127
        while low < high {
            let middle = (low + high + 1) / 2
            if magnitudes[middle] <= value.magnitude { low = middle } else { high = middle - 1 }
        }
        return UInt8(low)
    }
}
