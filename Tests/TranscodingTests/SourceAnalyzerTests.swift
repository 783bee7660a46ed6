import ByteSources
import Digests
import Leveling
import Synchronization
import TestSupport
import Testing
import Transcoding
import WaveFiles

/// A file that somebody cuts while it is read: after so many reads only its first bytes are there.
private final class CutSource: ByteSource {
    private let content: [UInt8]
    private let end: Int
    private let wholeReads: Int
    private let reads = Mutex(0)

    var byteCount: Int64 { Int64(content.count) }
    var readCount: Int { reads.withLock { $0 } }

    init(_ content: [UInt8], to end: Int, after wholeReads: Int = .max) {
        (self.content, self.end, self.wholeReads) = (content, end, wholeReads)
    }

    func read(at offset: Int64, into buffer: UnsafeMutableRawBufferPointer) throws(ByteSourceError) -> Int {
        let isWhole = reads.withLock { count in
            count += 1
            return count <= wholeReads
        }
        let rest = content.prefix(isWhole ? content.count : end).dropFirst(Int(offset)).prefix(buffer.count)
        buffer.copyBytes(from: rest)
        return rest.count
    }
}

@Suite struct SourceAnalyzerTests {
    /// Analyzes a source that is cut when it has been inspected and hashed, and is about to be decoded.
    private func analyze(cutTo end: Int) throws -> SourceAnalysis {
        let content = SampleWave.bytes(frames: 40_000)
        let whole = CutSource(content, to: 0)
        _ = try WaveInspector().inspect(whole)
        _ = try whole.digest()
        let source = CutSource(content, to: end, after: whole.readCount)
        return try SourceAnalyzer(method: .activeSpeech).analyze(source)
    }

    @Test func `counts the frames that the decoder gave, and tells of those that it did not`() throws {
        let analysis = try analyze(cutTo: 44 + 2 * 10_000)
        #expect(analysis.inspection.frames < 40_000)
        #expect(analysis.inspection.frames > 5000)
        #expect(analysis.inspection.verdict == .salvaged)
        #expect(
            analysis.inspection.worstFinding.contains("\(analysis.inspection.frames) of the 40000 frames"))
        #expect(analysis.inspection.findings.map(\.code) == ["codec.frames-missing"])
        #expect(analysis.inspection.findings.map(\.severity) == [.error])
    }

    @Test func `rejects a source of which the decoder gives nothing`() throws {
        let analysis = try analyze(cutTo: 44)
        #expect(analysis.inspection.frames == 0)
        #expect(analysis.inspection.verdict == .rejected)
        #expect(analysis.inspection.findings.map(\.code) == ["codec.undecodable"])
        #expect(analysis.inspection.findings.map(\.severity) == [.fatal])
    }
}
