internal import Crypto

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// The SHA-256 hash of a leaf or a node of the tree: 32 bytes.
public struct TreeHash: Sendable, Hashable {
    /// How many bytes a hash has.
    public static let byteCount = 32

    /// The bytes, as they are stored in tiles and hashed into the next node.
    public let bytes: [UInt8]

    /// Takes over the bytes of a hash; nil unless there are exactly 32 of them.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        self.bytes = Array(bytes)
    }

    /// Hashes bytes that are given in parts.
    init(hashing parts: [UInt8]...) {
        var function = SHA256()
        for part in parts { function.update(data: part) }
        bytes = Array(function.finalize())
    }

    /// Reads the one way to write a hash in base64; nil for anything else.
    init?(base64 text: some StringProtocol) {
        guard let bytes = Base64.bytes(of: text) else { return nil }
        self.init(bytes: bytes)
    }
}

extension TreeHash: CustomStringConvertible {
    /// The hash in base64, as checkpoints and proofs write it.
    public var description: String { Base64.text(of: bytes) }
}
