/// A SHA-256 digest: the 32 bytes that name a recording's content (FIPS 180-4 §6.2).
public struct Digest: Sendable, Hashable {
    /// How many bytes a digest has.
    public static let byteCount = 32

    // Four words have the equality and the hashing that an inline array lacks. A vector of 32 bytes would have
    // them too, but its alignment of 32 is more than Swift 6.3 gives to values that live in an async frame.
    private let first: UInt64
    private let second: UInt64
    private let third: UInt64
    private let fourth: UInt64

    /// Packs 32 bytes, first byte most significant.
    init(packing bytes: some Sequence<UInt8>) {
        var iterator = bytes.makeIterator()
        func nextWord() -> UInt64 {
            var word: UInt64 = 0
            for _ in 0..<8 { word = word << 8 | UInt64(iterator.next() ?? 0) }
            return word
        }
        (first, second, third, fourth) = (nextWord(), nextWord(), nextWord(), nextWord())
    }

    /// 32 zeros: what stands for nothing where digests are chained.
    public static let zeros = Digest(packing: repeatElement(0, count: byteCount))

    /// Takes over the bytes of a digest; nil unless there are exactly 32 of them.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        // An array, whose loop the compiler knows, as it does not that of any collection of a caller's.
        self.init(packing: Array(bytes))
    }

    /// Reads 64 hexadecimal digits of either case; nil for anything else.
    public init?(hexadecimal text: some StringProtocol) {
        guard let bytes = Hexadecimal.bytes(of: text) else { return nil }
        self.init(bytes: bytes)
    }

    /// The 32 bytes, first byte first.
    public var bytes: [UInt8] {
        [first, second, third, fourth].flatMap { word in
            stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: word >> UInt64($0)) }
        }
    }

    /// The 64 lowercase hexadecimal digits, as `sha256sum` prints them.
    public var hexadecimal: String {
        Hexadecimal.text(of: bytes)
    }
}

extension Digest: CustomStringConvertible {
    /// The 64 hexadecimal digits.
    public var description: String { hexadecimal }
}

extension Digest: Codable {
    /// Decodes a digest from its 64 hexadecimal digits.
    ///
    /// - Parameter decoder: The place of a single string.
    /// - Throws: `DecodingError` when the string is no digest.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let digest = Digest(hexadecimal: text) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "a SHA-256 digest has 64 hexadecimal digits")
        }
        self = digest
    }

    /// Encodes the digest as its 64 lowercase hexadecimal digits.
    ///
    /// - Parameter encoder: The place for a single string.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(hexadecimal)
    }
}
