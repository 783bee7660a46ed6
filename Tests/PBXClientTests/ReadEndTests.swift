import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import PBXClient

@Suite struct ReadEndTests {
    private struct Reset: Error {}

    /// Notes what it is told.
    private final class Recorder: ChannelInboundHandler, Sendable {
        typealias InboundIn = Any

        let told = Mutex<[String]>([])

        func channelReadComplete(context: ChannelHandlerContext) {
            told.withLock { $0.append("the read is complete") }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            told.withLock { $0.append("\(type(of: error))") }
        }
    }

    // What TLS holds is handed on at the end of a read. Whether a reset comes before that depends on how full a buffer is.
    @Test func `ends a read before a failure is told`() async throws {
        let recorder = Recorder()
        let channel = try await DatagramBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers([ReadEnd(), recorder])
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        channel.pipeline.fireErrorCaught(Reset())
        try await channel.close()
        #expect(recorder.told.withLock { $0 } == ["the read is complete", "Reset"])
    }
}
