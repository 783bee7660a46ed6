internal import SwiftASN1
internal import X509

/// What an authority signs: that a digest existed at a time (TSTInfo, RFC 3161 §2.4.2).
package struct TimestampInfo: Sendable, Hashable {
    /// When the authority had the digest.
    package let time: TimestampTime

    /// How far the time may be off either way, where the authority says so.
    package let accuracy: Duration?

    /// The number that the authority gave to this time stamp, in lowercase hexadecimal digits.
    package let serial: String

    /// The object identifier of the policy that the authority worked by, such as `1.2.3.4.1`.
    package let policy: String

    /// The hash that was stamped, as long as its algorithm makes it.
    package let imprint: [UInt8]

    /// The object identifier of the algorithm that made the imprint: for SHA-256 `2.16.840.1.101.3.4.2.1`.
    package let imprintAlgorithm: String

    /// The query's nonce, most significant byte first and without leading zeros; nil where there was none.
    package let nonce: [UInt8]?

    /// The imprint's algorithm, where it is one that is known here.
    let hash: HashAlgorithm?

    /// The most bytes of a hash or a number that are kept; serial numbers have 20 at most (RFC 3161 §2.4.2).
    private static let largestByteCount = 64

    /// Reads a TSTInfo in DER.
    ///
    /// - Throws: What swift-asn1 throws, or `TimestampError`.
    init(derEncoded bytes: ArraySlice<UInt8>) throws {
        self = try DER.sequence(try DER.parse(bytes), identifier: .sequence) { nodes in
            guard try Int(derEncoded: &nodes) == 1 else {
                throw TimestampError.unsupported("a version of time stamps other than 1")
            }
            return try TimestampInfo(afterVersion: &nodes)
        }
    }

    private init(afterVersion nodes: inout ASN1NodeCollection.Iterator) throws {
        policy = String(printable: try ASN1ObjectIdentifier(derEncoded: &nodes).description)
        let (algorithm, imprint) = try DER.sequence(try nodes.required(), identifier: .sequence) { nodes in
            let algorithm = try AlgorithmName(derEncoded: &nodes).identifier
            return (algorithm, try ASN1OctetString(derEncoded: &nodes).bytes)
        }
        imprintAlgorithm = String(printable: algorithm.description)
        hash = HashAlgorithm(algorithm)
        self.imprint = try Self.bounded(imprint)
        serial = Self.hexadecimal(try Self.bounded(try ArraySlice(derEncoded: &nodes)))
        time = try TimestampTime(derEncoded: try nodes.required())
        accuracy = try nodes.next(.sequence).map(Self.accuracy)
        // Whether the authority's time stamps are ordered says nothing about this one.
        _ = nodes.next(.boolean)
        nonce = try nodes.next(.integer).map { try Self.bounded(try ArraySlice(derEncoded: $0)) }
        // The authority's name is that of its certificate, which is what gets checked.
        _ = nodes.next(.contextSpecific(0))
        for node in try nodes.next(.contextSpecific(1))?.elements ?? [] {
            guard try !Certificate.Extension(derEncoded: node).critical else {
                throw TimestampError.unsupported("an extension that changes what the time stamp means")
            }
        }
    }

    /// Seconds, milliseconds and microseconds, each of which may be left out.
    private static func accuracy(_ node: ASN1Node) throws -> Duration {
        try DER.sequence(node, identifier: .sequence) { nodes in
            let seconds = try nodes.next(.integer).map { try Int32(derEncoded: $0) } ?? 0
            let milliseconds: Int16? = try DER.optionalImplicitlyTagged(&nodes, tag: .contextSpecific(0))
            let microseconds: Int16? = try DER.optionalImplicitlyTagged(&nodes, tag: .contextSpecific(1))
            guard seconds >= 0, (milliseconds ?? 0) >= 0, (microseconds ?? 0) >= 0 else {
                throw TimestampError.malformed(reason: "its accuracy is negative")
            }
            return .seconds(seconds) + .milliseconds(milliseconds ?? 0) + .microseconds(microseconds ?? 0)
        }
    }

    private static func bounded(_ bytes: ArraySlice<UInt8>) throws -> [UInt8] {
        guard bytes.count <= largestByteCount else {
            throw TimestampError.malformed(reason: "it holds a number that is too long")
        }
        return Array(bytes)
    }

    private static func hexadecimal(_ number: [UInt8]) -> String {
        let digits = number.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        return digits.isEmpty ? "00" : digits
    }
}
