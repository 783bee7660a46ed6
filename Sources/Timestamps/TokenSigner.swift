internal import SwiftASN1
internal import X509

/// Who signed a token, and the signature (SignerInfo, RFC 5652 §5.3).
struct TokenSigner: Sendable {
    /// How the signer's certificate is named, which the signature does not cover.
    enum Name: Sendable, Hashable {
        case issuer(DistinguishedName, serial: Certificate.SerialNumber)
        case keyIdentifier(ArraySlice<UInt8>)
    }

    let name: Name
    let digestAlgorithm: HashAlgorithm
    let attributes: SignedAttributes
    let signatureAlgorithm: Certificate.SignatureAlgorithm
    let signature: ArraySlice<UInt8>

    /// Reads a SignerInfo.
    ///
    /// - Throws: What swift-asn1 throws, or `TimestampError`.
    init(derEncoded node: ASN1Node) throws {
        self = try DER.sequence(node, identifier: .sequence) { nodes in
            _ = try Int(derEncoded: &nodes)
            return try TokenSigner(afterVersion: &nodes)
        }
    }

    private init(afterVersion nodes: inout ASN1NodeCollection.Iterator) throws {
        name = try Self.name(try nodes.required())
        digestAlgorithm = try Self.digestAlgorithm(try AlgorithmName(derEncoded: &nodes).identifier)
        guard let attributes = nodes.next(.contextSpecific(0)) else {
            throw TimestampError.malformed(reason: "its signer signs no attributes")
        }
        self.attributes = try SignedAttributes(derEncoded: attributes)
        signatureAlgorithm = try Self.signatureAlgorithm(
            try AlgorithmName(derEncoded: &nodes).identifier, digestAlgorithm)
        signature = try ASN1OctetString(derEncoded: &nodes).bytes
        // What others added without signing it.
        _ = nodes.next(.contextSpecific(1))
    }

    private static func name(_ node: ASN1Node) throws -> Name {
        guard node.identifier == .sequence else {
            return .keyIdentifier(
                try ASN1OctetString(derEncoded: node, withIdentifier: .contextSpecific(0)).bytes)
        }
        return try DER.sequence(node, identifier: .sequence) { nodes in
            let issuer = try DistinguishedName(derEncoded: try nodes.required())
            return .issuer(issuer, serial: .init(bytes: try ArraySlice(derEncoded: &nodes)))
        }
    }

    private static func digestAlgorithm(_ identifier: ASN1ObjectIdentifier) throws -> HashAlgorithm {
        guard let algorithm = HashAlgorithm(identifier), algorithm != .sha1 else {
            throw TimestampError.unsupported("a signature over the hash \(identifier)")
        }
        return algorithm
    }

    /// The algorithm that a signature is checked with (RFC 5754 §3).
    ///
    /// The curve of an ECDSA key is that of the certificate; the names of swift-certificates stand for the hash.
    private static func signatureAlgorithm(
        _ identifier: ASN1ObjectIdentifier, _ digest: HashAlgorithm
    ) throws -> Certificate.SignatureAlgorithm {
        switch identifier {
        // The key's algorithm alone: the hash is the one that the signer named.
        case [1, 2, 840, 113_549, 1, 1, 1]: digest.withRSA
        case [1, 2, 840, 113_549, 1, 1, 11]: .sha256WithRSAEncryption
        case [1, 2, 840, 113_549, 1, 1, 12]: .sha384WithRSAEncryption
        case [1, 2, 840, 113_549, 1, 1, 13]: .sha512WithRSAEncryption
        case [1, 2, 840, 10_045, 4, 3, 2]: .ecdsaWithSHA256
        case [1, 2, 840, 10_045, 4, 3, 3]: .ecdsaWithSHA384
        case [1, 2, 840, 10_045, 4, 3, 4]: .ecdsaWithSHA512
        default: throw TimestampError.unsupported("the signature algorithm \(identifier)")
        }
    }

    /// Whether a certificate is the one that the signer's name stands for.
    func isNamed(by certificate: Certificate) -> Bool {
        switch name {
        case .issuer(let issuer, let serial):
            certificate.issuer == issuer && certificate.serialNumber == serial
        case .keyIdentifier(let identifier):
            (try? certificate.extensions.subjectKeyIdentifier)?.keyIdentifier == identifier
        }
    }
}

extension HashAlgorithm {
    fileprivate var withRSA: Certificate.SignatureAlgorithm {
        switch self {
        case .sha1: .sha1WithRSAEncryption
        case .sha256: .sha256WithRSAEncryption
        case .sha384: .sha384WithRSAEncryption
        case .sha512: .sha512WithRSAEncryption
        }
    }
}
