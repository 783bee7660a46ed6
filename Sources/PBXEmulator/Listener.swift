internal import Foundation
internal import Hummingbird
internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import NIOPosix

/// A port that is listened at, for as long as its task runs.
struct Listener: Sendable {
    let port: Int
    let task: Task<Void, any Error>

    /// NIO's own group has a loop a processor, each with three descriptors, and ends the process where one is not to be had.
    private static let loop = MultiThreadedEventLoopGroup(numberOfThreads: 1)

    /// Binds a port and waits until it is bound.
    static func start<Responder: HTTPResponder>(
        _ responder: Responder, builder: HTTPServerBuilder, host: String, port: Int
    ) async throws(EmulatorStartError) -> Listener where Responder.Context == PBXRequestContext {
        let (ports, report) = AsyncThrowingStream.makeStream(of: Int.self, throwing: (any Error).self)
        let application = Application(
            responder: responder, server: builder,
            configuration: ApplicationConfiguration(address: .hostname(host, port: port)),
            onServerRunning: { channel in report.yield(channel.localAddress?.port ?? port) },
            eventLoopGroupProvider: .shared(Self.loop),
            logger: Logger(label: "pbx-emulator") { _ in SwiftLogNoOpLogHandler() })
        let task = Task {
            do {
                try await application.run()
                report.finish()
            } catch {
                report.finish(throwing: error)
                throw error
            }
        }
        do {
            for try await bound in ports { return Listener(port: bound, task: task) }
            throw CancellationError()
        } catch {
            task.cancel()
            throw .listening(host: host, port: port, cause: Self.cause(error))
        }
    }

    private static func cause(_ error: any Error) -> String {
        guard let error = error as? IOError else { return "\(error)" }
        // Its own description begins with the name of a system call.
        let cause = NSError(domain: NSPOSIXErrorDomain, code: Int(error.errnoCode))
        return cause.localizedFailureReason ?? "error \(error.errnoCode)"
    }
}
