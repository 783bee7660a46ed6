import ByteSources
import Digests
import Foundation
import Leveling
import TestSupport
import Testing
import Transcoding
import WaveFiles

@Suite struct FileConverterTests {
    private let scratch: ScratchFolder

    init() throws {
        scratch = try ScratchFolder(inMemory: true)
    }

    private func convert(
        _ input: String, to output: String, mode: LevelMode = .applied, replacing: Bool = false,
        observer: @escaping @Sendable (Int) -> Bool
    ) throws -> FileConversion {
        var group = ConversionGroup()
        let transcoder = Transcoder(options: TranscodingOptions(mode: mode))
        FileConverter(transcoder: transcoder, isReplacing: replacing).convert(
            input, to: output, name: "a.wav", in: &group, observer: observer)
        return try #require(group.publish().first)
    }

    private func convert(
        _ input: String, to output: String, mode: LevelMode = .applied, replacing: Bool = false
    ) throws -> FileConversion {
        try convert(input, to: output, mode: mode, replacing: replacing) { _ in true }
    }

    @Test func `gives a group's outputs their names together, in folders that it makes`() async throws {
        var group = ConversionGroup()
        let converter = FileConverter(
            transcoder: Transcoder(options: TranscodingOptions()), isReplacing: false)
        for number in 0..<3 {
            let input = try scratch.write(SampleWave.bytes(number), to: "in/\(number).wav")
            converter.convert(input, to: scratch("out/b/\(number).flac"), name: "\(number).wav", in: &group)
            #expect(group.count == number + 1)
            #expect(group.last?.outcome == .converted)
        }
        let outputs = (0..<3).map { "out/b/\($0).flac" }
        #expect(!scratch.files().contains { $0.hasSuffix(".flac") })
        let conversions = group.publish()
        #expect(conversions.map(\.outcome) == [.converted, .converted, .converted])
        #expect(scratch.files().filter { $0.hasPrefix("out/") } == outputs)
        #expect(group.publish().isEmpty)
        for (number, conversion) in conversions.enumerated() {
            let source = SampleWave.bytes(number)
            #expect(conversion.report.size == Int64(source.count))
            #expect(conversion.report.digest == (try MemoryByteSource(source).digest()))
            #expect(conversion.report.inspection?.verdict == .valid)
            #expect(conversion.report.conversion?.output == scratch(outputs[number]))
            #expect(try await Tool("flac").run(["-t", "--silent", scratch(outputs[number])]).status == 0)
            var restored: [UInt8] = []
            try SourceRestorer(FileByteSource(path: scratch(outputs[number]))).restore { restored += $0 }
            #expect(restored == source)
        }
    }

    @Test func `leaves an output as it is that is right already, and replaces another only when told to`()
        throws
    {
        let input = try scratch.write(SampleWave.bytes(), to: "a.wav")
        let output = scratch("a.flac")
        #expect(try convert(input, to: output).outcome == .converted)
        let first = scratch.bytes("a.flac")
        let again = try convert(input, to: output)
        #expect(again.outcome == .unchanged)
        #expect(again.report.conversion?.output == output)

        let refused = try convert(input, to: output, mode: .tagged)
        #expect(refused.outcome == .failed)
        #expect(refused.failure as? OutputError == .exists(output))
        #expect(refused.report.conversion?.output == nil)
        #expect(scratch.bytes("a.flac") == first)

        #expect(try convert(input, to: output, mode: .tagged, replacing: true).outcome == .converted)
        #expect(scratch.bytes("a.flac") != first)
        #expect(scratch.files() == ["a.flac", "a.wav"])
    }

    @Test func `writes over neither the input nor anything that is no file`() throws {
        let input = try scratch.write(SampleWave.bytes(), to: "a.wav")
        try FileManager.default.linkItem(atPath: input, toPath: scratch("same.flac"))
        try FileManager.default.createDirectory(
            atPath: scratch("folder.flac"), withIntermediateDirectories: true)
        let expected: [(String, OutputError)] = [
            (input, .isInput(input)), (scratch("same.flac"), .isInput(scratch("same.flac"))),
            (scratch("folder.flac"), .isNoFile(scratch("folder.flac"))),
            ("/dev/null", .isNoFile("/dev/null")),
        ]
        for (output, error) in expected {
            let conversion = try convert(input, to: output, replacing: true)
            #expect(conversion.outcome == .failed)
            #expect(conversion.failure as? OutputError == error)
            #expect(conversion.report.error == "\(error)")
        }
        #expect(scratch.bytes("a.wav") == SampleWave.bytes())
    }

    @Test func `makes nothing of a source without audio`() throws {
        let input = try scratch.write("<html>no message</html>".utf8, to: "a.wav")
        let conversion = try convert(input, to: scratch("out/a.flac"))
        #expect(conversion.outcome == .rejected)
        #expect(conversion.failure == nil)
        #expect(conversion.report.error?.isEmpty == false)
        #expect(scratch.files() == ["a.wav"])
        #expect(!FileManager.default.fileExists(atPath: scratch("out")))
    }

    @Test func `names the output, and not the temporary file, that could not be made`() throws {
        let input = try scratch.write(SampleWave.bytes(), to: "a.wav")
        // A folder in which nobody can make a file.
        let conversion = try convert(input, to: "/proc/a.flac")
        #expect(conversion.outcome == .failed)
        let error = try #require(conversion.report.error)
        #expect(error.contains("/proc/a.flac"))
        #expect(!error.contains(".voxkeep-"))
        let missing = try convert(scratch("missing.wav"), to: scratch("a.flac"))
        #expect(missing.report.error?.contains(scratch("missing.wav")) == true)
    }

    @Test func `is broken off by its observer, and takes that for no verdict`() throws {
        for content in [SampleWave.bytes(), Array("no audio".utf8)] {
            let input = try scratch.write(content, to: "a.wav")
            let conversion = try convert(input, to: scratch("a.flac")) { _ in false }
            #expect(conversion.outcome == .interrupted)
            #expect(conversion.failure == nil)
            #expect(scratch.files() == ["a.wav"])
        }
    }
}
