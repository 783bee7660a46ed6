/// The order of the bytes of a number: RIFX files are the big-endian ones.
enum ByteOrder: Sendable, Hashable {
    case little
    case big

    /// The number that two bytes make.
    func uint16(_ bytes: some Collection<UInt8>) -> UInt16 {
        UInt16(truncatingIfNeeded: number(bytes.prefix(2)))
    }

    /// The number that four bytes make.
    func uint32(_ bytes: some Collection<UInt8>) -> UInt32 {
        UInt32(truncatingIfNeeded: number(bytes.prefix(4)))
    }

    /// The number that eight bytes make.
    func uint64(_ bytes: some Collection<UInt8>) -> UInt64 {
        number(bytes.prefix(8))
    }

    /// The bytes of a number.
    func bytes<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
        let ascending = (0..<(Number.bitWidth / 8)).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
        return self == .little ? ascending : ascending.reversed()
    }

    private func number(_ bytes: some Collection<UInt8>) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        for byte in bytes {
            if self == .little {
                value |= UInt64(byte) << shift
                shift += 8
            } else {
                value = value << 8 | UInt64(byte)
            }
        }
        return value
    }
}
