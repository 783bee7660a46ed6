internal import Crypto
internal import SwiftASN1

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// A hash function that a time-stamp token names by its object identifier.
enum HashAlgorithm: Sendable, Hashable {
    /// Only for naming the signer's certificate, which the signature itself vouches for as well.
    case sha1
    case sha256
    case sha384
    case sha512

    /// The function of an object identifier (RFC 3279 §2.2.1, RFC 5754 §2); nil for any other.
    init?(_ identifier: ASN1ObjectIdentifier) {
        switch identifier {
        case [1, 3, 14, 3, 2, 26]: self = .sha1
        case [2, 16, 840, 1, 101, 3, 4, 2, 1]: self = .sha256
        case [2, 16, 840, 1, 101, 3, 4, 2, 2]: self = .sha384
        case [2, 16, 840, 1, 101, 3, 4, 2, 3]: self = .sha512
        default: return nil
        }
    }

    func hash(of bytes: some DataProtocol) -> [UInt8] {
        switch self {
        case .sha1: Array(Insecure.SHA1.hash(data: bytes))
        case .sha256: Array(SHA256.hash(data: bytes))
        case .sha384: Array(SHA384.hash(data: bytes))
        case .sha512: Array(SHA512.hash(data: bytes))
        }
    }
}
