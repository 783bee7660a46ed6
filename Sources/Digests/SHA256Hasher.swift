internal import Crypto

// swift-crypto takes what conforms to Foundation's `DataProtocol`; arrays and their slices do.
#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// SHA-256 over bytes that arrive piece by piece; how they are cut into pieces makes no difference.
///
/// The hasher is a value: a copy made halfway hashes the same beginning on towards two different ends.
public struct SHA256Hasher: Sendable {
    private var function = SHA256()

    /// Makes a hasher that has seen no bytes.
    public init() {}

    /// Adds the bytes of a whole buffer, without copying them.
    public mutating func update(_ bytes: [UInt8]) {
        function.update(data: bytes)
    }

    /// Adds the bytes of a part of a buffer, without copying them.
    public mutating func update(_ bytes: ArraySlice<UInt8>) {
        function.update(data: bytes)
    }

    /// The digest of all bytes added so far; more may be added afterwards.
    public func finalize() -> Digest {
        Digest(packing: function.finalize())
    }

    /// The digest of bytes that are in memory already.
    public static func digest(of bytes: [UInt8]) -> Digest {
        var hasher = SHA256Hasher()
        hasher.update(bytes)
        return hasher.finalize()
    }

    /// The code that only the holder of a key can make of bytes: HMAC-SHA-256 (RFC 2104).
    public static func authenticationCode(of bytes: [UInt8], key: [UInt8]) -> Digest {
        Digest(packing: HMAC<SHA256>.authenticationCode(for: bytes, using: SymmetricKey(data: key)))
    }
}
