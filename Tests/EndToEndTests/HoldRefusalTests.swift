import Foundation
import TestSupport
import Testing

@Suite struct HoldRefusalTests {
    @Test(
        arguments: [
            ("hold --case C --reason r", 64, "Name recordings by their ids or by a filter, or say --all."),
            ("hold --case C --reason r --all --caller 2000", 64, "exclude one another"),
            ("hold --case C --reason r ID --caller 2000", 64, "exclude one another"),
            ("hold --case C --reason r ID --future", 64, "--future needs a filter or --all"),
            ("hold --case '' --reason r --all", 64, "--case takes a name that is not empty"),
            ("hold --case ' C' --reason r --all", 64, "without spaces at its ends"),
            ("hold --case $'C\\e[2J' --reason r --all", 64, "without control and invisible characters"),
            ("hold --case C --reason ' ' --all", 64, "--reason takes a reason in words"),
            ("hold --case C --reason $'a\\nb' --all", 64, "--reason takes one line"),
            ("hold --case C --reason \"$(printf '%010000d' 0)\" --all", 64, "at most 2000 bytes, not 10000"),
            ("hold --case C --all", 64, "'--reason <text>'"),
            ("hold --case C --reason r --all --actor ''", 64, "--actor takes a name that is not empty"),
            ("hold --case C --reason r --all --actor $'bob\\xE2\\x80\\x8B'", 64, "invisible characters"),
            ("hold --case C --reason r 12345", 64, "12345 is no recording's id"),
            ("hold --case C --reason r ../../x", 64, "../../x is no recording's id"),
            (
                "hold --case C --reason r 00000000000000000000000000000000", 66,
                "The archive has no recording 00000000"
            ),
            ("hold --case C --reason r --caller 99", 66, "No recording passes the filter"),
            ("holds --archive nothing", 66, "There is no archive at"),
            ("hold --archive nothing --case C --reason r --all", 66, "There is no archive at"),
            ("hold --archive '' --case C --reason r --all", 64, "--archive takes a folder"),
            ("release --reason r", 64, "Name one hold"),
            ("release abcdef --case C --reason r", 64, "Name one hold"),
            ("release xyz --reason r", 64, "xyz is no hold's id"),
            ("release abcdef --reason r", 66, "no hold whose id begins with abcdef; holds --all shows"),
            ("release --case C --reason r", 66, "no hold for the case C"),
            ("retain --reason r ID", 64, "Give either --policy or --event-date."),
            ("retain --policy 10y --event-date 2026-01-01 --reason r ID", 64, "Give either"),
            ("retain --policy 10x --reason r ID", 64, "There is no retention 10x"),
            ("retain --event-date 2026-02-30 --reason r ID", 64, "There is no such day"),
            ("retain --event-date 1970-01-01 --reason r ID", 64, "a day of the years 2000 to 2199"),
            ("retain --event-date 9999-12-31 --reason r ID", 64, "a slip would stay"),
            ("retain --event-date 10000-01-01 --reason r ID", 64, "There is no such day"),
            ("retain --policy 1001y --reason r ID", 64, "for at most 1000 years"),
            ("retain --policy event+0d --reason r ID", 64, "There is no retention event+0d"),
            ("retain --policy 10y --reason r", 64, "or say --all"),
            ("retain --policy 10y --reason '' ID", 64, "--reason takes a reason in words"),
            ("expire --anchor-max-age 1y", 64, "a number of days or weeks"),
            ("erase ID", 64, "'--ground <text>'"),
            ("erase --ground '' ID", 64, "--ground takes a reason in words"),
            ("erase --ground g", 64, "'<id> ...'"),
            ("audit --since 2026-02-01 --before 2026-02-01", 64, "a later moment than --since"),
            ("audit --since yesterday", 64, "There is no such moment"),
            ("audit --record 12345", 64, "12345 is no recording's id"),
            ("audit --archive log.key", 66, "is no archive"),
        ] as [(String, Int32, String)])
    func `refuses in one sentence what it cannot do, and changes nothing`(
        command: String, status: Int32, sentence: String
    ) async throws {
        let archive = try await KeptArchive()
        let before = archive.scratch.text("archive/journal/000000.jsonl")
        let words = command.split(separator: " ", maxSplits: 1)
        let archiveOption = command.contains("--archive") ? "" : "--archive archive"
        let keyOption = ["holds", "audit"].contains(words[0]) ? "" : "--key-file log.key"
        let arguments = words.dropFirst().joined().replacing("ID", with: archive.rows[0].id)
        let result = try await Tool(path: "/bin/bash").run(
            ["-c", "\"$VOXKEEP\" \(words[0]) \(archiveOption) \(keyOption) \(arguments)"],
            environment: archive.environment.merging(["VOXKEEP": Tool.voxkeep.path]) { $1 },
            folder: archive.scratch.path)
        #expect(result.status == status, "\(result.diagnostics)")
        #expect(result.diagnostics.contains(sentence), "\(result.diagnostics)")
        #expect(result.output.isEmpty)
        #expect(archive.scratch.text("archive/journal/000000.jsonl") == before)
        #expect(
            !archive.scratch.files().contains { $0.hasPrefix("nothing") || $0.hasPrefix("configuration") })
    }

    @Test func `makes no archive of a folder without a catalog, such as a replica`() async throws {
        let archive = try await KeptArchive()
        for name in ["catalog.sqlite", "catalog.sqlite-wal", "catalog.sqlite-shm"] {
            try? FileManager.default.removeItem(atPath: archive.path + "/" + name)
        }
        let result = try await archive.change("hold", "--case", "C", "--reason", "r", "--all")
        #expect(result.status == 66)
        #expect(result.diagnostics.contains("has lost its catalog.sqlite"), "\(result.diagnostics)")
        #expect(!archive.scratch.files().contains { $0.contains("catalog.sqlite") })
    }

    @Test func `needs the key that signs the log`() async throws {
        let archive = try await KeptArchive()
        let hold = ["hold", "--archive", archive.path, "--case", "C", "--reason", "r", "--all"]
        let missing = try await Tool.voxkeep.run(hold, environment: archive.environment)
        #expect(missing.status == 73)
        #expect(missing.diagnostics.contains("name it with --key-file"), "\(missing.diagnostics)")
        // The key of RFC 8032's kind whose seed is 0 to 31, as c2sp.org/signed-note writes it.
        let seed = Data([1] + (0...31)).base64EncodedString()
        let other = try archive.scratch.write(
            "PRIVATE+KEY+archive.example/log1+f3cf121c+\(seed)\n".utf8, to: "other.key")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: other)
        let wrong = try await Tool.voxkeep.run(
            hold + ["--key-file", other], environment: archive.environment)
        #expect(wrong.status == 73)
        #expect(wrong.diagnostics.contains("other.key"), "\(wrong.diagnostics)")
    }

    @Test func `waits for nobody who has the archive in use, and names the process`() async throws {
        let archive = try await KeptArchive()
        let script = """
            import fcntl, os, subprocess, sys
            lock = os.open(sys.argv[1] + "/lock", os.O_RDWR)
            fcntl.flock(lock, fcntl.LOCK_EX)
            os.ftruncate(lock, 0); os.write(lock, b"4711\\n")
            sys.exit(subprocess.run(sys.argv[2:]).returncode)
            """
        let result = try await Tool.python.run(
            ["-c", script, archive.path, Tool.voxkeep.path] + archive.changing("hold")
                + ["--case", "C", "--reason", "r", "--all"], environment: archive.environment)
        #expect(result.status == 73)
        #expect(result.diagnostics.contains("in use by process 4711; wait"), "\(result.diagnostics)")
        #expect(try await archive.read("holds").status == 0)
    }
}
