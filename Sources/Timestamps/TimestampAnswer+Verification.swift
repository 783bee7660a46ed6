package import Digests
internal import SwiftASN1
@_spi(FixedExpiryValidationTime) internal import X509

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

extension TimestampAnswer {
    /// Checks that an authority has stamped a digest (RFC 3161 §2.2 and §2.3).
    ///
    /// Whether a certificate has been revoked is not asked: that takes a network.
    ///
    /// - Parameters:
    ///   - digest: The SHA-256 of the stamped bytes.
    ///   - nonce: The query's, where the query is known; nil to accept any.
    ///   - roots: The authorities that are trusted, at whose end the signer's chain has to be, all of it valid at the
    ///     time of the stamp; nil to leave that unchecked, which the result says.
    ///   - others: Certificates to complete the chain with, besides those in the answer.
    /// - Returns: Who signed.
    /// - Throws: `TimestampError`.
    package func verify(
        _ digest: Digest, nonce: UInt64? = nil, trusting roots: TimestampCertificates?,
        completedBy others: TimestampCertificates? = nil
    ) async throws(TimestampError) -> TimestampAuthority {
        guard info.hash == .sha256 else { throw .otherHash(algorithm: info.imprintAlgorithm) }
        guard info.imprint == digest.bytes else { throw .otherDigest(expected: digest) }
        if let nonce, info.nonce != TimestampQuery.magnitude(of: nonce) { throw .otherNonce }
        let certificates = token.certificates + (others?.certificates ?? [])
        let signer = try signer(among: certificates)
        try signer.checkPurpose()
        try signer.checkValidity(at: info.time)
        var trust = TimestampAuthority.Trust.unchecked
        if let roots {
            trust = .root(try await root(of: signer, via: certificates, among: roots.certificates))
        }
        return TimestampAuthority(
            name: signer.name, fingerprint: signer.fingerprint, validUntil: signer.certificate.notValidAfter,
            trust: trust)
    }

    /// The certificate that the signature was made with, and that it names.
    private func signer(among certificates: [Certificate]) throws(TimestampError) -> SignerCertificate {
        guard let certificate = certificates.first(where: token.signer.isNamed) else {
            throw .certificateMissing
        }
        let signer = SignerCertificate(certificate)
        do {
            let attributes = token.signer.attributes
            guard try attributes.contentType == .timestampInfo,
                try attributes.messageDigest == token.signer.digestAlgorithm.hash(of: token.content)
            else { throw TimestampError.altered }
            guard try attributes.certificateHashes.allSatisfy({ $0.matches(signer.bytes) }) else {
                throw TimestampError.otherCertificate(authority: signer.name)
            }
            guard signer.hasSigned(attributes.signedBytes, token.signer) else {
                throw TimestampError.badSignature(authority: signer.name)
            }
        } catch let error as TimestampError {
            throw error
        } catch {
            throw .malformed(reason: "its signer's attributes are not in the form of RFC 5652")
        }
        return signer
    }

    /// The trusted authority at the end of a chain that was valid when the stamp was made.
    private func root(
        of signer: SignerCertificate, via certificates: [Certificate], among roots: [Certificate]
    ) async throws(TimestampError) -> String {
        let time = Date(timeIntervalSince1970: Double(info.time.seconds))
        var verifier = Verifier(rootCertificates: CertificateStore(roots)) {
            RFC5280Policy(fixedExpiryValidationTime: time)
            TimestampingPolicy()
        }
        let result = await verifier.validate(
            leaf: signer.certificate, intermediates: CertificateStore(certificates))
        guard case .validCertificate(let chain) = result else {
            throw .untrusted(authority: signer.name, time: info.time.text)
        }
        return String(printable: chain.root.subject.description)
    }
}
