internal import Digests

/// The SHA-256 fingerprint of one certificate: the digest of its DER form.
public struct CertificateFingerprint: Sendable, Hashable {
    private let digest: Digest

    /// Reads a fingerprint, plain or with colons between the bytes, in either case.
    ///
    /// - Parameter text: 64 hexadecimal digits, such as `openssl x509 -fingerprint -sha256` prints.
    /// - Throws: `PBXConfigurationError.fingerprint` for anything else.
    public init(_ text: String) throws(PBXConfigurationError) {
        let pairs = text.split(separator: ":", omittingEmptySubsequences: false)
        let isPlain = pairs.count == 1
        guard isPlain || pairs.allSatisfy({ $0.utf8.count == 2 }),
            let digest = Digest(hexadecimal: pairs.joined())
        else { throw .fingerprint(text) }
        self.digest = digest
    }

    /// Computes the fingerprint of a certificate from its DER form.
    init(certificate: [UInt8]) {
        digest = SHA256Hasher.digest(of: certificate)
    }
}

extension CertificateFingerprint: CustomStringConvertible {
    /// The digits as `openssl` prints them, so that they can be compared by eye and given back.
    public var description: String {
        let digits = Array(digest.hexadecimal.uppercased())
        return stride(from: 0, to: digits.count, by: 2)
            .map { String(digits[$0..<min($0 + 2, digits.count)]) }
            .joined(separator: ":")
    }
}
