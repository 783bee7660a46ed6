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
        return ~(muLawSteps[place(of: value)] | sign)
    }

    /// The A-law code of a decoded value: the inverse of `aLawValue(of:)`.
    public static func aLawCode(for value: Int32) -> UInt8 {
        let sign: UInt8 = value < 0 ? 0 : 0x80
        return (aLawSteps[place(of: value)] | sign) ^ 0x55
    }

    private static let muLawSteps = steps((0..<128).map { muLawValue(of: ~UInt8($0)).magnitude })
    private static let aLawSteps = steps((0..<128).map { aLawValue(of: UInt8($0) ^ 0x55).magnitude })

    /// Where a value's magnitude stands in a table of steps: the magnitudes of both laws are multiples of four.
    private static func place(of value: Int32) -> Int {
        Int(min(value.magnitude >> 2, 8191))
    }

    /// For each place the low seven bits of the code with the largest magnitude that is not above it.
    private static func steps(_ magnitudes: [UInt32]) -> [UInt8] {
        var step = 0
        return (0..<8192).map { place in
            while step < 127, magnitudes[step + 1] <= UInt32(place) << 2 { step += 1 }
            return UInt8(step)
        }
    }
}
