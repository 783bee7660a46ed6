import Foundation
import PBXEmulator
import TestSupport
import Testing

@Suite struct SpeechExportTests {
    private static let formats = ["lhotse", "kaldi", "nemo", "huggingface", "webdataset", "csv"]
    private let work: Workspace

    init() throws {
        work = try Workspace()
    }

    /// Files of three speakers, one without speech.
    private func waves() throws {
        for seed in 1...3 { try work.wave("in/a \(seed)/m.wav", seconds: 1.5, seed: UInt64(seed)) }
        try work.scratch.write(
            WaveComposer.file(
                samples: [Int32](repeating: 0, count: 4000), sampleRate: 8000, encoding: .pcm16),
            to: "in/silence.wav")
    }

    /// What `list --json` tells of speech.
    private struct Measured: Decodable {
        struct Speech: Decodable {
            let segments: [[Int]]
            let activity: Double
        }
        let speech: Speech
    }

    /// Runs Python in the folder; it finds the corpus in `corpus`.
    private func python(_ script: String) async throws -> String {
        let result = try await Tool.python.run(["-c", script], folder: work.scratch.path)
        guard result.status == 0 else { throw UnexpectedEnd(result) }
        return result.text
    }

    @Test(arguments: formats, ["flac", "wav"])
    func `makes the same corpus twice, of audio as long as was said`(format: String, audio: String)
        async throws
    {
        try waves()
        for output in ["corpus", "again"] {
            let result = try await work.voxkeep(
                "export", "--format", format, "--output", output, "--audio", audio, "--rate", "16000", "in")
            #expect(result.status == 0, "\(result.text)\(result.diagnostics)")
        }
        let same = try await work.bash("diff -r corpus again && find corpus -type f | wc -l")
        #expect(same.status == 0, "\(same.text)")
        #expect(work.leavings.isEmpty)
        guard format != "webdataset" else { return }
        let lengths = try await python(
            """
            import soundfile, glob
            for path in glob.glob("corpus/**/*.\(audio)", recursive=True):
                data, rate = soundfile.read(path)
                assert rate == 16000 and data.ndim == 1, path
                print(len(data))
            """)
        #expect(lengths.split(separator: "\n").sorted() == ["24000", "24000", "24000", "8000"])
    }

