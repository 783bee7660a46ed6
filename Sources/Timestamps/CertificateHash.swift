internal import SwiftASN1

/// The hash that a signer names its certificate by: ESSCertID (RFC 2634 §5.4) or ESSCertIDv2 (RFC 5035 §4).
struct CertificateHash: Sendable, Hashable {
    let algorithm: HashAlgorithm
    let bytes: [UInt8]

    /// Reads the first of the certificates that a signing-certificate attribute lists, which is the signer's.
    ///
    /// - Parameters:
    ///   - value: The attribute's value.
    ///   - algorithm: The algorithm where none is named: always SHA-1 in the first version of the attribute.
    /// - Throws: What swift-asn1 throws, or `TimestampError`.
    init(_ value: ASN1Node?, default algorithm: HashAlgorithm) throws {
        // The attribute's other certificates, and its policies, restrict what the chain may be made of; the one
        // that is checked here decides whose key it is.
        guard let first = try value?.elements.first?.elements.first else {
            throw TimestampError.malformed(reason: "its signer does not name its certificate")
        }
        self = try DER.sequence(first, identifier: .sequence) { nodes in
            let named = try nodes.next(.sequence).map { try AlgorithmName(derEncoded: $0).identifier }
            let bytes = try ASN1OctetString(derEncoded: &nodes).bytes
            _ = nodes.next(.sequence)
            guard let named else { return CertificateHash(algorithm, Array(bytes)) }
            guard let algorithm = HashAlgorithm(named) else {
                throw TimestampError.unsupported("a certificate that is named by the hash \(named)")
            }
            return CertificateHash(algorithm, Array(bytes))
        }
    }

    private init(_ algorithm: HashAlgorithm, _ bytes: [UInt8]) {
        self.algorithm = algorithm
        self.bytes = bytes
    }

    /// Whether the hash is that of a certificate in DER.
    func matches(_ certificate: [UInt8]) -> Bool {
        algorithm.hash(of: certificate) == bytes
    }
}
