import Foundation
import TestSupport
import Testing

@Suite struct ConvertOutputTests {
    private let work: Workspace

    init() throws {
        work = try Workspace()
    }

    @Test(arguments: [
        ("touch out", "Cannot make the folder out: a part of the path is a file"),
        ("touch file; out=file/out", "a part of the path is a file"),
    ])
    func `refuses an output folder that is or lies below a file`(script: String, sentence: String)
        async throws
    {
        try work.wave("a.wav")
        let result = try await work.bash("out=out; \(script); \"$VOXKEEP\" convert a.wav --output $out")
        #expect(result.status == 73)
        #expect(result.diagnostics.contains(sentence), "\(result.diagnostics)")
    }

    @Test(arguments: ["mkdir out/a.flac", "mkfifo out/a.flac", "ln -s /dev/null out/a.flac"])
    func `replaces nothing that is no file, even by force`(script: String) async throws {
        try work.wave("a.wav")
        let result = try await work.bash(
            "mkdir out; \(script); ls -l out; \"$VOXKEEP\" convert a.wav --output out --force; echo $?; ls -l out"
        )
        #expect(result.text.contains("out/a.flac exists and is no regular file; choose another output.\n1\n"))
        let listings = result.text.components(separatedBy: "failed")
        #expect(listings.count == 2 && listings[1].hasSuffix(listings[0]), "\(result.text)")
    }

    @Test func `never replaces its own input`() async throws {
        let source = try work.wave("a.flac")
        let result = try await work.voxkeep("convert", "a.flac", "--output", ".", "--force")
        #expect(result.status == 1)
        #expect(
            result.text.contains("./a.flac is the input itself")
                || result.text.contains("a.flac is the input"))
        #expect(try work.bytes("a.flac") == source)
    }

    @Test(.enabled(if: Machine.canMount, "needs the right to mount a file system"))
    func `tells of a full and of a read-only disk, and leaves nothing unfinished there`() async throws {
        for name in 1...6 { try work.wave("in/\(name).wav", seed: UInt64(name)) }
        let result = try await Tool(path: "/usr/bin/unshare").run(
            [
                "--map-root-user", "--mount", "bash", "-c",
                """
                mkdir disk && mount -t tmpfs -o size=16k none disk || exit 99
                "$VOXKEEP" convert in --output disk --jobs 1; echo "full $?"
                ls -A disk
                for file in disk/*.flac; do "$VOXKEEP" restore $file --output - | cmp - in/$(basename $file .flac).wav; done
                cp in/1.wav same.wav; "$VOXKEEP" convert same.wav --output . --quiet
                "$VOXKEEP" restore same.flac --output disk/same.wav; echo "restored $?"
                mount -o remount,ro disk
                "$VOXKEEP" convert same.wav --output disk; echo "read-only $?"
                "$VOXKEEP" convert same.wav --output disk/new; echo "new $?"
                """,
            ], environment: ["VOXKEEP": Tool.voxkeep.path], folder: work.scratch.path)
        let output = result.text + result.diagnostics
        #expect(output.contains("the disk is full"), "\(output)")
        for line in ["full 73", "restored 73", "read-only 73", "new 73"] {
            #expect(result.lines.contains(line))
        }
        #expect(output.contains("Cannot create disk/same.flac: the file system is read-only"))
        #expect(output.contains("Cannot make the folder disk/new: the file system is read-only"))
        #expect(!output.contains(".voxkeep-"))
        #expect(!output.contains("differ"))
    }

    @Test(
        arguments: [
            ("absent/report.jsonl", 73), ("in", 73), ("/dev/full", 73), ("in/a.wav", 64),
            ("in/../in/a.wav", 64),
            ("/dev/null", 0), ("report.jsonl", 0),
        ] as [(String, Int32)])
    func `writes its report where it can and harms nothing`(report: String, status: Int32) async throws {
        let source = try work.wave("in/a.wav")
        let result = try await work.voxkeep("convert", "in", "--output", "out", "--report", report)
        #expect(result.status == status, "\(result.diagnostics)")
        #expect(try work.bytes("in/a.wav") == source)
        if status == 73 {
            #expect(result.diagnostics.contains("voxkeep: The report \(report) cannot be written"))
        }
        if report == "report.jsonl" {
            let rows = try Row.rows(String(decoding: work.bytes(report), as: UTF8.self))
            #expect(rows.map(\.output) == ["out/a.flac"])
        }
        // A device stays one; a report that fails keeps no file from being converted.
        if report.hasPrefix("/dev/") {
            #expect(try await work.bash("test -c \(report)").status == 0)
            #expect(work.exists("out/a.flac"))
        }
    }

    @Test func `goes on when the reader of its output has gone`() async throws {
        for seed in 1...20 { try work.wave("in/\(seed).wav", seconds: 0.1, seed: UInt64(seed)) }
        let result = try await work.bash(
            "\"$VOXKEEP\" convert in --output out | head -1; echo ${PIPESTATUS[0]}; \"$VOXKEEP\" convert --help | true; "
                + "echo ${PIPESTATUS[0]}")
        #expect(result.lines.count == 3)
        #expect(result.lines.suffix(2) == ["0", "0"])
        #expect(work.scratch.files().count { $0.hasPrefix("out/") } == 20)
    }

    @Test func `tells by its exit code of results that were lost`() async throws {
        let source = try work.wave("a.wav")
        let result = try await work.bash(
            """
            "$VOXKEEP" convert a.wav --output closed >&-; echo $?
            "$VOXKEEP" convert a.wav --output silent >&- 2>&- <&-; echo $?
            "$VOXKEEP" convert a.wav --output full --json > /dev/full; echo $?
            """)
        #expect(result.lines == ["73", "73", "73"])
        #expect(result.diagnostics.contains("voxkeep: Standard output is closed"))
        #expect(result.diagnostics.contains("the disk it goes to is full"))
        for folder in ["closed", "silent", "full"] {
            #expect(try await work.restored("\(folder)/a.flac") == source)
        }
    }

    @Test func `ends at Ctrl-C, says what is done, and leaves nothing unfinished`() async throws {
        let source = try work.wave("in/a.wav")
        try work.sparseWave("in/z.wav", megabytes: 2000)
        // The second file takes many times as long as it takes a shell to notice the first one; this process may be too
        // busy with other tests to notice in time.
        let result = try await work.bash(
            """
            "$VOXKEEP" convert in --output out --jobs 1 & process=$!
            for try in {1..1000}; do [ -e out/a.flac ] && break; sleep 0.02; done
            kill -INT $process; wait $process
            """)
        #expect(result.status == 130)
        #expect(
            result.diagnostics.contains("Interrupted after 1 of 2 files: 1 converted"),
            "\(result.diagnostics)")
        #expect(work.scratch.files().filter { $0.hasPrefix("out/") } == ["out/a.flac"])
        #expect(try await work.restored("out/a.flac") == source)
    }
}
