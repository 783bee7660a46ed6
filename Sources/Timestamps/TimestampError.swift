package import Digests

/// Why a time stamp is not accepted.
package enum TimestampError: Error, Sendable, Hashable {
    /// The answer has more bytes than `TimestampAnswer.largestByteCount`.
    case tooLarge(byteCount: Int)
    /// The answer cannot be read.
    case malformed(reason: String)
    /// The authority gives no time stamp: its status and what it says about it.
    case refused(status: Int, reason: String)
    /// The answer uses something that is not understood here.
    case unsupported(String)
    /// What is stamped is no SHA-256: the object identifier of its algorithm.
    case otherHash(algorithm: String)
    /// What is stamped is not the digest that was asked for.
    case otherDigest(expected: Digest)
    /// The answer is not that to this query.
    case otherNonce
    /// The signer's certificate is neither in the answer nor among those given.
    case certificateMissing
    /// The signature names another certificate than the one that would fit it.
    case otherCertificate(authority: String)
    /// What the signature is about is not what the answer says.
    case altered
    /// The signature is not that of the certificate's key.
    case badSignature(authority: String)
    /// The certificate is not, or not only, for time stamps.
    case wrongPurpose(authority: String)
    /// The certificate was not valid at the time of the stamp.
    case outsideValidity(authority: String, time: String)
    /// No chain of certificates that were valid then leads to a trusted authority.
    case untrusted(authority: String, time: String)
    /// What should be certificates in PEM is not, from the certificate of this number on.
    case unreadableCertificates(index: Int)
}

extension TimestampError: CustomStringConvertible {
    /// One sentence that says what is wrong and what to do.
    package var description: String {
        switch self {
        case .tooLarge(let byteCount):
            "the time stamp has \(byteCount) bytes where \(TimestampAnswer.largestByteCount) are the most; "
                + "check that the address is that of a time-stamp authority"
        case .malformed(let reason):
            "the time stamp cannot be read: \(reason); ask the authority again, or restore the file from a copy"
        case .refused(let status, let reason):
            "the time-stamp authority refused with status \(status)\(reason.isEmpty ? "" : " (\(reason))"); "
                + "ask it again later, or ask another one"
        case .unsupported(let feature):
            "the time stamp has \(feature), which is not supported; ask an authority that signs with RSA or ECDSA "
                + "and SHA-256, SHA-384 or SHA-512"
        case .otherHash(let algorithm):
            "the time stamp is about a hash of the algorithm \(algorithm), not about a SHA-256; "
                + "ask the authority for one of that"
        case .otherDigest(let expected):
            "the time stamp is not about the SHA-256 \(expected); check that it belongs to these bytes, which may "
                + "have been changed since"
        case .otherNonce:
            "the time stamp does not answer the query that was sent; ask the authority again"
        case .certificateMissing:
            "the time stamp comes without the certificate of its signer; give it in a file, or ask the authority again"
        case .otherCertificate(let authority):
            "the time stamp was signed with another certificate than the one of \(authority) that is in it; "
                + "ask the authority again, or restore the file from a copy"
        case .altered:
            "the time stamp was changed after it was signed; ask the authority again, or restore the file from a copy"
        case .badSignature(let authority):
            "the signature of the time stamp is not by \(authority); ask the authority again, or restore the file "
                + "from a copy"
        case .wrongPurpose(let authority):
            "the certificate of \(authority) is not for time stamps alone, as RFC 3161 demands; ask another authority"
        case .outsideValidity(let authority, let time):
            "the certificate of \(authority) was not valid at \(time), when the time stamp was made; "
                + "ask another authority"
        case .untrusted(let authority, let time):
            "no certificates that were valid at \(time) lead from \(authority) to an authority that is trusted; "
                + "check which root certificates were given, or ask an authority that they vouch for"
        case .unreadableCertificates(let index):
            "certificate \(index) of the given ones is not an X.509 certificate in PEM that can be used; "
                + "convert it with openssl x509, or leave it out"
        }
    }
}
