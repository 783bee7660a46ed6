import ByteSources
import FLACFiles
import Foundation
import Leveling
import PCM
import Synchronization
import TestSupport
import Testing

@testable import Transcoding

/// What comes between encoder and proof must be found by the proof, whatever it is and on every path.
@Suite struct ProofTests {
    /// A way from source to FLAC file.
    struct Path: Sendable, CustomTestStringConvertible {
        /// What sox is asked for.
        let format: String
        let restoration: ProvedRecording.Restoration
        /// What is made of the file that sox has written.
        var change: Change = .none
        var seconds = 1.0

        enum Change: String, Sendable {
            case none
            /// More bytes than are held in memory, most of them behind the audio.
            case long
            /// A µ-law code that does not follow from its sample.
            case negativeZero
            /// The low byte of each sample of 32 bits is 0.
            case spareBits
        }

        init(_ format: String, _ restoration: ProvedRecording.Restoration, _ change: Change = .none) {
            (self.format, self.restoration, self.change) = (format, restoration, change)
        }

        var testDescription: String { "\(format), \(restoration), \(change), \(seconds) s" }

        func bytes(in scratch: ScratchFolder) async throws -> [UInt8] {
            let path = scratch.path("\(UUID().uuidString).wav")
            let made = try await Tool("sox").run(
                ["-R", "-n"] + format.split(separator: " ").map(String.init)
                    + ["-t", "wav", path, "synth", "\(seconds)", "pinknoise", "vol", "0.2"])
            guard made.status == 0 else { throw CocoaError(.fileWriteUnknown) }
            var bytes = try Array(Data(contentsOf: URL(filePath: path)))
            switch change {
            case .none: break
            case .long: bytes += [UInt8](repeating: 0x55, count: Transcoder.memoryLimit)
            case .negativeZero: bytes[bytes.count - 2] = 0x7F
            case .spareBits: for index in stride(from: 80, to: bytes.count, by: 4) { bytes[index] = 0 }
            }
            return bytes
        }

        static let all: [Path] = [
            Path("-r 8000 -b 16", .rebuilt), Path("-r 8000 -b 16", .rebuilt, .long),
            Path("-r 8000 -b 8 -e unsigned-integer", .rebuilt),
            Path("-r 8000 -b 8 -e unsigned-integer", .rebuilt, .long),
            Path("-r 16000 -b 16 -c 2", .rebuilt), Path("-r 8000 -b 16 -B", .rebuilt, .long),
            Path("-r 16000 -b 24", .rebuilt), Path("-r 16000 -b 24", .rebuilt, .long),
            Path("-r 8000 -b 32 -e signed-integer", .rebuilt, .spareBits),
            Path("-r 8000 -e mu-law", .rebuilt), Path("-r 8000 -e mu-law", .rebuilt, .long),
            Path("-r 8000 -e a-law", .rebuilt), Path("-r 8000 -e a-law", .rebuilt, .long),
            Path("-r 8000 -e mu-law", .kept, .negativeZero),
            Path("-r 8000 -b 32 -e signed-integer", .kept),
            Path("-r 8000 -b 32 -e signed-integer", .kept, .long),
            Path("-r 8000 -b 32 -e floating-point", .kept),
            Path("-r 8000 -b 32 -e floating-point", .kept, .long),
            Path("-r 8000 -b 64 -e floating-point -c 2", .kept), Path("-r 8000 -e gsm-full-rate", .kept),
            Path("-r 8000 -e gsm-full-rate", .kept, .long), Path("-r 8000 -e ima-adpcm", .kept),
            Path("-r 8000 -e ms-adpcm", .kept, .long),
        ]
    }

    private let scratch: ScratchFolder

    init() throws {
        scratch = try ScratchFolder()
    }

    /// Encodes a source into a file of its own, and says what became of it; the file stays for a look.
    private func encode(
        _ source: any ByteSource, _ transcoder: Transcoder, _ analysis: SourceAnalysis, name: String = "a.wav"
    ) throws -> (result: Result<ProvedRecording, any Error>, path: String) {
        let path = try scratch.write([], to: "\(UUID().uuidString).flac")
        let handle = try #require(FileHandle(forUpdatingAtPath: path))
        let result = Result {
            try transcoder.encode(source, analysis, name: name, descriptor: handle.fileDescriptor, path: path)
        }
        try handle.close()
        return (result, path)
    }

    private static func isRefusedByProof(_ result: Result<ProvedRecording, any Error>) -> Bool {
        if case .failure(TranscodingError.proofFailed) = result { true } else { false }
    }

    @Test(arguments: Path.all, LevelMode.allCases)
    func `refuses every file that is not the one that was to be written`(path: Path, mode: LevelMode)
        async throws
    {
        let source = try FileByteSource(
            path: scratch.write(try await path.bytes(in: scratch), to: "source.wav")
        ).loaded(limit: Transcoder.memoryLimit)
        #expect((source is MemoryByteSource) == (path.change != .long))
        var transcoder = Transcoder(options: TranscodingOptions(mode: mode))
        let analysis = try transcoder.analyze(source)
        let sound = try encode(source, transcoder, analysis)
        #expect(try sound.result.get().restoration == path.restoration)
        // What is wrong below is nothing but what is meant to be: taken apart and put together, the file is the same.
        transcoder.willProve = { path, _ in try FinishedFile(path).write(to: path) }
        #expect(try encode(source, transcoder, analysis).result.get() == sound.result.get())

        for wrong in WrongOutput.allCases {
            let isReplaced = Mutex(false)
            transcoder.willProve = { path, output in
                guard let replaced = try wrong.replace(path, output) else { return output }
                isReplaced.withLock { $0 = true }
                return replaced
            }
            let outcome = try encode(source, transcoder, analysis)
            guard isReplaced.withLock({ $0 }) else {
                #expect(try outcome.result.get() == sound.result.get(), "\(wrong)")
                continue
            }
            #expect(Self.isRefusedByProof(outcome.result), "\(wrong): \(outcome.result)")
        }
    }

