import DurableFiles
import Foundation
import Leveling
import PBXEmulator
import PCM
import SpeechFeed
import TestSupport
import Testing

/// Corpora that are interrupted, and gone on with.
struct ResumingTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let format: CorpusFormat
        let audio: CorpusOptions.Audio
        var testDescription: String { "\(format), \(audio)" }
    }

    private static let cases = CorpusFormat.allCases.flatMap { format in
        [.made(.flac), .made(.wav)].map { Case(format: format, audio: $0) }
    }

    private let scratch: ScratchFolder
    private let inputs: [CorpusInput]

    init() throws {
        scratch = try ScratchFolder(inMemory: true)
        var inputs: [CorpusInput] = []
        for seed in 1...5 as ClosedRange<UInt64> {
            var speech = SpeechGenerator(seed: seed)
            try scratch.write(
                WaveComposer.file(
                    samples: speech.speak(seconds: 0.4), sampleRate: SpeechGenerator.sampleRate,
                    encoding: .pcm16), to: "in\(seed).wav")
            inputs.append(
                CorpusInput(
                    id: "r\(seed)", speaker: "s\(seed % 2)", split: seed % 2 == 0 ? "train" : "dev",
                    path: scratch("in\(seed).wav"), digest: nil, facts: []))
        }
        self.inputs = inputs
    }

    /// Makes a corpus in a task that is cancelled once it has so many recordings more.
    private func write(
        _ item: Case, to name: String, upTo limit: Int = .max, inputs: [CorpusInput]? = nil,
        maker: String = "test 1", level: Double = -26
    ) async throws -> Corpus.Summary {
        var options = CorpusOptions()
        options.audio = item.audio
        options.level = try .init(method: .activeSpeech, value: .init(level))
        let corpus = Corpus(
            item.format, settings: CorpusSettings(facts: [], shardSize: 12_000), options: options,
            maker: maker)
        let (path, inputs) = (scratch(name), inputs ?? self.inputs)
        return try await Task {
            var left = limit
            let observer = Corpus.Observer { _, reason in
                Issue.record("\(reason)")
            } finish: { _, _ in
                left -= 1
                if left == 0 { withUnsafeCurrentTask { $0?.cancel() } }
            }
            return try await corpus.write(inputs, to: path, observer: observer) { _ in }
        }.value
    }

    private func tree(_ name: String) throws -> [String: Data] {
        var tree: [String: Data] = [:]
        for file in scratch.files() where file.hasPrefix(name + "/") {
            tree[String(file.dropFirst(name.count))] = try Data(contentsOf: URL(filePath: scratch(file)))
        }
        return tree
    }

    @Test(arguments: cases)
    func `ends in the same bytes, however often it is interrupted`(item: Case) async throws {
        #expect(try await write(item, to: "whole").takenOver == 0)
        let whole = try tree("whole")
        #expect(!whole.isEmpty)
        for done in 1...4 {
            let interrupted = await #expect(throws: Corpus.Interrupted.self) {
                // Each run takes over what those before it have made, and makes one more.
                try await write(item, to: "corpus", upTo: done)
            }
            #expect(interrupted?.ids.count == done)
            #expect(interrupted?.path == scratch(".voxkeep-unfinished-corpus"))
            #expect(try tree("corpus").isEmpty)
        }
        #expect(try await write(item, to: "corpus").takenOver == 4)
        #expect(try tree("corpus") == whole)
        #expect(scratch.files().allSatisfy { !$0.contains("unfinished") })
    }

    @Test func `takes nothing over that is of another corpus, another program, another source, or damaged`()
        async throws
    {
        let item = Case(format: .csv, audio: .made(.flac))
        func interrupt() async throws {
            await #expect(throws: Corpus.Interrupted.self) { try await write(item, to: "corpus", upTo: 3) }
        }
        func finish(
            _ item: Case, maker: String = "test 1", level: Double = -26, takesOver count: Int
        ) async throws {
            let summary = try await write(item, to: "corpus", maker: maker, level: level)
            #expect(summary.takenOver == count)
            _ = try await write(item, to: "whole", maker: maker, level: level)
            #expect(try tree("corpus") == tree("whole"))
            for name in ["corpus", "whole"] { try FileManager.default.removeItem(atPath: scratch(name)) }
        }
        try await interrupt()
        try await finish(item, takesOver: 3)
        try await interrupt()
        try await finish(Case(format: .nemo, audio: .made(.flac)), takesOver: 0)
        try await interrupt()
        try await finish(item, maker: "test 2", takesOver: 0)
        try await interrupt()
        try await finish(item, level: -30, takesOver: 0)

        try await interrupt()
        let unfinished = ".voxkeep-unfinished-corpus"
        var bytes = try #require(scratch.text("\(unfinished)/progress")).utf8.map { $0 }
        // A line that a crash has cut off, and audio that the disk has lost in part.
        bytes.removeLast(40)
        try scratch.write(bytes, to: "\(unfinished)/progress")
        let handle = try FileHandle(
            forWritingTo: URL(filePath: scratch("\(unfinished)/audio/r2.flac")))
        try handle.seek(toOffset: 100)
        try handle.write(contentsOf: Data([1, 2, 3]))
        try handle.close()
        try await finish(item, takesOver: 1)

        try await interrupt()
        try scratch.write(Data(contentsOf: URL(filePath: scratch("in5.wav"))), to: "in4.wav")
        try await finish(item, takesOver: 2)
    }

    @Test func `leaves a corpus alone that another process is making`() async throws {
        let item = Case(format: .csv, audio: .made(.flac))
        await #expect(throws: Corpus.Interrupted.self) { try await write(item, to: "corpus", upTo: 2) }
        let before = try tree(".voxkeep-unfinished-corpus")
        let lock = Process()
        lock.executableURL = URL(filePath: "/usr/bin/flock")
        lock.arguments = [
            "--no-fork", scratch(".voxkeep-unfinished-corpus/lock"), "sh", "-c", "echo; exec sleep 60",
        ]
        let output = Pipe()
        lock.standardOutput = output
        try lock.run()
        _ = try output.fileHandleForReading.read(upToCount: 1)
        await #expect(throws: SpeechFeedError.self) { try await write(item, to: "corpus") }
        kill(lock.processIdentifier, SIGKILL)
        lock.waitUntilExit()
        #expect(try tree(".voxkeep-unfinished-corpus") == before)
        #expect(try await write(item, to: "corpus").takenOver == 2)
    }

    @Test(arguments: [
        ("corpus", "./.voxkeep-unfinished-corpus"), ("a/corpus", "a/.voxkeep-unfinished-corpus"),
        ("/a/b c", "/a/.voxkeep-unfinished-b c"), ("/corpus", "/.voxkeep-unfinished-corpus"),
    ])
    func `lies beside its final name until it is whole`(final: String, unfinished: String) {
        #expect(PendingFolder.unfinishedPath(of: final) == unfinished)
    }
}
