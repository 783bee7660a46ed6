/// How an integer sample lies in the bytes of a file whose samples can be rebuilt from their values alone.
///
/// Compressed and floating-point codecs have no such encoding: their bytes do not follow from the samples.
public struct SampleEncoding: Sendable, Hashable {
    /// The law that turns a value into bytes.
    ///
    /// Raw values are part of the envelope's format: never reassign one.
    public enum Law: UInt8, Sendable, Hashable {
        /// One byte, 128 standing for zero.
        case unsigned = 1
        /// Two's complement, least significant byte first.
        case littleEndian = 2
        /// Two's complement, most significant byte first.
        case bigEndian = 3
        /// ITU-T G.711 µ-law, one byte for 16 bits.
        case muLaw = 4
        /// ITU-T G.711 A-law, one byte for 16 bits.
        case aLaw = 5
    }

    /// The law that turns a value into bytes.
    public let law: Law

    /// Bytes a sample takes in the file, 1 to 4; 1 for `unsigned` and for G.711.
    public let bytesPerSample: Int

    /// Makes an encoding, or nil for a combination that does not exist.
    public init?(law: Law, bytesPerSample: Int) {
        switch law {
        case .unsigned, .muLaw, .aLaw:
            guard bytesPerSample == 1 else { return nil }
        case .littleEndian, .bigEndian:
            guard (1...4).contains(bytesPerSample) else { return nil }
        }
        self.law = law
        self.bytesPerSample = bytesPerSample
    }

    /// The width in bits of the values that this encoding holds: 16 for G.711, else that of its bytes.
    public var bitsPerSample: Int {
        switch law {
        case .muLaw, .aLaw: 16
        case .unsigned, .littleEndian, .bigEndian: bytesPerSample * 8
        }
    }

    /// Appends the bytes of samples, each right-justified in `bitsPerSample` bits.
    ///
    /// G.711 values that no code decodes to are written as the nearest lower code; the caller, who compares the
    /// rebuilt file with the original, is the one to notice.
    public func append(_ samples: Span<Int32>, to bytes: inout [UInt8]) {
        let start = bytes.count
        bytes.reserveCapacity(start + samples.count * bytesPerSample)
        switch law {
        case .littleEndian where bytesPerSample == 2:
            // Nearly every recording is of this kind, and a loop over two bytes at fixed places becomes one of vectors.
            bytes.append(contentsOf: repeatElement(0, count: samples.count * 2))
            var target = bytes.mutableSpan
            for index in samples.indices {
                let value = samples[index]
                target[start &+ 2 &* index] = UInt8(truncatingIfNeeded: value)
                target[start &+ 2 &* index &+ 1] = UInt8(truncatingIfNeeded: value >> 8)
            }
        case .unsigned:
            for index in samples.indices {
                bytes.append(UInt8(truncatingIfNeeded: samples[index] &+ 128))
            }
        case .littleEndian:
            for index in samples.indices {
                let value = samples[index]
                for byte in 0..<bytesPerSample {
                    bytes.append(UInt8(truncatingIfNeeded: value >> Int32(8 * byte)))
                }
            }
        case .bigEndian:
            for index in samples.indices {
                let value = samples[index]
                for byte in (0..<bytesPerSample).reversed() {
                    bytes.append(UInt8(truncatingIfNeeded: value >> Int32(8 * byte)))
                }
            }
        case .muLaw:
            for index in samples.indices {
                bytes.append(G711.muLawCode(for: samples[index]))
            }
        case .aLaw:
            for index in samples.indices {
                bytes.append(G711.aLawCode(for: samples[index]))
            }
        }
    }

    /// Replaces samples by those that their bytes stand for, so that what has the same bytes becomes the same.
    public func normalize(_ samples: inout MutableSpan<Int32>) {
        switch law {
        case .muLaw:
            for index in samples.indices {
                samples[index] = G711.muLawValue(of: G711.muLawCode(for: samples[index]))
            }
        case .aLaw:
            for index in samples.indices {
                samples[index] = G711.aLawValue(of: G711.aLawCode(for: samples[index]))
            }
        case .unsigned, .littleEndian, .bigEndian:
            let excess = Int32(32 - bitsPerSample)
            guard excess > 0 else { return }
            for index in samples.indices {
                samples[index] = (samples[index] &<< excess) &>> excess
            }
        }
    }
}
