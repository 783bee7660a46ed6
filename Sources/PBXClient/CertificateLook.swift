internal import Foundation
internal import NIOCore
internal import NIOPosix
internal import NIOSSL

/// A second look at a certificate that was refused: the library does not say why.
struct CertificateLook {
    let address: PBXAddress
    let minimum: TLSMinimum
    let timeout: Duration

    /// What is wrong with the dates of the certificate; nil where nothing is, or where it cannot be seen.
    ///
    /// The connection is ended in the handshake, so that nothing is sent on it.
    func problem(at now: Date) async -> TLSProblem? {
        guard var settings = try? PBXTrust.system.tlsConfiguration(minimum: minimum) else { return nil }
        settings.certificateVerification = .noHostnameVerification
        guard let context = try? NIOSSLContext(configuration: settings) else { return nil }
        let group = HTTPTransport.loop
        let promise = group.any().makePromise(of: (before: Int, after: Int)?.self)
        let isAddress = (try? SocketAddress(ipAddress: address.host, port: 0)) != nil
        let name = isAddress ? nil : address.host
        let bootstrap = ClientBootstrap(group: group)
            .connectTimeout(TimeAmount(timeout))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let handler = try NIOSSLClientHandler(
                        context: context, serverHostname: name
                    ) { (certificates, verdict: EventLoopPromise<NIOSSLVerificationResult>) in
                        promise.succeed(
                            certificates.first.map { (Int($0.notValidBefore), Int($0.notValidAfter)) })
                        verdict.succeed(.failed)
                    }
                    try channel.pipeline.syncOperations.addHandler(handler)
                    channel.closeFuture.whenComplete { _ in promise.succeed(nil) }
                }
            }
        let limit = promise.futureResult.eventLoop.scheduleTask(in: TimeAmount(timeout)) {
            promise.succeed(nil)
        }
        defer { limit.cancel() }
        guard let channel = try? await bootstrap.connect(host: address.host, port: address.port).get() else {
            promise.succeed(nil)
            return nil
        }
        defer { channel.close(promise: nil) }
        guard let dates = try? await promise.futureResult.get() else { return nil }
        let (before, after) = (
            Date(timeIntervalSince1970: Double(dates.before)),
            Date(timeIntervalSince1970: Double(dates.after))
        )
        if now < before { return .notYetValid(before) }
        return now > after ? .expired(after) : nil
    }
}
