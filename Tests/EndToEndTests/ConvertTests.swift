import Digests
import Foundation
import PBXEmulator
import TestSupport
import Testing

@Suite struct ConvertTests {
    private let work: Workspace

    init() throws {
        work = try Workspace()
    }

    @Test func `keeps a folder's tree, and makes files that restore to their sources`() async throws {
        for (index, encoding) in WaveComposer.Encoding.allCases.enumerated() {
            try work.wave("in/\(encoding.rawValue)/m.wav", encoding: encoding, seed: UInt64(index))
        }
        try work.wave("in/UPPER.WAV")
        try work.wave("in/two.dots.wave")
        try work.scratch.write("no audio".utf8, to: "in/notes.txt")
        let result = try await work.voxkeep("convert", "in", "--output", "deep/out/", "--json")
        #expect(result.status == 0, "\(result.text)\(result.diagnostics)")
        let rows = try Row.rows(result.text)
        #expect(rows.count == WaveComposer.Encoding.allCases.count + 2)
        for row in rows {
            let (file, output) = (try #require(row.file), try #require(row.output))
            #expect(output == "deep/out/" + (file as NSString).deletingPathExtension.dropFirst(3) + ".flac")
            let source = try work.bytes(file)
            #expect(try await work.restored(output) == source)
            #expect(row.size == Int64(source.count))
            #expect(row.sha256 == SHA256Hasher.digest(of: source).hexadecimal)
            let flac = try work.bytes(output)
            #expect(row.outputSize == Int64(flac.count))
            #expect(row.outputSHA256 == SHA256Hasher.digest(of: flac).hexadecimal)
            if file.contains("float") { #expect(row.restore == "kept") }
            if file.contains("pcm16") { #expect(row.restore == "rebuilt") }
        }
        let tested = try await work.bash("find deep -name '*.flac' -exec flac --silent --test {} +")
        #expect(tested.status == 0, "\(tested.diagnostics)")
        #expect(work.leavings.isEmpty)
    }

    @Test func `keeps folders apart whose names differ in nothing but the encoding of a letter`() async throws
    {
        let names = ["語音/B\u{FC}ro/a", "語音/Bu\u{308}ro/a", "語音/\u{301}/a"]
        for (index, name) in names.enumerated() { try work.wave("in/\(name).wav", seed: UInt64(index)) }
        let result = try await work.voxkeep("convert", "in", "--output", "out")
        #expect(result.status == 0, "\(result.text)\(result.diagnostics)")
        for name in names {
            #expect(try await work.restored("out/\(name).flac") == (try work.bytes("in/\(name).wav")))
        }
        #expect(try await work.voxkeep("restore", "out/\(names[1]).flac").status == 0)
    }

    @Test func `makes the same bytes however many jobs there are`() async throws {
        for seed in 1...6 { try work.wave("in/\(seed).wav", seed: UInt64(seed)) }
        #expect(try await work.voxkeep("convert", "in", "--output", "a", "--jobs", "1").status == 0)
        #expect(try await work.voxkeep("convert", "in", "--output", "b", "--jobs", "6").status == 0)
        for seed in 1...6 { #expect(try work.bytes("a/\(seed).flac") == work.bytes("b/\(seed).flac")) }
    }

    @Test func `skips an output that is there, refuses one that differs, and replaces it when told to`()
        async throws
    {
        let source = try work.wave("a.wav")
        #expect(try await work.voxkeep("convert", "a.wav", "--output", "out").status == 0)
        let first = try work.bytes("out/a.flac")
        let again = try await work.voxkeep("convert", "a.wav", "--output", "out")
        #expect(again.status == 0)
        #expect(again.text.contains("unchanged"))
        #expect(again.diagnostics.contains("0 converted, 1 unchanged"))

        let refused = try await work.voxkeep("convert", "a.wav", "--output", "out", "--level", "peak:-3")
        #expect(refused.status == 1)
        #expect(refused.text.contains("out/a.flac exists and differs"))
        #expect(try work.bytes("out/a.flac") == first)

        let forced = try await work.voxkeep(
            "convert", "a.wav", "--output", "out", "--level", "peak:-3", "--force")
        #expect(forced.status == 0, "\(forced.text)")
        #expect(try work.bytes("out/a.flac") != first)
        #expect(try await work.restored("out/a.flac") == source)
        #expect(work.leavings.isEmpty)
    }

    @Test func `writes into the folder of its input`() async throws {
        let source = try work.wave("a.wav")
        #expect(try await work.voxkeep("convert", ".", "--output", ".").status == 0)
        #expect(try await work.voxkeep("convert", ".", "--output", ".").status == 0)
        #expect(work.scratch.files() == ["a.flac", "a.wav"])
        #expect(try work.bytes("a.wav") == source)
    }

    @Test func `gives an output to the first of two inputs, and tells of the other`() async throws {
        let first = try work.wave("1/a.wav", seed: 1)
        try work.wave("2/a.wav", seed: 2)
        let result = try await work.voxkeep(
            "convert", "1/a.wav", "2/a.wav", "./1/a.wav", "--output", "out", "--json")
        #expect(result.status == 1)
        let rows = try Row.rows(result.text)
        #expect(rows.count == 2, "the same file named twice is one piece of work")
        #expect(
            rows.first { $0.file == "2/a.wav" }?.error?.contains("out/a.flac is already what 1/a.wav") == true
        )
        #expect(try await work.restored("out/a.flac") == first)
    }

    @Test func `follows symbolic links as the system does`() async throws {
        let here = try work.wave("a.wav", seed: 1)
        let there = try work.wave("elsewhere/a.wav", seed: 2)
        #expect(try await work.bash("mkdir elsewhere/folder; ln -s elsewhere/folder link").status == 0)
        let both = try await work.voxkeep("convert", "a.wav", "link/../a.wav", "--output", "out")
        #expect(both.status == 1, "\(both.text)")
        #expect(try await work.restored("out/a.flac") == here)
        #expect(try await work.voxkeep("convert", "link/../a.wav", "--output", "out2").status == 0)
        #expect(try await work.restored("out2/a.flac") == there)
    }

    @Test func `keeps names apart that Unicode holds to be equal`() async throws {
        let composed = try work.wave("in/\u{E9}.wav", seed: 1)
        let decomposed = try work.wave("in/e\u{301}.wav", seed: 2)
        // A combining mark makes one character of itself and the slash before it.
        let combining = try work.wave("in/\u{301}.wav", seed: 3)
        let result = try await work.voxkeep("convert", "in", "--output", "out")
        #expect(result.status == 0, "\(result.text)\(result.diagnostics)")
        #expect(try await work.restored("out/\u{E9}.flac") == composed)
        #expect(try await work.restored("out/e\u{301}.flac") == decomposed)
        #expect(try await work.restored("out/\u{301}.flac") == combining)
    }

    @Test func `shows control characters in names instead of sending them`() async throws {
        let name = "a\n\u{1B}[31mforged  valid\u{7}.wav"
        let source = try work.wave("in/\(name)")
        let people = try await work.voxkeep("convert", "in", "--output", "out")
        #expect(people.status == 0)
        #expect(people.lines.count == 1)
        #expect(!people.text.contains("\u{1B}") && !people.text.contains("\u{7}"))
        let row = try #require(
            try Row.rows(try await work.voxkeep("convert", "in", "--output", "out", "--json").text).first)
        #expect(row.file == "in/\(name)")
        #expect(try await work.restored(try #require(row.output)) == source)
    }

    @Test func `has every name in every row, null where it is undefined`() async throws {
        try work.wave("good.wav")
        try work.scratch.write([], to: "empty.wav")
        let result = try await work.voxkeep(
            "convert", "good.wav", "empty.wav", "absent.wav", "--output", "out", "--json")
        let names: Set = [
            "file", "size", "sha256", "verdict", "container", "codec", "sampleRate", "channels",
            "bitsPerSample",
            "frames", "duration", "findings", "output", "outputSize", "outputSHA256", "levelMethod",
            "levelTarget",
            "levelMeasured", "gain", "limitedBy", "restore", "error",
        ]
        #expect(result.lines.count == 3)
        for line in result.lines {
            let row = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            #expect(names.isSubset(of: row.keys))
        }
        let rows = try Row.rows(result.text)
        let (good, empty) = (rows.first { $0.file == "good.wav" }, rows.first { $0.file == "empty.wav" })
        #expect(good?.error == nil && good?.gain != nil && good?.frames == 4000)
        #expect(empty?.verdict == "rejected" && empty?.output == nil && empty?.error == "The file is empty.")
        #expect(empty?.findings?.map(\.code) == ["file.empty"])
        #expect(rows.first { $0.file == "absent.wav" }?.verdict == nil)
    }

    @Test func `removes what a killed run has left, and nothing that another one is writing`() async throws {
        try work.wave("a.wav")
        let alive = ".voxkeep-\(ProcessInfo.processInfo.processIdentifier)-1.tmp"
        for name in [".voxkeep-2147483646-1.tmp", alive] { try work.scratch.write([1], to: "out/\(name)") }
        #expect(try await work.voxkeep("convert", "a.wav", "--output", "out").status == 0)
        #expect(work.scratch.files() == ["a.wav", "out/\(alive)", "out/a.flac"])
    }

    @Test(arguments: [
        ["--jobs", "0"], ["--jobs", "-1"], ["--jobs", "257"], ["--jobs", "many"],
        ["--jobs", "9999999999999999999"],
        ["--level", "p56"], ["--level", "p56:"], ["--level", "p56:nan"], ["--level", "p56:-26dB"],
        ["--level", "lufs:3"], ["--level", "-26"], ["--level", ""], ["--level", "none:-3"],
        ["--level-mode", "loud"], ["--ceiling", "1"], ["--ceiling", "nan"], ["--ceiling"],
        ["--compression", "9"],
        ["--compression", "-1"], ["--nonsense"], ["--output", ""],
    ])
    func `refuses wrong usage, and touches nothing`(options: [String]) async throws {
        try work.wave("a.wav")
        let result = try await Tool.voxkeep.run(
            ["convert", "a.wav"] + (options.first == "--output" ? [] : ["--output", "out"]) + options,
            folder: work.scratch.path)
        #expect(result.status == 64)
        #expect(result.diagnostics.hasPrefix("Error: "))
        #expect(work.scratch.files() == ["a.wav"])
    }

    @Test(arguments: [
        ["--ceiling", "-1"], ["--ceiling=-1"], ["--ceiling", "0"], ["--level", "peak:-1.5"], ["-j", "256"],
    ])
    func `takes levels below zero as they are written`(options: [String]) async throws {
        try work.wave("a.wav")
        let result = try await Tool.voxkeep.run(
            ["convert", "a.wav", "--output", "out"] + options, folder: work.scratch.path)
        #expect(result.status == 0, "\(result.diagnostics)")
    }
}
