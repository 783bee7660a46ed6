internal import SwiftASN1
internal import X509

/// The signed message in an answer: a TSTInfo, the signature over it and certificates (SignedData, RFC 5652 §5.1).
struct TimestampToken: Sendable {
    /// The most certificates that a token may bring: authorities send two or three.
    ///
    /// The ways to chain certificates grow faster than exponentially with their number where somebody made them for
    /// that.
    static let largestCertificateCount = 8

    /// The TSTInfo as it was hashed.
    let content: ArraySlice<UInt8>

    /// The certificates of kinds that are understood, of whoever they are.
    let certificates: [Certificate]

    let signer: TokenSigner

    /// Reads a ContentInfo.
    ///
    /// - Throws: What swift-asn1 throws, or `TimestampError`.
    init(derEncoded node: ASN1Node) throws {
        let data = try DER.sequence(node, identifier: .sequence) { nodes in
            guard try ASN1ObjectIdentifier(derEncoded: &nodes) == .signedData,
                let data = try nodes.next(.contextSpecific(0))?.onlyElement
            else { throw TimestampError.malformed(reason: "it is not a signed message") }
            return data
        }
        self = try DER.sequence(data, identifier: .sequence) { nodes in
            _ = try Int(derEncoded: &nodes)
            // The algorithms of all signers, for those who hash before they read.
            _ = try nodes.required()
            return try TimestampToken(fromContentOn: &nodes)
        }
    }

    private init(fromContentOn nodes: inout ASN1NodeCollection.Iterator) throws {
        content = try DER.sequence(try nodes.required(), identifier: .sequence) { nodes in
            guard try ASN1ObjectIdentifier(derEncoded: &nodes) == .timestampInfo,
                let content = try nodes.next(.contextSpecific(0))?.onlyElement
            else { throw TimestampError.malformed(reason: "what it signs is not a time stamp") }
            return try ASN1OctetString(derEncoded: content).bytes
        }
        // DER would have the certificates sorted, which openssl does not do.
        let certificates = try nodes.next(.contextSpecific(0))?.elements ?? []
        guard certificates.count <= Self.largestCertificateCount else {
            throw TimestampError.malformed(
                reason: "it brings more than \(Self.largestCertificateCount) certificates")
        }
        // A certificate that cannot be read can still be one that nobody needs.
        self.certificates = certificates.compactMap { try? Certificate(derEncoded: $0) }
        // Revocation lists.
        _ = nodes.next(.contextSpecific(1))
        let signers = try nodes.next(.set)?.elements ?? []
        guard signers.count == 1 else {
            throw TimestampError.malformed(reason: "it has not exactly one signer")
        }
        signer = try TokenSigner(derEncoded: signers[0])
    }
}
