internal import PCM

/// The envelope's header as bytes: fixed length, integers most significant byte first.
extension Envelope {
    /// The id of our APPLICATION blocks, “Vxkp”.
    static let applicationID: [UInt8] = Array("Vxkp".utf8)

    /// The layout written here, and the only one known.
    static let version: UInt8 = 1

    /// Bytes in the header of version 1.
    static let headerLength = 68

    /// The header's bytes, for an envelope that `validate()` has passed.
    var headerBytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.headerLength)
        var law: UInt8 = 0
        var bytesPerSample = 0
        var prefix: Int64 = 0
        var suffix: Int64 = 0
        var restorationCode: UInt8 = 1
        if case .rebuilt(let encoding, _, let prefixLength, let suffixLength) = restoration {
            restorationCode = 0
            law = encoding.law.rawValue
            bytesPerSample = encoding.bytesPerSample
            prefix = prefixLength
            suffix = suffixLength
        }
        bytes += [Self.version, restorationCode, law, UInt8(truncatingIfNeeded: bytesPerSample)]
        bytes += [
            UInt8(truncatingIfNeeded: sourceBits), UInt8(truncatingIfNeeded: scale?.zeroBits ?? 0),
            UInt8(truncatingIfNeeded: scale?.shift ?? 0), 0,
        ]
        bytes.append(bigEndian: UInt32(truncatingIfNeeded: scale?.multiplier ?? 0))
        bytes.append(bigEndian: UInt64(bitPattern: prefix))
        bytes.append(bigEndian: UInt64(bitPattern: suffix))
        bytes.append(bigEndian: UInt64(bitPattern: sourceSize))
        bytes += sourceSHA256
        return bytes
    }

    /// Parses a header strictly: an envelope comes out only if writing it again gives the same bytes.
    init(parsing bytes: [UInt8]) throws(EnvelopeError) {
        guard let version = bytes.first else { throw .headerTruncated(found: 0) }
        guard version == Self.version else { throw .unknownVersion(version) }
        guard bytes.count == Self.headerLength else { throw .headerTruncated(found: Int64(bytes.count)) }
        guard bytes[7] == 0 else { throw .unknownFlags(bytes[7]) }

        let multiplier = Int64(UInt32(bigEndian: bytes[8..<12]))
        let scale = Scale(multiplier: multiplier, zeroBits: Int(bytes[5]), shift: Int(bytes[6]))
        let prefix = UInt64(bigEndian: bytes[12..<20])
        let suffix = UInt64(bigEndian: bytes[20..<28])
        let size = UInt64(bigEndian: bytes[28..<36])
        guard let prefixLength = Int64(exactly: prefix), let suffixLength = Int64(exactly: suffix),
            let sourceSize = Int64(exactly: size)
        else { throw .wrongLengths(sourceSize: size, prefix: prefix, suffix: suffix) }

        switch bytes[1] {
        case 0:
            guard let law = SampleEncoding.Law(rawValue: bytes[2]),
                let encoding = SampleEncoding(law: law, bytesPerSample: Int(bytes[3]))
            else { throw .unknownSampleEncoding(law: bytes[2], bytesPerSample: bytes[3]) }
            restoration = .rebuilt(encoding, scale, prefixLength: prefixLength, suffixLength: suffixLength)
        case 1:
            guard bytes[2] == 0, bytes[3] == 0 else {
                throw .unknownSampleEncoding(law: bytes[2], bytesPerSample: bytes[3])
            }
            guard prefix == 0, suffix == 0 else {
                throw .wrongLengths(sourceSize: size, prefix: prefix, suffix: suffix)
            }
            let isUnscaled = multiplier == 0 && scale.zeroBits == 0 && scale.shift == 0
            restoration = .kept(isUnscaled ? nil : scale)
        default:
            throw .unknownRestoration(bytes[1])
        }
        self.sourceBits = Int(bytes[4])
        self.sourceSize = sourceSize
        self.sourceSHA256 = Array(bytes[36..<68])
        try validate()
    }
}

extension [UInt8] {
    /// Appends an integer, most significant byte first.
    mutating func append<Number: FixedWidthInteger>(bigEndian number: Number) {
        for shift in stride(from: Number.bitWidth - 8, through: 0, by: -8) {
            append(UInt8(truncatingIfNeeded: number >> shift))
        }
    }
}

extension FixedWidthInteger {
    /// Reads an integer, most significant byte first; bytes beyond its width push the first ones out.
    init(bigEndian bytes: ArraySlice<UInt8>) {
        self = bytes.reduce(0) { $0 << 8 | Self(truncatingIfNeeded: $1) }
    }
}
