internal import NIOCore
internal import NIOSSL

extension PBXTrust {
    /// The settings of TLS for this kind of trust.
    func tlsConfiguration(minimum: TLSMinimum) throws(PBXConfigurationError) -> TLSConfiguration {
        var settings = TLSConfiguration.makeClientConfiguration()
        settings.minimumTLSVersion =
            switch minimum {
            case .tls10: .tlsv1
            case .tls11: .tlsv11
            case .tls12: .tlsv12
            case .tls13: .tlsv13
            }
        // A box that does not answer the end of a connection is not waited for.
        settings.shutdownTimeout = .seconds(1)
        switch self {
        case .system: break
        case .certificates(let file):
            guard let certificates = try? NIOSSLCertificate.fromPEMFile(file), !certificates.isEmpty else {
                throw .certificateFile(file)
            }
            settings.trustRoots = .certificates(certificates)
        case .pinned, .anything: settings.certificateVerification = .none
        }
        return settings
    }
}

/// The PBX's certificate is not one of those that were pinned.
struct CertificateMismatch: Error {
    /// What it is instead; nil where there was none, as on a connection without TLS.
    let presented: CertificateFingerprint?
}

/// The check of a connection's certificate against pinned fingerprints.
enum PinnedCertificate {
    /// Succeeds when the certificate is one of the pinned ones; closes the connection otherwise.
    static func check(_ channel: any Channel, against pins: [CertificateFingerprint]) -> EventLoopFuture<Void>
    {
        channel.nioSSL_peerCertificate().flatMapThrowing { certificate in
            let presented = try certificate.map { CertificateFingerprint(certificate: try $0.toDERBytes()) }
            guard let presented, pins.contains(presented) else {
                throw CertificateMismatch(presented: presented)
            }
        }.flatMapErrorThrowing { error in
            channel.close(mode: .all, promise: nil)
            throw error is CertificateMismatch ? error : CertificateMismatch(presented: nil)
        }
    }
}