    @Test(arguments: ["flac", "wav"], ["16", "24"])
    func `stores samples of so many bits`(audio: String, bits: String) async throws {
        try work.wave("in/a.wav")
        try work.wave("in/odd.wav", seconds: 0.500125, seed: 2)
        let result = try await work.voxkeep(
            "export", "--format", "csv", "--output", "corpus", "--audio", audio, "--bits", bits, "in")
        #expect(result.status == 0, "\(result.diagnostics)")
        let subtypes = try await python(
            """
            import soundfile, glob, numpy
            for path in sorted(glob.glob("corpus/audio/*")):
                data, rate = soundfile.read(path, dtype="int32")
                info = soundfile.info(path)
                used = int(numpy.bitwise_or.reduce(data))
                print(info.subtype, info.frames == len(data), used & -used >= 65536)
            """)
        let expected = bits == "16" ? "PCM_16 True True\n" : "PCM_24 True False\n"
        #expect(subtypes == expected + expected)
        guard audio == "wav" else { return }
        let inspected = try await work.voxkeep("inspect", "corpus/audio", "--json")
        #expect(
            inspected.lines.count == 2 && inspected.lines.allSatisfy { $0.contains(#""verdict":"valid""#) })
    }

    @Test func `is what Kaldi's rules want, and leaves out what has no speech`() async throws {
        try waves()
        let result = try await work.voxkeep("export", "--format", "kaldi", "--output", "corpus", "in")
        #expect(result.status == 0, "\(result.diagnostics)")
        #expect(result.text.contains("1 without speech"))
        let checker = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Speech/check_kaldi_data.py").path
        let check = try await Tool.python.run(
            [checker, "corpus/data/all", "--root", "corpus"], folder: work.scratch.path)
        #expect(check.status == 0, "\(check.text)\(check.diagnostics)")
    }

    @Test func `makes no corpus for Kaldi of which it would list nothing`() async throws {
        try waves()
        let result = try await work.voxkeep(
            "export", "--format", "kaldi", "--output", "corpus", "in/silence.wav")
        #expect(result.status == 1)
        #expect(result.diagnostics.contains("Kaldi lists recordings with speech"), "\(result.diagnostics)")
        #expect(!work.exists("corpus") && work.leavings.isEmpty)
    }

    @Test func `gives Lhotse lengths in samples and supervisions within them`() async throws {
        try waves()
        #expect(
            try await work.voxkeep("export", "--format", "lhotse", "--output", "corpus", "in").status == 0)
        let counts = try await python(
            """
            import gzip, json, soundfile
            rows = lambda name: [json.loads(line) for line in gzip.open("corpus/" + name + ".jsonl.gz", "rt")]
            recordings = {row["id"]: row for row in rows("recordings")}
            for row in recordings.values():
                info = soundfile.info("corpus/" + row["sources"][0]["source"])
                assert info.frames == row["num_samples"] == round(row["duration"] * row["sampling_rate"])
            supervisions = rows("supervisions")
            for row in supervisions:
                recording = recordings[row["recording_id"]]
                assert row["start"] >= 0 and row["duration"] > 0
                assert row["start"] + row["duration"] <= recording["duration"] + 1e-9
            print(len(recordings), len({row["recording_id"] for row in supervisions}))
            """)
        #expect(counts == "4 3\n")
    }

    @Test func `gives WAV files the level of an archive unless told another`() async throws {
        try waves()
        for (arguments, level) in [([], -26.0), (["--level", "p56:-31"], -31)] {
            let result = try await Tool.voxkeep.run(
                ["export", "--format", "csv", "--output", "corpus", "in"] + arguments,
                folder: work.scratch.path)
            #expect(result.status == 0)
            let levels = try await python(
                """
                import csv
                for row in csv.DictReader(open("corpus/corpus.csv", newline="")):
                    if row["active_speech_dbov"]: print(row["active_speech_dbov"])
                """
            ).split(separator: "\n").compactMap { Double($0) }
            #expect(levels.count == 3)
            #expect(levels.allSatisfy { abs($0 - level) < 0.05 }, "\(levels)")
            _ = try await work.bash("rm -r corpus")
        }
    }

    @Test func `makes a corpus of an archive, and tells its audit trail`() async throws {
        let archive = try await SampleArchive()
        let result = try await archive.voxkeep(
            "export", "--format", "csv", "--output", "corpus", "--split", "50/25/25", "--pseudonymize")
        #expect(result.status == 0, "\(result.diagnostics)")
        let text = try #require(archive.scratch.text("corpus/corpus.csv"))
        let recordings = try await archive.list().filter { $0.state == "archived" }
        #expect(recordings.allSatisfy { text.contains($0.id) && text.contains($0.sha256) })
        #expect(recordings.allSatisfy { $0.caller.isEmpty || !text.contains(",\($0.caller),") })
        #expect(try archive.journal().contains { ($0["format"] as? String) == "csv" })
        // The archive has measured the same when it stored the files.
        let copies = try await archive.voxkeep(
            "export", "--format", "csv", "--output", "copies", "--audio", "copy")
        #expect(copies.status == 0, "\(copies.diagnostics)")
        let copied = try #require(archive.scratch.text("copies/corpus.csv"))
        let stored = try await archive.voxkeep("list", "--json", "--quiet", "--state", "archived")
        for line in stored.lines {
            let row = try JSONDecoder().decode(Measured.self, from: Data(line.utf8))
            let segments = row.speech.segments.map { "[\($0[0]),\($0[1])]" }.joined(separator: ",")
            #expect(copied.contains("\"[\(segments)]\""), "\(segments)")
            #expect(!row.speech.segments.isEmpty && row.speech.activity > 10)
        }
        let again = try await archive.voxkeep(
            "export", "--format", "csv", "--output", "again", "--split", "50/25/25", "--pseudonymize")
        #expect(again.status == 0)
        #expect(archive.scratch.text("again/corpus.csv") == text)
        // Not on top of the level that the archive gave: the originals are measured anew.
        let softer = try await archive.voxkeep(
            "export", "--format", "csv", "--output", "softer", "--level", "p56:-36")
        #expect(softer.status == 0, "\(softer.diagnostics)")
        let levels = try await Tool.python.run(
            [
                "-c",
                "import csv\nfor row in csv.DictReader(open('softer/corpus.csv', newline='')): print(row['active_speech_dbov'])",
            ],
            folder: archive.scratch.path)
        #expect(levels.lines.compactMap { Double($0) }.allSatisfy { abs($0 + 36) < 0.05 }, "\(levels.text)")
        #expect(try await archive.voxkeep("verify").status == 0)
    }

    @Test(arguments: ["copy", "link"])
    func `takes FLAC files as they are, and no others`(audio: String) async throws {
        try waves()
        #expect(try await work.voxkeep("convert", "in", "--output", "flac").status == 0)
        let result = try await work.voxkeep(
            "export", "--format", "csv", "--output", "corpus", "--audio", audio, "flac")
        #expect(result.status == 0, "\(result.diagnostics)")
        let same = try await work.bash(
            """
            hashes() { find -L "$1" -name '*.flac' -exec sha256sum {} + | cut -c 1-64 | sort; }
            diff <(hashes flac) <(hashes corpus) && find corpus -type l | wc -l
            """)
        #expect(same.text == (audio == "link" ? "4\n" : "0\n"), "\(same.text)\(same.diagnostics)")
        for arguments in [["in"], ["flac", "--rate", "16000"], ["flac", "--level", "p56:-30"]] {
            let refused = try await Tool.voxkeep.run(
                ["export", "--format", "csv", "--output", "no", "--audio", audio] + arguments,
                folder: work.scratch.path)
            #expect(refused.status == (arguments == ["in"] ? 1 : 64), "\(refused.diagnostics)")
            #expect(!work.exists("no"))
        }
    }

    @Test func `finds more activity with a wider margin, and less with no hangover`() async throws {
        try waves()
        func active(_ arguments: String...) async throws -> Int {
            let result = try await Tool.voxkeep.run(
                ["export", "--format", "csv", "--output", "corpus", "in"] + arguments,
                folder: work.scratch.path)
            guard result.status == 0 else { throw UnexpectedEnd(result) }
            let sum = try await python(
                """
                import csv, json
                print(sum(end - start for row in csv.DictReader(open("corpus/corpus.csv", newline=""))
                          for start, end in json.loads(row["segments"])))
                """)
            _ = try await work.bash("rm -r corpus")
            return Int(sum.dropLast()) ?? 0
        }
        let usual = try await active()
        #expect(try await active("--activity-margin", "15.9", "--activity-hangover", "0.2") == usual)
        #expect(try await active("--activity-margin", "25") > usual)
        #expect(try await active("--activity-hangover", "0") < usual)
    }

    @Test(.enabled(if: Machine.canInject), arguments: ["KILL", "INT"])
    func `goes on where it was interrupted`(signal: String) async throws {
        let archive = try await SampleArchive(messages: 6)
        let environment = Machine.quietly.merging(["XDG_CONFIG_HOME": archive.scratch("config")]) { $1 }
        let arguments = [
            "export", "--archive", archive.path, "--format", "webdataset", "--rate", "16000", "--output",
        ]
        // The first line says what is being made, so three recordings are noted. SIGINT comes from outside: one that
        // strace sends is for a thread, and not seen by who waits for it.
        let injection = signal == "KILL" ? "signal=KILL" : "delay_exit=2000000"
        let interrupted = try await Tool(path: "/bin/bash").run(
            [
                "-c",
                """
                strace -f -qq -o /dev/null -P "$PWD/$1" -e inject=write:\(injection):when=4 "${@:2}" corpus & tracer=$!
                if [ \(signal) = INT ]; then
                    until [ "$(wc -l < "$1")" -ge 4 ]; do sleep 0.02; done 2>/dev/null
                    kill -INT $(cat /proc/$tracer/task/$tracer/children)
                fi
                wait $tracer
                """, "bash", ".voxkeep-unfinished-corpus/progress", Tool.voxkeep.path,
            ] + arguments, environment: environment, folder: archive.scratch.path)
        #expect(interrupted.status == (signal == "INT" ? 130 : 137), "\(interrupted.diagnostics)")
        #expect(!archive.scratch.files().contains { $0.hasPrefix("corpus") })
        if signal == "INT" {
            #expect(
                interrupted.diagnostics.contains("the same command goes on"), "\(interrupted.diagnostics)")
            let noted = try archive.journal().last { $0["event"] as? String == "export" }
            #expect((noted?["records"] as? [String])?.count ?? 0 >= 3)
        }
        for output in ["corpus", "whole"] {
            let result = try await Tool.voxkeep.run(
                arguments + [output], environment: environment, folder: archive.scratch.path)
            #expect(result.status == 0, "\(result.diagnostics)")
            #expect(result.text.contains("from the run that was interrupted") == (output == "corpus"))
        }
        let same = try await Tool(path: "/bin/bash").run(
            ["-c", "diff -r corpus whole"], folder: archive.scratch.path)
        #expect(same.status == 0, "\(same.text)")
        #expect(!archive.scratch.files().contains { $0.contains("unfinished") })
    }

