/// Which bits the integers of a recording use, and how large they get.
struct IntegerExtent {
    private var usedBits: Int32 = 0

    /// The largest magnitude so far.
    private(set) var peakMagnitude: UInt32 = 0

    /// How many low bits have been 0 in every sample; 0 while no sample had a bit set.
    var commonZeroBits: Int { usedBits == 0 ? 0 : usedBits.trailingZeroBitCount }

    /// Takes note of some of the samples.
    mutating func add(_ samples: Span<Int32>, in range: Range<Int>) {
        var bits = usedBits
        var lowest: Int32 = 0
        var highest: Int32 = 0
        samples.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            let end = range.upperBound
            var index = range.lowerBound
            while index < end {
                let sample = base[index]
                bits |= sample
                if sample < lowest { lowest = sample }
                if sample > highest { highest = sample }
                index &+= 1
            }
        }
        usedBits = bits
        peakMagnitude = max(peakMagnitude, lowest.magnitude, highest.magnitude)
    }
}
