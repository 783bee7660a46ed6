internal import SwiftASN1
internal import X509

/// What RFC 5280 leaves to those who use a chain: that all of it may vouch for time stamps.
struct TimestampingPolicy: VerifierPolicy {
    let verifyingCriticalExtensions: [ASN1ObjectIdentifier] = [.X509ExtensionID.extendedKeyUsage]

    func chainMeetsPolicyRequirements(chain: UnverifiedCertificateChain) -> PolicyEvaluationResult {
        // A root is trusted for what it is, not for its own signature or purpose. The signer's purpose is checked
        // more strictly elsewhere.
        for certificate in chain.dropLast() where certificate.signatureAlgorithm == .sha1WithRSAEncryption {
            return .failsToMeetPolicy(reason: "a certificate is signed over SHA-1")
        }
        for certificate in chain.dropLast().dropFirst() {
            do {
                if let usage = try certificate.extensions.extendedKeyUsage,
                    !usage.contains(.timeStamping), !usage.contains(.any)
                {
                    return .failsToMeetPolicy(reason: "an issuer is not meant for time stamps")
                }
            } catch {
                return .failsToMeetPolicy(reason: "the purpose of an issuer cannot be read")
            }
        }
        return .meetsPolicy
    }
}
