/// A tag of a FLAC file: a name and a value (RFC 9639 §8.6).
///
/// Names compare without regard to case in other tools; several comments may share one.
public struct VorbisComment: Sendable, Hashable {
    /// The name: characters 0x20 to 0x7D except “=”, at least one.
    public var name: String

    /// The value: any Unicode text but U+0000, which tools in C would take for its end.
    public var value: String

    /// Makes a comment; whether it can be stored is judged by the encoder.
    public init(name: String, value: String) {
        self.name = name
        self.value = value
    }

    /// Whether the name and the value keep to what can be stored.
    public var isValid: Bool {
        !name.isEmpty
            && name.utf8.allSatisfy { (0x20...0x7D).contains($0) && $0 != UInt8(ascii: "=") }
            && !value.utf8.contains(0)
    }
}

/// The content of a VORBIS_COMMENT block: who wrote the stream, and the comments in their order.
struct VorbisCommentBlock {
    private(set) var vendor = ""
    private(set) var comments: [VorbisComment] = []

    /// Parses the block; entries without a “=” are left out, and bytes that are no UTF-8 become U+FFFD.
    ///
    /// Returns nil where a length leads beyond the block.
    init?(parsing bytes: [UInt8]) {
        var rest = bytes[...]
        guard let vendor = Self.takeText(from: &rest), let count = Self.takeLength(from: &rest) else {
            return nil
        }
        self.vendor = String(decoding: vendor, as: UTF8.self)
        // Each entry takes four bytes at least, so a false count ends the loop with the block.
        for _ in 0..<count {
            guard let entry = Self.takeText(from: &rest) else { return nil }
            guard let separator = entry.firstIndex(of: UInt8(ascii: "=")) else { continue }
            comments.append(
                VorbisComment(
                    name: String(decoding: entry[..<separator], as: UTF8.self),
                    value: String(decoding: entry[(separator + 1)...], as: UTF8.self)))
        }
    }

    private static func takeText(from rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard let length = takeLength(from: &rest), length <= rest.count else { return nil }
        defer { rest = rest.dropFirst(length) }
        return rest.prefix(length)
    }

    /// Takes a 32-bit length, little-endian as only Vorbis comments have it in FLAC.
    private static func takeLength(from rest: inout ArraySlice<UInt8>) -> Int? {
        guard rest.count >= 4 else { return nil }
        let length = rest.prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
        rest = rest.dropFirst(4)
        return length
    }
}
