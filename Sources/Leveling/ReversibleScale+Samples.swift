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
        samples.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            let count = buffer.count
            var index = 0
            while index < count {
                base[index] = Int32(truncatingIfNeeded: apply(Int64(base[index])))
                index &+= 1
            }
        }
    }

    /// Replaces stored values by the source samples that they were made from.
    ///
    /// - Parameter samples: Values within `outputBits`; others give meaningless values, but nothing worse.
    public func undo(_ samples: inout MutableSpan<Int32>) {
        samples.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            let count = buffer.count
            var index = 0
            while index < count {
                base[index] = Int32(truncatingIfNeeded: undo(Int64(base[index])))
                index &+= 1
            }
        }
    }
}
