import Foundation
import PBXEmulator
import TestSupport
import Testing

/// Recordings are for the user that takes them in, whatever the umask is.
@Suite struct PrivateFilesTests {
    @Test func `nobody else can open anything that is made of a recording`() async throws {
        var model = SyncedPBX.mailboxes(messages: 2)
        model.deliver(
            to: "1000", folder: .inbox, date: "2026-01-05 10:00:00", caller: "666", length: 2,
            audio: SyncedPBX.noAudio)
        let pbx = try await SyncedPBX(model)
        let result = try await Tool(path: "/bin/bash").run(
            [
                "-c",
                """
                umask 0
                "$VOXKEEP" init archive > /dev/null
                "$VOXKEEP" "$@" --replica replica > /dev/null
                run() { "$VOXKEEP" "$@" > /dev/null || echo "$1 failed"; }
                id=$("$VOXKEEP" list --archive archive --state archived --json --quiet |
                    sed -n '1s/.*"id":"\\([0-9a-f]*\\)".*/\\1/p')
                run hold --archive archive --case C --reason r --future --all
                run restore --archive archive --output restored/a.wav $id
                run export --archive archive --format bagit --output bag
                run export --archive archive --format csv --output corpus
                run prove --archive archive --output proof $id
                run rebuild-catalog --archive archive
                run replicate --archive archive
                run anchor --archive archive --query query.tsq
                run convert --output flac --report report.jsonl restored
                ls -d archive/catalog.sqlite archive/lock replica/journal bag/data corpus proof flac/a.flac report.jsonl
                find . -mindepth 1 -perm /077 -printf '%m %p\\n'
                """, "bash",
            ] + pbx.arguments(),
            environment: pbx.environment.merging(["VOXKEEP": Tool.voxkeep.path]) { $1 },
            folder: pbx.scratch.path)
        let made =
            "archive/catalog.sqlite archive/lock bag/data corpus flac/a.flac proof replica/journal report.jsonl"
        #expect(
            result.lines == made.split(separator: " ").map(String.init), "\(result.text)\(result.diagnostics)"
        )
        try await pbx.emulator.stop()
    }

    @Test func `neither can a program that reads the catalog make files for others beside it`() async throws {
        let archive = try await KeptArchive()
        let script = """
            import os, sqlite3, sys
            os.umask(0)
            catalog = sqlite3.connect(sys.argv[1] + "/catalog.sqlite")
            catalog.execute("SELECT COUNT(*) FROM recording").fetchall()
            for name in sorted(os.listdir(sys.argv[1])):
                if name.startswith("catalog.sqlite"): print(name, oct(os.stat(sys.argv[1] + "/" + name).st_mode & 0o777))
            """
        let result = try await Tool.python.run(["-c", script, archive.path])
        let names = ["catalog.sqlite", "catalog.sqlite-shm", "catalog.sqlite-wal"]
        #expect(result.lines == names.map { "\($0) 0o600" }, "\(result.text)\(result.diagnostics)")
    }

    @Test func `what is made of a file that may not be written may not be, either`() async throws {
        let work = try Workspace()
        for (name, mode) in [("a", 0o400), ("b", 0o644), ("c", 0o600)] {
            try work.wave("in/\(name).wav")
            #expect(chmod(work.scratch("in/\(name).wav"), mode_t(mode)) == 0)
        }
        let result = try await work.bash(
            "umask 0; \"$VOXKEEP\" convert --output out in > /dev/null; stat -c %a out out/a.flac out/b.flac out/c.flac"
        )
        #expect(result.lines == ["700", "400", "600", "600"], "\(result.text)\(result.diagnostics)")
    }
}
