internal import Digests
internal import SwiftASN1
internal import X509

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// The certificate whose key has signed a time stamp.
struct SignerCertificate: Sendable {
    let certificate: Certificate

    /// The certificate in DER.
    let bytes: [UInt8]

    init(_ certificate: Certificate) {
        self.certificate = certificate
        var output = DER.Serializer()
        // Writes the parts as they were read, which cannot fail.
        try? output.serialize(certificate)
        bytes = output.serializedBytes
    }

    /// Whom the certificate is for.
    var name: String { String(printable: certificate.subject.description) }

    var fingerprint: Digest { SHA256Hasher.digest(of: bytes) }

    /// Whether the certificate's key made a signature over bytes.
    func hasSigned(_ bytes: [UInt8], _ signer: TokenSigner) -> Bool {
        certificate.publicKey.isValidSignature(
            signer.signature, for: bytes, signatureAlgorithm: signer.signatureAlgorithm)
    }

    /// Checks that the key is for time stamps and for nothing else (RFC 3161 §2.3).
    func checkPurpose() throws(TimestampError) {
        let purpose = certificate.extensions[oid: .X509ExtensionID.extendedKeyUsage]
        guard let usage = try? certificate.extensions.extendedKeyUsage, usage.elementsEqual([.timeStamping]),
            purpose?.critical == true
        else { throw .wrongPurpose(authority: name) }
        guard certificate.extensions[oid: .X509ExtensionID.keyUsage] != nil else { return }
        guard let usage = try? certificate.extensions.keyUsage, usage.digitalSignature || usage.nonRepudiation
        else { throw .wrongPurpose(authority: name) }
    }

    func checkValidity(at time: TimestampTime) throws(TimestampError) {
        let date = Date(timeIntervalSince1970: Double(time.seconds))
        guard certificate.notValidBefore <= date, date <= certificate.notValidAfter else {
            throw .outsideValidity(authority: name, time: time.text)
        }
    }
}
