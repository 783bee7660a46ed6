package import Digests
internal import SwiftASN1

/// A question to a time-stamp authority: sign that this digest exists now (RFC 3161 §2.4.1).
package struct TimestampQuery: Sendable, Hashable {
    /// The media type that a query is sent with over HTTP (RFC 3161 §3.4).
    package static let mediaType = "application/timestamp-query"

    /// The SHA-256 of the bytes that are to be stamped.
    package let digest: Digest

    /// A number that the answer repeats, so that an old answer does not pass for a new one.
    package let nonce: UInt64

    /// Makes a query.
    ///
    /// - Parameters:
    ///   - digest: The SHA-256 of the bytes that are to be stamped.
    ///   - nonce: A random number.
    package init(digest: Digest, nonce: UInt64) {
        self.digest = digest
        self.nonce = nonce
    }

    /// The query in DER: a TimeStampReq of version 1 that asks for the authority's certificate.
    package var bytes: [UInt8] {
        var output = DER.Serializer()
        output.appendConstructedNode(identifier: .sequence) { query in
            query.appendPrimitiveNode(identifier: .integer) { $0.append(1) }
            query.appendConstructedNode(identifier: .sequence) { imprint in
                imprint.appendConstructedNode(identifier: .sequence) { algorithm in
                    algorithm.appendPrimitiveNode(identifier: .objectIdentifier) { $0 += Self.sha256 }
                    // RFC 5754 §2 would rather have no parameters; authorities are known to accept NULL, which
                    // openssl sends.
                    algorithm.appendPrimitiveNode(identifier: .null) { _ in }
                }
                imprint.appendPrimitiveNode(identifier: .octetString) { $0 += digest.bytes }
            }
            query.appendPrimitiveNode(identifier: .integer) { $0 += nonceBytes }
            query.appendPrimitiveNode(identifier: .boolean) { $0.append(0xFF) }
        }
        return output.serializedBytes
    }

    /// The object identifier 2.16.840.1.101.3.4.2.1 in DER.
    private static let sha256: [UInt8] = [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01]

    /// The nonce as a positive INTEGER: in as few bytes as there can be, the first bit zero.
    private var nonceBytes: [UInt8] {
        let magnitude = Self.magnitude(of: nonce)
        return (magnitude.first ?? 0x80) < 0x80 ? magnitude : [0] + magnitude
    }

    /// The bytes of a number, the most significant first, without leading zeros.
    static func magnitude(of number: UInt64) -> [UInt8] {
        let bytes = stride(from: 56, through: 0, by: -8).map {
            UInt8(truncatingIfNeeded: number >> UInt64($0))
        }
        return Array(bytes.drop { $0 == 0 })
    }
}
