internal import Crypto
internal import Foundation
internal import SwiftASN1
internal import X509

/// A certificate with its key, in PEM and DER.
struct SelfSignedCertificate: Sendable {
    let certificatePEM: String
    let privateKeyPEM: String
    /// The SHA-256 of the certificate in DER, in lower-case hexadecimal digits: what clients pin.
    let fingerprint: String

    /// Makes a P-256 key and a certificate for it, good from a day ago for ten years, which is what boxes
    /// ship.
    ///
    /// - Parameter host: The name or address served, besides `localhost` and the loopback addresses.
    /// - Throws: What swift-certificates throws for a name that no certificate can hold.
    init(host: String) throws {
        let key = P256.Signing.PrivateKey()
        let name = try DistinguishedName { CommonName("Voxkeep PBX emulator") }
        let now = Date()
        let names: [GeneralName] = Set(["localhost", "127.0.0.1", "::1", host]).sorted().map { text in
            Self.addressBytes(text).map { .ipAddress(ASN1OctetString(contentBytes: $0[...])) }
                ?? .dnsName(text)
        }
        let certificate = try Certificate(
            version: .v3, serialNumber: .init(), publicKey: .init(key.publicKey),
            notValidBefore: now.addingTimeInterval(-86_400),
            notValidAfter: now.addingTimeInterval(3650 * 86_400),
            issuer: name, subject: name, signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
                Critical(KeyUsage(digitalSignature: true, keyCertSign: true))
                try ExtendedKeyUsage([.serverAuth])
                SubjectAlternativeNames(names)
            },
            issuerPrivateKey: .init(key))
        let document = try certificate.serializeAsPEM()
        certificatePEM = document.pemString
        privateKeyPEM = key.pemRepresentation
        fingerprint = Self.fingerprint(ofDER: document.derBytes)
    }

    static func fingerprint(ofDER bytes: [UInt8]) -> String {
        SHA256.hash(data: bytes).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// The bytes of an IP address in network order; nil for a name.
    private static func addressBytes(_ text: String) -> [UInt8]? {
        guard let address = PBXService.normalizedAddress(text) else { return nil }
        if !address.contains(":") { return address.split(separator: ".").compactMap { UInt8($0) } }
        let halves = address.split(separator: "::", omittingEmptySubsequences: false).map { half in
            half.split(separator: ":").compactMap { UInt16($0, radix: 16) }
        }
        guard let head = halves.first else { return nil }
        let tail = halves.count > 1 ? halves[1] : []
        let gap = max(0, 8 - head.count - tail.count)
        return (head + Array(repeating: 0, count: gap) + tail).flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
    }
}
