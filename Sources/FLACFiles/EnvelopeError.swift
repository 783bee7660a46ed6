/// What is wrong with an envelope, field by field.
public enum EnvelopeError: Error, Sendable, Hashable {
    /// The APPLICATION blocks hold fewer bytes than the envelope's header has.
    case headerTruncated(found: Int64)

    /// The version byte names a layout that is not known here.
    case unknownVersion(UInt8)

    /// The restoration byte is neither 0 (rebuilt) nor 1 (kept).
    case unknownRestoration(UInt8)

    /// No sample law has this number, or it does not go with these bytes per sample.
    case unknownSampleEncoding(law: UInt8, bytesPerSample: UInt8)

    /// The source bits are not those of the sample encoding, or none that a sample can have (1 to 64).
    case wrongSourceBits(Int)

    /// The multiplier, the zero bits or the shift is out of range, or a scale is missing where one is needed.
    case wrongScale(multiplier: Int64, zeroBits: Int, shift: Int)

    /// A flag is set that version 1 does not define.
    case unknownFlags(UInt8)

    /// The digest to be written does not have the 32 bytes of a SHA-256.
    case wrongDigestLength(Int)

    /// A length is negative or beyond 2^63 - 1, or the prefix and the suffix are longer than the source.
    case wrongLengths(sourceSize: UInt64, prefix: UInt64, suffix: UInt64)

    /// The blocks hold more or fewer verbatim bytes than the lengths say.
    case verbatimMismatch(expected: Int64, found: Int64)

    /// The samples of the stream make up another number of bytes than the lengths leave for the audio.
    case audioMismatch(expected: Int64, found: Int64)
}

extension EnvelopeError: CustomStringConvertible {
    /// One sentence that names the field and what to do about it.
    public var description: String {
        let fault =
            switch self {
            case .headerTruncated(let found):
                "has only \(found) bytes"
            case .unknownVersion(let version):
                "has version \(version), which is not known here"
            case .unknownRestoration(let value):
                "asks for the unknown restoration \(value)"
            case .unknownSampleEncoding(let law, let bytesPerSample):
                "names the unknown sample law \(law) with \(bytesPerSample) bytes a sample"
            case .wrongSourceBits(let bits):
                "claims samples of \(bits) bits"
            case .wrongScale(let multiplier, let zeroBits, let shift):
                "has the impossible scale \(multiplier)/65536, zero bits \(zeroBits), shift \(shift)"
            case .unknownFlags(let flags):
                "has the unknown flags \(flags)"
            case .wrongDigestLength(let count):
                "has a SHA-256 of \(count) bytes"
            case .wrongLengths(let sourceSize, let prefix, let suffix):
                "claims \(prefix) bytes before and \(suffix) bytes after the audio of a source of \(sourceSize)"
            case .verbatimMismatch(let expected, let found):
                "holds \(found) verbatim bytes where its lengths say \(expected)"
            case .audioMismatch(let expected, let found):
                "leaves \(expected) bytes for audio whose samples take \(found)"
            }
        return "The restoration envelope of the FLAC file \(fault); restore from another copy."
    }
}
