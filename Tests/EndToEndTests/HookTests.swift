import Foundation
import PBXEmulator
import TestSupport
import Testing

@Suite struct HookTests {
    /// A hook that says what it was shown, and counts its runs.
    private static let echo = """
        #!/bin/sh
        read -r path
        read -r facts
        echo "$path" >> seen
        size=$(wc -c < "$path")
        printf '{"text": "spoken words of %s bytes", "heard": [%s]}' "$size" "$facts"
        """

    private func write(_ script: String, to name: String, _ scratch: ScratchFolder) throws {
        try scratch.write(script.utf8, to: name)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: scratch.path(name))
    }

    private func rows(_ result: ToolResult) throws -> [[String: Any]] {
        try result.lines.map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
    }

    @Test func `keeps answers with recordings, and list finds their words`() async throws {
        let archive = try await SampleArchive()
        try write(Self.echo, to: "transcribe", archive.scratch)
        let result = try await archive.voxkeep("export", "--hook", "./transcribe", "--hook-jobs", "3")
        #expect(result.status == 0, "\(result.diagnostics)")
        #expect(result.text == "hook transcribe  4 recordings answered, 0 before, 0 without an answer\n")
        let audible = try await archive.list().filter { $0.state == "archived" }
        let seen = (archive.scratch.text("seen") ?? "").split(separator: "\n").map(String.init)
        #expect(seen.sorted() == audible.map(\.path).sorted())

        let found = try rows(try await archive.voxkeep("list", "--json", "--quiet", "--text", "SPOKEN bytes"))
        #expect(Set(found.compactMap { $0["id"] as? String }) == Set(audible.map(\.id)))
        for row in found {
            let path = try #require(row["output"] as? String)
            let size = try Data(contentsOf: URL(filePath: path)).count
            #expect(row["text"] as? String == "spoken words of \(size) bytes")
            let answers = try #require(row["answers"] as? [[String: Any]])
            let answer = try #require(answers.first?["answer"] as? [String: Any])
            let heard = try #require((answer["heard"] as? [[String: Any]])?.first)
            for name in ["id", "caller", "extension", "duration", "sha256"] {
                #expect("\(heard[name] ?? "?")" == "\(row[name] ?? "!")")
            }
            #expect(heard["path"] as? String == path)
        }
        // Nobody is asked twice, unless that is wanted.
        let again = try await archive.voxkeep("export", "--hook", "./transcribe")
        #expect(again.text == "hook transcribe  0 recordings answered, 4 before, 0 without an answer\n")
        let id = try #require(audible.first?.id)
        let one = try await archive.voxkeep("export", "--hook", "./transcribe", "--hook-again", id)
        #expect(one.text == "hook transcribe  1 recording answered, 0 before, 0 without an answer\n")
        let named = try await archive.voxkeep(
            "export", "--hook", "cat >/dev/null; echo '{\"mood\": \"calm\"}'", "--hook-name", "mood",
            "--caller", "2000", "--json")
        #expect(named.status == 0, "\(named.diagnostics)")
        #expect(
            try rows(named).allSatisfy { $0["hook"] as? String == "mood" && $0["answered"] as? Bool == true })
        let shown = try await archive.voxkeep("show", id)
        #expect(shown.text.contains("spoken words of"), "\(shown.text)")
        let audit = try await archive.voxkeep("audit", "--event", "answer", "--event", "export")
        #expect(audit.lines.count == 9, "\(audit.text)")
        #expect(try await archive.voxkeep("verify").status == 0)
        #expect(try await archive.voxkeep("rebuild-catalog").status == 0)
        #expect(try await archive.voxkeep("list", "--text", "spoken").lines.count == 4)
        #expect(try await archive.voxkeep("verify").status == 0)
    }

    @Test func `gives a corpus the texts, and an export what was answered`() async throws {
        let archive = try await SampleArchive()
        try write(Self.echo, to: "transcribe", archive.scratch)
        for format in ["lhotse", "kaldi", "nemo", "huggingface", "webdataset", "csv"] {
            let result = try await archive.voxkeep(
                "export", "--format", format, "--output", format, "--hook", "./transcribe")
            #expect(result.status == 0, "\(result.diagnostics)")
        }
        let check = try await Tool.python.run(
            [
                "-c",
                """
                import csv, glob, gzip, json, tarfile
                lines = lambda file: [json.loads(line) for line in file]
                texts = {
                    "lhotse": [row["text"] for row in lines(gzip.open("lhotse/supervisions.jsonl.gz"))],
                    "kaldi": [line.split(" ", 1)[1].strip() for line in open("kaldi/data/all/text")],
                    "nemo": [row["text"] for row in lines(open("nemo/manifest.json"))],
                    "huggingface": [row["text"] for row in lines(open("huggingface/train/metadata.jsonl"))],
                    "csv": [row["text"] for row in csv.DictReader(open("csv/corpus.csv", newline=""))],
                }
                with tarfile.open("webdataset/shard-000000.tar") as tar:
                    texts["webdataset"] = [tar.extractfile(entry).read().decode() for entry in tar if entry.name.endswith(".txt")]
                for name, found in texts.items():
                    assert len(found) == 4 and all(text.startswith("spoken words of ") for text in found), (name, found)
                """,
            ], folder: archive.scratch.path)
        #expect(check.status == 0, "\(check.diagnostics)")
        let bag = try await archive.voxkeep("export", "--output", "bag")
        #expect(bag.status == 0)
        let table = archive.scratch.files().first { $0.hasSuffix("bag/data/metadata.csv") }
        #expect(archive.scratch.text(table ?? "")?.contains("spoken words of") == true)
    }

    @Test func `tells what a bad hook did, and keeps nothing of it`() async throws {
        let archive = try await SampleArchive(messages: 2)
        let cases: [(hook: String, status: Int32, words: String)] = [
            ("echo no model >&2; exit 7", 1, "status 7, saying \u{201C}no model\u{201D}"),
            ("kill -KILL $$", 1, "signal 9 ended it"),
            ("sleep 60", 1, "took longer than 1 s"),
            ("echo this is no JSON", 1, "is not one JSON object"),
            ("echo '[1]'", 1, "is not one JSON object"),
            ("true", 1, "printed nothing"),
            ("yes", 1, "printed more than 1048576 bytes"),
            ("printf '{\"text\":\"'; head -c 1048570 /dev/zero | tr '\\0' x; echo '\"}'", 1, "more than"),
            ("./no-such-program", 66, "cannot be run"),
        ]
        for (hook, status, words) in cases {
            let result = try await archive.voxkeep(
                "export", "--hook", hook, "--hook-name", "bad", "--hook-timeout", "1s", "--hook-retries", "0",
                "--format", "csv", "--output", "corpus")
            #expect(result.status == status, "\(hook): \(result.text)\(result.diagnostics)")
            #expect(result.diagnostics.contains(words), "\(hook): \(result.diagnostics)")
            #expect(!archive.scratch.files().contains { $0.hasPrefix("corpus") }, "\(hook)")
        }
        #expect(
            try rows(try await archive.voxkeep("list", "--json", "--quiet")).allSatisfy {
                ($0["answers"] as? [Any])?.isEmpty == true
            })
        #expect(try archive.journal().allSatisfy { $0["event"] as? String != "answer" })
        #expect(!archive.scratch.files().contains { $0.hasPrefix("archive/incoming/") })
        #expect(try await archive.voxkeep("verify").status == 0)
    }

    @Test func `tries again, and leaves out what has no answer in the end`() async throws {
        let archive = try await SampleArchive(messages: 2)
        try write(
            """
            read -r path
            case $path in
            *from-2000*) [ -e tried ] || { touch tried; exit 1; }; echo '{"text": "second"}' ;;
            *) exit 3 ;;
            esac
            """, to: "flaky", archive.scratch)
        let result = try await archive.voxkeep(
            "export", "--hook", "sh flaky", "--hook-retries", "1", "--format", "csv", "--output", "corpus")
        #expect(result.status == 1)
        #expect(
            result.diagnostics.contains("no answer, 2 times: it ended with status 3"), "\(result.diagnostics)"
        )
        let corpus = archive.scratch.text("corpus/corpus.csv") ?? ""
        #expect(corpus.contains("second"))
        #expect(corpus.split(separator: "\r\n").count == 2)
    }

    @Test func `keeps what was answered before an interruption`() async throws {
        let archive = try await SampleArchive(messages: 3)
        try write(
            """
            read -r path
            case $path in *from-2000*) echo '{"text": "early"}' ;; *) touch waiting; exec sleep 100 ;; esac
            """, to: "slow", archive.scratch)
        let running = try Tool.voxkeep.start(
            [
                "export", "--archive", archive.path, "--key-file", "log.key", "--hook", "sh slow",
                "--hook-jobs", "3",
            ],
            environment: ["XDG_CONFIG_HOME": archive.scratch("config")], folder: archive.scratch.path)
        for _ in 0..<600 where !archive.scratch.files().contains("waiting") {
            try await Task.sleep(for: .milliseconds(50))
        }
        // Time for the quick one.
        try await Task.sleep(for: .seconds(1))
        running.signal(SIGINT)
        let result = await running.result()
        #expect(result.status == 130, "\(result.diagnostics)")
        let found = try await archive.voxkeep("list", "--text", "early")
        #expect(found.lines.count == 1, "\(found.text)")
        #expect(try await archive.voxkeep("verify").status == 0)
    }

    @Test func `waits while another process writes to the archive`() async throws {
        let archive = try await SampleArchive(messages: 1)
        let result = try await Tool(path: "/bin/bash").run(
            [
                "-c",
                """
                flock "$1/lock" sleep 3 & sleep 0.5
                "$2" export --archive "$1" --key-file log.key --hook "echo '{}'" --hook-name none && wait
                """, "bash", archive.path, Tool.voxkeep.path,
            ], folder: archive.scratch.path)
        #expect(result.status == 0, "\(result.text)\(result.diagnostics)")
        #expect(result.text.contains("1 recording answered"))
    }

    @Test func `shows a hook files, and gives their corpus the texts`() async throws {
        let work = try Workspace()
        try work.wave("in/a b.wav")
        try work.wave("in/c.wav", seed: 2)
        try write(Self.echo, to: "transcribe", work.scratch)
        let result = try await work.voxkeep(
            "export", "--format", "nemo", "--output", "corpus", "--hook", "./transcribe", "in")
        #expect(result.status == 0, "\(result.diagnostics)")
        let manifest = work.scratch.text("corpus/manifest.json") ?? ""
        #expect(manifest.split(separator: "\n").count { $0.contains("spoken words of 8044 bytes") } == 2)
        #expect(work.scratch.text("seen")?.contains("/in/a b.wav\n") == true)
        #expect(work.scratch.text("seen")?.split(separator: "\n").allSatisfy { $0.hasPrefix("/") } == true)
    }

    private static let examples = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Examples/hooks").path

    @Test(arguments: ["signed-integer", "a-law"])
    func `has an example that finds the keys that were pressed`(encoding: String) async throws {
        let work = try Workspace()
        // 1, 5, 9 and 5 again, 60 ms each, after half a second of silence; made by sox.
        let made = try await work.bash(
            """
            mkdir in; number=0
            for tones in 697:1209 770:1336 852:1477 770:1336; do
                number=$((number + 1))
                sox -n -r 8000 -b 16 $number.wav synth 0.06 sine ${tones%:*} synth 0.06 sine mix ${tones#*:} \\
                    gain -n -20 pad 0.04 0.04
            done
            sox -n -r 8000 -b 16 0.wav trim 0 0.5 && sox 0.wav 1.wav 2.wav 3.wav 4.wav -e \(encoding) in/keys.wav
            printf '%s\\n{}\\n' "$PWD/in/keys.wav" | "\(Self.examples)/keypad"
            """)
        let object = try JSONSerialization.jsonObject(with: Data(made.output)) as? [String: Any]
        #expect(object?["keys"] as? String == "1595", "\(made.text)\(made.diagnostics)")
        let presses = try #require(object?["presses"] as? [[String: Any]])
        #expect(presses.count == 4)
        for (index, press) in presses.enumerated() {
            let start = try #require(press["start"] as? Double)
            #expect(abs(start - (0.54 + 0.14 * Double(index))) < 0.02)
        }
        try work.wave("in/speech.wav", seconds: 5)
        let corpus = try await work.voxkeep(
            "export", "--format", "csv", "--output", "corpus", "--hook", "\(Self.examples)/keypad", "in")
        #expect(corpus.status == 0, "\(corpus.diagnostics)")
    }

    @Test func `has an example that answers out of a table`() async throws {
        let archive = try await SampleArchive(messages: 2)
        let recordings = try await archive.list().filter { $0.state == "archived" }
        let table =
            "id,sha256,text,by\n\(recordings[0].id),,\"Hello, it is me\",Ann\n,\(recordings[1].sha256),Bye,\n"
        try archive.scratch.write(table.utf8, to: "texts.csv")
        let hook = "\(Self.examples)/from-table texts.csv"
        let result = try await archive.voxkeep("export", "--hook", hook)
        #expect(result.status == 0, "\(result.diagnostics)")
        #expect(try await archive.voxkeep("list", "--text", "hello ann").lines.count == 1)
        let missing = try await archive.voxkeep(
            "export", "--hook", "\(Self.examples)/from-table none.csv", "--hook-retries", "0", "--hook-again")
        #expect(missing.status == 1)
        #expect(missing.diagnostics.contains("none.csv cannot be read"), "\(missing.diagnostics)")
    }

    @Test func `refuses options that do not go together`() async throws {
        let work = try Workspace()
        try work.wave("a.wav")
        for arguments in [
            ["--hook", " ", "--archive", "x"], ["--hook", "./ü", "--archive", "x"],
            ["--hook", "cat", "--hook-timeout", "0", "--archive", "x"],
            ["--hook", "cat", "--hook-retries", "11", "--archive", "x"],
            ["--hook", "cat", "--hook-jobs", "0", "--archive", "x"],
            ["--hook", "cat", "--hook-name", "a b", "--archive", "x"],
            ["--hook-name", "x", "--archive", "x", "--output", "y"], ["--hook", "cat", "a.wav"],
            ["--hook", "cat", "--archive", "x", "--format", "csv"],
            ["--hook", "cat", "--archive", "x", "--originals"], ["--archive", "x"],
        ] {
            let result = try await Tool.voxkeep.run(["export"] + arguments, folder: work.scratch.path)
            #expect(result.status == 64, "\(arguments): \(result.diagnostics)")
        }
    }
}
