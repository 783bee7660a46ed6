import TestSupport
import Testing

@testable import SpeechFeed

@Suite struct GzipStreamTests {
    private func compress(_ pieces: [[UInt8]]) throws -> [UInt8] {
        let stream = try GzipStream()
        return try pieces.reduce(into: []) { $0 += try stream.compress($1) } + stream.finish()
    }

    @Test(arguments: [0, 1, 16383, 16384, 1 << 20])
    func `gunzip gives back what was compressed`(count: Int) async throws {
        let scratch = try ScratchFolder()
        // A generator's noise, which does not compress, so that the buffer is filled many times over.
        var state: UInt64 = 1
        let bytes = (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 33)
        }
        let pieces = stride(from: 0, to: count, by: 70001).map { Array(bytes[$0..<min(count, $0 + 70001)]) }
        try scratch.write(compress(pieces), to: "file.gz")
        let result = try await Tool("gzip").run(["-d", "-c", scratch("file.gz")])
        #expect(result.status == 0)
        #expect(result.output == bytes)
    }

    @Test func `has neither a name nor a time, and is the same every time`() throws {
        let bytes = try compress([Array("hello".utf8)])
        #expect(bytes == (try compress([Array("hel".utf8), [], Array("lo".utf8)])))
        #expect(bytes.prefix(8) == [0x1F, 0x8B, 8, 0, 0, 0, 0, 0])
    }
}
