import Foundation
import TestSupport
import Testing

@Suite struct AuditTests {
    /// Counts the audit trail's lines whose details, hashed by Python, are those that the journal's entries commit to.
    private static let script = """
        import hashlib, json, sys
        entries = [json.loads(line).get("entry") for line in open(sys.argv[1] + "/journal/000000.jsonl")]
        entries = [entry for entry in entries if entry]
        right = 0
        for line in sys.stdin:
            details = json.loads(line)
            index = details.pop("entry", None)
            if index is None: continue
            text = json.dumps(details, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
            assert hashlib.sha256(text.encode()).hexdigest() == entries[index]["details"], line
            right += 1
        print(right, len(entries))
        """

    @Test func `tells all that happened, with what the log's entries commit to`() async throws {
        let archive = try await KeptArchive()
        #expect(
            try await archive.change("hold", "--case", "Ä 1", "--reason", "…", "--all", as: "Łucja").status
                == 0)
        let result = try await archive.read("audit", "--json", "--quiet")
        #expect(result.status == 0, "\(result.diagnostics)")
        let journal = try #require(archive.scratch.text("archive/journal/000000.jsonl"))
        #expect(result.lines.count == journal.split(separator: "\n").count)
        try archive.scratch.write(result.output, to: "audit.jsonl")
        try archive.scratch.write(Self.script.utf8, to: "check.py")
        let checked = try await Tool(path: "/bin/bash").run(
            ["-c", "/usr/bin/python3 check.py archive < audit.jsonl"], folder: archive.scratch.path)
        let entries = journal.split(separator: "\n").count { $0.contains(#","entry":{"#) }
        #expect(checked.text == "\(entries) \(entries)\n", "\(checked.diagnostics)")
    }

    @Test func `shows what is asked for`() async throws {
        let archive = try await KeptArchive()
        let id = archive.rows[0].id
        #expect(try await archive.change("hold", "--case", "C", "--reason", "suit", id).status == 0)
        #expect(
            try await archive.change("hold", "--case", "D", "--reason", "suit", archive.rows[1].id).status
                == 0)
        #expect(try await archive.change("release", "--case", "C", "--reason", "over", as: "Bob").status == 0)
        let people = try await archive.read("audit", "--event", "hold", "--event", "release-request")
        #expect(people.lines.count == 3)
        #expect(
            people.lines[0].hasSuffix(", case C, \(id.prefix(12)), suit")
                && people.lines[0].contains("Z alice      hold "))
        #expect(people.diagnostics == "3 events.\n")
        let story = try archive.json(await archive.read("audit", "--record", id, "--json"))
        #expect(story.compactMap { $0["event"] as? String } == ["ingest", "hold", "release-request"])
        for name in ["bob", "BOB", "ｂｏｂ", "b ob", "Bo\u{200D}b"] {
            #expect(try await archive.read("audit", "--actor-is", name).lines.count == 1, "\(name)")
        }
        #expect(try await archive.read("audit", "--actor-is", "bobby").lines.isEmpty)
        let nobody = try await archive.read("audit", "--actor-is", "\u{200B}")
        #expect(nobody.status == 64 && nobody.diagnostics.contains("Nothing can be seen of the name"))
        let unknown = try await archive.read("audit", "--event", "holds")
        #expect(
            unknown.status == 64
                && unknown.diagnostics.contains(
                    "there is no event holds; there are key, ingest, replace, hold, ")
        )
        #expect(try await archive.read("audit", "--before", "2020-01-01").lines.isEmpty)
        let all = try await archive.read("audit")
        #expect(try await archive.read("audit", "--since", "2020-01-01").output == all.output)
        #expect(try await archive.read("audit", "--since", "2020-01-01T00:00:00+08:00").output == all.output)
    }

    @Test func `needs no catalog, and finds out a journal that was changed`() async throws {
        let archive = try await KeptArchive()
        let all = try await archive.read("audit")
        for name in ["catalog.sqlite", "catalog.sqlite-wal", "catalog.sqlite-shm"] {
            try? FileManager.default.removeItem(atPath: archive.path + "/" + name)
        }
        #expect(try await archive.read("audit").output == all.output)
        let id = archive.rows[0].id
        #expect(try await archive.read("audit", "--record", id).lines.count == 1)
        let short = try await archive.read("audit", "--record", String(id.prefix(8)))
        #expect(short.status == 66)
        #expect(short.diagnostics.contains("give all 32"), "\(short.diagnostics)")

        let journal = try #require(archive.scratch.text("archive/journal/000000.jsonl"))
        try archive.scratch.write(
            journal.replacing(#""event":"listing","messages":2"#, with: #""event":"listing","messages":3"#)
                .utf8, to: "archive/journal/000000.jsonl")
        let changed = try await archive.read("audit")
        #expect(changed.status == 66)
        #expect(changed.diagnostics.contains("is not signed by the archive's key"), "\(changed.diagnostics)")
        #expect(!changed.output.isEmpty && all.output.starts(with: changed.output.prefix(20)))
    }

    @Test(.enabled(if: Machine.canMount, "needs the right to mount a file system"))
    func `works on a read-only disk, where nothing can be held`() async throws {
        let archive = try await KeptArchive()
        let result = try await Tool(path: "/usr/bin/unshare").run(
            [
                "--map-root-user", "--mount", "/bin/bash", "-c",
                """
                mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" || exit 99
                "$2" audit --archive "$1" --quiet && "$2" holds --archive "$1" --quiet || exit 98
                "$2" hold --archive "$1" --key-file "$3" --case C --reason r --all
                """, "bash", archive.path, Tool.voxkeep.path, archive.scratch("log.key"),
            ], environment: archive.environment)
        #expect(result.status == 73)
        #expect(result.diagnostics.contains("is read-only; mount it for writing"), "\(result.diagnostics)")
    }
}