    @Test func `refuses a file of which any byte was changed`() async throws {
        for path in [Path("-r 8000 -b 16", .rebuilt), Path("-r 8000 -b 32 -e floating-point", .kept)] {
            var brief = path
            brief.seconds = 0.05
            let source = MemoryByteSource(try await brief.bytes(in: scratch))
            var transcoder = Transcoder(options: TranscodingOptions())
            let analysis = try transcoder.analyze(source)
            let sound = try encode(source, transcoder, analysis)
            let recording = try sound.result.get()
            let bytes = try Array(Data(contentsOf: URL(filePath: sound.path)))
            for index in bytes.indices {
                transcoder.willProve = { path, output in
                    var wrong = bytes
                    wrong[index] ^= 1 << UInt8(index % 8)
                    let handle = try FileHandle(forWritingTo: URL(filePath: path))
                    try handle.write(contentsOf: wrong)
                    try handle.close()
                    return output
                }
                let outcome = try encode(source, transcoder, analysis)
                #expect(Self.isRefusedByProof(outcome.result), "byte \(index) of \(recording.size)")
                try FileManager.default.removeItem(atPath: outcome.path)
            }
        }
    }

    @Test(arguments: [Path.Change.none, .long])
    func `does not take one file's output for another's`(change: Path.Change) async throws {
        let sources = try await [1.0, 1.0, 1.5].enumerated().asyncMap { index, seconds in
            var path = Path("-r 8000 -b 16 -c \(index + 1)", .rebuilt, change)
            path.seconds = seconds
            return try FileByteSource(
                path: scratch.write(try await path.bytes(in: scratch), to: "\(index).wav")
            ).loaded(limit: Transcoder.memoryLimit)
        }
        let transcoder = Transcoder(options: TranscodingOptions())
        let analyses = try sources.map { try transcoder.analyze($0) }
        // The same source under another name is another file too: its tags are those of another message.
        let cases = [(0, "a.wav"), (1, "a.wav"), (2, "a.wav"), (0, "b.wav")]
        var outputs: [(bytes: [UInt8], output: FLACOutput)] = []
        for (index, name) in cases {
            let output = Mutex<FLACOutput?>(nil)
            var watched = transcoder
            watched.willProve = { _, written in
                output.withLock { $0 = written }
                return written
            }
            let (result, path) = try encode(sources[index], watched, analyses[index], name: name)
            _ = try result.get()
            outputs.append(
                (try Array(Data(contentsOf: URL(filePath: path))), try #require(output.withLock { $0 })))
        }
        for (mine, (index, name)) in cases.enumerated() {
            for (theirs, other) in outputs.enumerated() where theirs != mine {
                for isOwnedUp in [false, true] {
                    // That an encoder writes other tags than it was given is for the tests of the tags to find.
                    if isOwnedUp, cases[theirs].0 == index { continue }
                    var swapped = transcoder
                    swapped.willProve = { path, output in
                        let handle = try FileHandle(forWritingTo: URL(filePath: path))
                        try handle.truncate(atOffset: 0)
                        try handle.write(contentsOf: other.bytes)
                        try handle.close()
                        return isOwnedUp ? other.output : output
                    }
                    let outcome = try encode(sources[index], swapped, analyses[index], name: name)
                    #expect(Self.isRefusedByProof(outcome.result), "\(cases[theirs]) for \(cases[mine])")
                }
            }
        }
    }

    @Test(arguments: [Path.Change.none, .long])
    func `publishes nothing that was not proved`(change: Path.Change) async throws {
        let input = try scratch.write(
            try await Path("-r 8000 -b 16", .rebuilt, change).bytes(in: scratch), to: "in/a.wav")
        for wrong in WrongOutput.allCases {
            var transcoder = Transcoder(options: TranscodingOptions())
            let isReplaced = Mutex(false)
            transcoder.willProve = { path, output in
                let replaced = try wrong.replace(path, output)
                isReplaced.withLock { $0 = replaced != nil }
                return replaced ?? output
            }
            var group = ConversionGroup()
            FileConverter(transcoder: transcoder, isReplacing: true)
                .convert(input, to: scratch.path("out/a.flac"), name: "a.wav", in: &group)
            let conversions = group.publish()
            guard isReplaced.withLock({ $0 }) else {
                try FileManager.default.removeItem(atPath: scratch.path("out/a.flac"))
                continue
            }
            #expect(conversions.map(\.outcome) == [.failed], "\(wrong)")
            let failure = try #require(conversions.first?.failure as? TranscodingError)
            guard case .proofFailed = failure else {
                Issue.record("\(wrong): \(failure)")
                continue
            }
            #expect(scratch.files().filter { $0.hasPrefix("out/") } == [], "\(wrong)")
        }
    }
}

extension Sequence {
    fileprivate func asyncMap<Result>(_ body: (Element) async throws -> Result) async rethrows -> [Result] {
        var results: [Result] = []
        for element in self { results.append(try await body(element)) }
        return results
    }
}