    @Test(.enabled(if: Machine.canMount), arguments: formats)
    func `makes nothing where the disk is full`(format: String) async throws {
        try waves()
        let result = try await work.bash(
            """
            unshare --map-root-user --mount bash -c '
                mkdir disk && mount -t tmpfs -o size=24k none disk || exit 99
                "$VOXKEEP" export --format "$1" --output disk/corpus in
                echo "status $?"; find disk -mindepth 1
            ' bash \(format)
            """)
        #expect(result.text == "status 73\n", "\(result.text)\(result.diagnostics)")
        #expect(
            result.diagnostics.contains(/No space left|disk is full/), "\(result.diagnostics)")
    }

    @Test func `empties no folder that it did not make`() async throws {
        try waves()
        try work.scratch.write("mine".utf8, to: "precious/a/file")
        for (plant, words) in [
            ("ln -s precious", "a symbolic link is there"),
            ("cp -r precious", "was not left by a run of voxkeep"),
        ] {
            let result = try await work.bash(
                """
                \(plant) .voxkeep-unfinished-corpus
                "$VOXKEEP" export --format csv --output corpus in; echo "status $?"
                cat precious/a/file .voxkeep-unfinished-corpus/a/file
                rm -r .voxkeep-unfinished-corpus; ls
                """)
            #expect(result.text == "status 73\nmineminein\nprecious\n", "\(result.text)")
            #expect(result.diagnostics.contains(words), "\(result.diagnostics)")
        }
    }

    @Test func `says what keeps a corpus from being made, and makes nothing`() async throws {
        try waves()
        try work.scratch.write(
            WaveComposer.file(
                samples: [Int32](repeating: 9, count: 4000), sampleRate: 16_000, encoding: .pcm16),
            to: "mixed/b.wav")
        try work.wave("mixed/a.wav")
        try work.scratch.write("mine".utf8, to: "taken/file")
        try work.scratch.write("no audio".utf8, to: "bad/a.wav")
        let cases: [(arguments: [String], status: Int32, words: String)] = [
            (["--output", "corpus", "mixed"], 1, "--rate"),
            (["--output", "taken", "in"], 73, "taken"),
            (["--output", "corpus", "nothing"], 66, "nothing"),
            (["--output", "corpus", "bad"], 1, "left out"),
            (["--output", "corpus"], 64, "--archive"),
            (["--output", "corpus", "in", "--split", "90/10"], 64, "--split"),
            (["--output", "corpus", "in", "--shard-size", "9"], 64, "webdataset"),
            (["--output", "corpus", "in", "--caller", "2000"], 64, "filter"),
            (["--output", "corpus", "in", "--min-duration", "1h"], 1, "left out"),
        ]
        for (arguments, status, words) in cases {
            let result = try await Tool.voxkeep.run(
                ["export", "--format", "csv"] + arguments, folder: work.scratch.path)
            #expect(result.status == status, "\(arguments): \(result.text)\(result.diagnostics)")
            #expect(result.diagnostics.contains(words), "\(arguments): \(result.diagnostics)")
            #expect(!work.exists("corpus"))
        }
        #expect(work.scratch.files().filter { $0.hasPrefix(".") }.isEmpty)
    }
}
