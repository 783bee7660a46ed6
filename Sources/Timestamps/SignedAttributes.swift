internal import SwiftASN1

/// What a signer signs in place of the content: attributes that name the content's hash and the certificate
/// (RFC 5652 §5.3).
struct SignedAttributes: Sendable {
    /// The SET that the signature is made over.
    let signedBytes: [UInt8]

    private let values: [ASN1ObjectIdentifier: [ASN1Node]]

    /// Reads the attributes under the tag that they have in a SignerInfo.
    init(derEncoded node: ASN1Node) throws {
        // In the SignerInfo the tag of a SET is replaced by that of the field; what is signed has the former.
        signedBytes = [0x31] + node.encodedBytes.dropFirst()
        var values: [ASN1ObjectIdentifier: [ASN1Node]] = [:]
        for attribute in try node.elements {
            let (name, elements) = try DER.sequence(attribute, identifier: .sequence) { nodes in
                let name = try ASN1ObjectIdentifier(derEncoded: &nodes)
                guard let set = nodes.next(.set) else { throw ASN1Error.unexpectedFieldType(.set) }
                return (name, try set.elements)
            }
            guard values.updateValue(elements, forKey: name) == nil else {
                throw TimestampError.malformed(reason: "its signer gives an attribute twice")
            }
        }
        self.values = values
    }

    /// The one value of an attribute; nil where there is no such attribute, or not one value.
    private func value(_ name: ASN1ObjectIdentifier) -> ASN1Node? {
        guard let values = values[name], values.count == 1 else { return nil }
        return values[0]
    }

    /// What kind of content was signed.
    var contentType: ASN1ObjectIdentifier {
        get throws {
            guard let node = value(.contentType) else {
                throw TimestampError.malformed(reason: "its signer does not say what is signed")
            }
            return try ASN1ObjectIdentifier(derEncoded: node)
        }
    }

    /// The hash of the content.
    var messageDigest: [UInt8] {
        get throws {
            guard let node = value(.messageDigest) else {
                throw TimestampError.malformed(reason: "its signer does not name the hash of what is signed")
            }
            return Array(try ASN1OctetString(derEncoded: node).bytes)
        }
    }

    /// The hashes of the signer's certificate, in one or both of the attributes there are for it, so that no other
    /// certificate of the same key can be put in its place (RFC 5816 §2.2.1).
    var certificateHashes: [CertificateHash] {
        get throws {
            var hashes: [CertificateHash] = []
            if values[.signingCertificate] != nil {
                hashes.append(try CertificateHash(value(.signingCertificate), default: .sha1))
            }
            if values[.signingCertificateV2] != nil {
                hashes.append(try CertificateHash(value(.signingCertificateV2), default: .sha256))
            }
            guard !hashes.isEmpty else {
                throw TimestampError.malformed(reason: "its signer does not name its certificate")
            }
            return hashes
        }
    }
}
