extension ReversibleScale {
    /// The stored value of a source sample.
    public func apply(_ sample: Int64) -> Int64 {
        (((sample >> Int64(zeroBits)) &* multiplier &+ 32_768) >> 16) << Int64(shift)
    }

    /// The source sample of a stored value.
    ///
    /// A value that `apply(_:)` cannot have made gives some neighbor; whoever compares the rebuilt file notices.
    public func undo(_ stored: Int64) -> Int64 {
        let dividend = (stored >> Int64(shift)) &* 131_072 &+ multiplier
        let divisor = 2 &* multiplier
        // Division rounds toward zero where the inverse wants the floor.
        let quotient = dividend / divisor
        let floor = dividend < quotient &* divisor ? quotient &- 1 : quotient
        return floor << Int64(zeroBits)
    }

    /// Replaces source samples by their stored values.
    ///
    /// - Parameter samples: Values within `sourceBits`; others give meaningless values, but nothing worse.
    public func apply(_ samples: inout MutableSpan<Int32>) {
        Self.multiply(&samples, down: zeroBits, by: Double(multiplier) / 65_536, up: shift)
    }

    /// Replaces stored values by the source samples that they were made from.
    ///
    /// - Parameter samples: Values within `outputBits`; others give meaningless values, but nothing worse.
    public func undo(_ samples: inout MutableSpan<Int32>) {
        Self.multiply(&samples, down: shift, by: 65_536 / Double(multiplier), up: zeroBits)
    }

    /// Shifts samples down, multiplies them, rounds half up, and shifts them up again.
    ///
    /// In floating point, as vectors have no product of 64-bit integers, and yet exact. A product is at most 2^25 and
    /// within 2^-27 of the true one, which lies at a multiple of 2^-16 or of 1 / (2 * multiplier), no less than
    /// 2^-18, from halfway. So 2^-20 more sends halfway up and nothing else astray. Then 1.5 * 2^52 pushes all bits
    /// of the fraction out of the number, which rounds it, and leaves the integer in its low half.
    private static func multiply(
        _ samples: inout MutableSpan<Int32>, down: Int, by factor: Double, up: Int
    ) {
        guard factor != 1 || down != 0 || up != 0 else { return }
        let (down, up) = (Int32(down), Int32(up))
        samples.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            let count = buffer.count
            var index = 0
            while index < count {
                let rounded = Double(base[index] &>> down) * factor + 0x1p-20 + 0x1.8p52
                base[index] = Int32(truncatingIfNeeded: rounded.bitPattern) &<< up
                index &+= 1
            }
        }
    }
}
