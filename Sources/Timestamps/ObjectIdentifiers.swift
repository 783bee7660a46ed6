internal import SwiftASN1

extension ASN1ObjectIdentifier {
    // RFC 5652 §5.1, §11.1 and §11.2.
    static let signedData: Self = [1, 2, 840, 113_549, 1, 7, 2]
    static let contentType: Self = [1, 2, 840, 113_549, 1, 9, 3]
    static let messageDigest: Self = [1, 2, 840, 113_549, 1, 9, 4]

    /// What a time-stamp token contains (RFC 3161 §2.4.2).
    static let timestampInfo: Self = [1, 2, 840, 113_549, 1, 9, 16, 1, 4]

    // RFC 2634 §5.4 and RFC 5035 §3.
    static let signingCertificate: Self = [1, 2, 840, 113_549, 1, 9, 16, 2, 12]
    static let signingCertificateV2: Self = [1, 2, 840, 113_549, 1, 9, 16, 2, 47]
}

extension ASN1Identifier {
    /// A tag whose meaning depends on where it stands.
    static func contextSpecific(_ number: UInt) -> ASN1Identifier {
        ASN1Identifier(tagWithNumber: number, tagClass: .contextSpecific)
    }
}
