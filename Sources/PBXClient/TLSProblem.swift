public import Foundation

/// Why no connection is made that is secured as it has to be.
public enum TLSProblem: Sendable, Hashable {
    /// Nobody whom the system trusts has signed the certificate, or none of the authorities of a file.
    case unknownSigner(isFile: Bool)
    /// The certificate is made out to another name.
    case otherName
    /// The certificate has expired.
    case expired(Date)
    /// The certificate is not valid yet.
    case notYetValid(Date)
    /// The certificate is none of those that are pinned; with its fingerprint, nil where there was none.
    case otherCertificate(CertificateFingerprint?)
    /// TLS is not spoken on the port.
    case noTLS
    /// No version of TLS is spoken that is not older than this one.
    case tooOld(TLSMinimum)
    /// There is no cipher that both sides know.
    case noCipher
    /// Something else, in a few words.
    case other(String)

    /// One sentence for a person, about the PBX at an address.
    func sentence(about address: PBXAddress) -> String {
        let certificate = "the certificate of the PBX at \(address)"
        let accepting = "accept it by its fingerprint with --pin-sha256"
        switch self {
        case .unknownSigner(let isFile):
            let signer = isFile ? "no authority of the file" : "nobody whom this system trusts"
            return
                "\(certificate) is not trusted, as \(signer) has signed it: give its authority with --ca-file, or "
                + "its fingerprint with --pin-sha256"
        case .otherName:
            return
                "\(certificate) is not trusted, as it is made out to another name: use that name in the URL, or "
                + accepting
        case .expired(let date):
            return "\(certificate) expired on \(Self.day(date)): renew it on the PBX, or \(accepting)"
        case .notYetValid(let date):
            return
                "\(certificate) is not valid before \(Self.day(date)): check the clocks of this machine and of the "
                + "PBX, or \(accepting)"
        case .otherCertificate(let fingerprint?):
            return
                "\(certificate) is none of those that --pin-sha256 names: if it was renewed on the PBX, give its "
                + "new fingerprint, \(fingerprint)"
        case .otherCertificate(nil):
            return
                "the PBX at \(address) has shown no certificate: give its https URL, or do without --pin-sha256"
        case .noTLS:
            return
                "the PBX at \(address) speaks no TLS on this port: give the port of its https page, or begin the "
                + "URL with http://"
        case .tooOld(let minimum):
            return
                "the PBX at \(address) speaks no TLS from version \(minimum.rawValue) on: update its firmware, or "
                + "allow an older version with --tls-minimum 1.0"
        case .noCipher:
            return
                "the PBX at \(address) and this program share no cipher of TLS: update its firmware, or try "
                + "--tls-minimum 1.0"
        case .other(let reason):
            return
                "the TLS handshake with the PBX at \(address) failed (\(reason)): check its URL and firmware"
        }
    }

    private static func day(_ date: Date) -> String {
        date.formatted(.iso8601.year().month().day())
    }
}
