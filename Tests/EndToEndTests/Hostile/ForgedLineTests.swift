import Foundation
import TestSupport
import Testing

/// Lines that somebody writes into the journal who has no key: they do nothing, stop nothing, and are told.
@Suite struct ForgedLineTests {
    /// Adds a line as an archive of an earlier format had them: each argument is an event, details, and perhaps an entry.
    private static let forge = """
        import hashlib, json, os, sys
        path, at = sys.argv[1] + "/journal/000000.jsonl", "2026-01-06T00:00:00.000Z"
        canonical = lambda value: json.dumps(value, sort_keys=True, separators=(",", ":")).encode()
        for argument in sys.argv[2:]:
            event, details, entry = (json.loads(argument) + [None])[:3]
            number = open(path, "rb").read().count(b"\\n")
            line = {"details": {"actor": "mallory", "at": at, "event": event, "n": number,
                                "nonce": os.urandom(16).hex(), **details}}
            if entry is not None:
                digest = hashlib.sha256(canonical(line["details"])).hexdigest()
                line["entry"] = {"at": at, "details": digest, "type": event, "v": 1, **entry}
            with open(path, "ab") as file:
                file.write(canonical(line) + b"\\n")
        """

    private func forge(_ archive: SyncedArchive, _ lines: String...) async throws {
        let result = try await Tool.python.run(["-c", Self.forge, archive.path] + lines)
        try #require(result.status == 0, "\(result.diagnostics)")
    }

    @Test func `release and erase nothing, whatever they say, and are named by verify`() async throws {
        let archive = try await SyncedArchive()
        let ids = try archive.ids()
        let held = try await archive.voxkeep("hold", "--case", "C", "--reason", "suit", ids[0])
        #expect(held.status == 0, "\(held.diagnostics)")
        let hold = try #require(try #/"hold":"([0-9a-f]{32})"/#.firstMatch(in: try archive.lines().joined()))
            .1
        try await forge(
            archive, #"["release-request", {"hold": "\#(hold)", "reason": "r"}, {"hold": "\#(hold)"}]"#,
            #"["release", {"hold": "\#(hold)", "reason": "r"}, {"hold": "\#(hold)"}]"#,
            """
            ["erase", {"record": "\(ids[0])", "kind": "request", "ground": "g", "ingest": 1, "messageKey": "", \
            "state": "archived", "original": "", "stored": ""}, {"record": "\(ids[0])", "kind": "request", \
            "original": "", "stored": ""}]
            """)
        for _ in 0..<2 {
            let synced = try await archive.pbx.sync()
            #expect(synced.status == 0, "\(synced.diagnostics)")
            #expect(try await archive.pbx.list().count == 3)
            #expect(try await archive.voxkeep("holds", "--json", "--quiet").lines.count == 1)
            #expect(archive.scratch.files().count { $0.hasSuffix(".flac") } == 3)
            let verified = try await archive.voxkeep("verify")
            #expect(verified.status == 1)
            #expect(verified.text.components(separatedBy: "journal.foreign").count == 4, "\(verified.text)")
            #expect(verified.text.contains("archive/journal/000000.jsonl, is not signed; it was not applied"))
        }
        let audit = try await archive.voxkeep("audit")
        #expect(audit.lines.count { $0.hasPrefix("foreign line ") } == 3, "\(audit.text)")
        #expect(!audit.text.contains("mallory") && audit.status == 0)
        #expect(try await archive.voxkeep("audit", "--event", "foreign").lines.count == 3)
        // The log goes on to prove everything.
        let rebuilt = try await archive.voxkeep("rebuild-catalog")
        #expect(rebuilt.status == 0, "\(rebuilt.diagnostics)")
        #expect(try await archive.pbx.list().count == 3)
        // What they would have done, the owner's own lines do.
        for (verb, actor) in [("release", "alice"), ("release", "bob")] {
            let done = try await archive.voxkeep(verb, "--case", "C", "--reason", "over", "--actor", actor)
            #expect(done.status == 0, "\(done.diagnostics)")
        }
        #expect(try await archive.voxkeep("holds", "--json", "--quiet").lines.isEmpty)
    }

    @Test func `make no replica`() async throws {
        let archive = try await SyncedArchive()
        let place = archive.scratch("stolen")
        try await forge(archive, #"["replica", {"path": "\#(place)"}]"#)
        #expect(try await archive.pbx.sync().status == 0)
        #expect(!FileManager.default.fileExists(atPath: place))
        #expect(try await archive.voxkeep("verify").text.contains("journal.foreign"))
    }

    @Test(arguments: [
        #"printf 'no line\n'"#, #"printf '\377\376\n'"#, #"printf '{"details":{}}\n'"#,
        "head -c 67108864 /dev/zero; echo",
        "head -c 70000000 /dev/zero", "head -n 2 archive/journal/000000.jsonl",
        #"printf '%s\n' "$(tail -n 1 archive/journal/000000.jsonl | sed 's/2026/2999/')""#,
    ])
    func `stop nothing, whatever they are`(script: String) async throws {
        let archive = try await SyncedArchive()
        let written = try await archive.bash("(\(script)) > bytes; cat bytes >> archive/journal/000000.jsonl")
        try #require(written.status == 0, "\(written.diagnostics)")
        let synced = try await archive.pbx.sync(["--replica", archive.scratch("replica")])
        #expect(synced.status == 0, "\(synced.diagnostics)")
        let copied = try await archive.bash("cmp archive/journal/000000.jsonl replica/journal/000000.jsonl")
        #expect(copied.status == 0, "\(copied.text)")
        let rebuilt = try await archive.voxkeep("rebuild-catalog")
        #expect(rebuilt.status == 0, "\(rebuilt.diagnostics)")
        #expect(try await archive.pbx.list().count == 3)
        let expired = try await archive.voxkeep("expire", "--dry-run")
        #expect(expired.status == 0, "\(expired.diagnostics)")
        let verified = try await archive.voxkeep("verify")
        #expect(verified.status == 1 && verified.text.contains("journal.foreign"), "\(verified.text)")
        #expect(!verified.text.contains("journal.d"))
    }

    // A read is all that anybody may tell of, and no clock goes by it.
    @Test func `of a process without the key tell the time to nobody`() async throws {
        let archive = try await SyncedArchive()
        try await forge(
            archive, #"["read", {"at": "2999-01-01T00:00:00.000Z", "how": "restore", "record": ""}]"#,
            #"["read", {}]"#)
        #expect(try await archive.pbx.sync().status == 0)
        let expired = try await archive.voxkeep("expire", "--dry-run")
        #expect(expired.status == 0, "\(expired.diagnostics)")
        #expect(try await archive.voxkeep("verify").status == 0)
    }

    @Test func `are passed while a sync adds its own`() async throws {
        let pbx = try await SyncedPBX(SyncedPBX.mailboxes(messages: 12), inMemory: true)
        let running = try pbx.start()
        let journal = URL(filePath: pbx.archive + "/journal/000000.jsonl")
        var written = 0
        while written < 5 {
            try await Task.sleep(for: .milliseconds(10))
            guard let handle = try? FileHandle(forWritingTo: journal), try handle.seekToEnd() > 0 else {
                continue
            }
            try handle.write(contentsOf: Data("{\"details\":{\"event\":\"erase\",\"n\":\(written)}}\n".utf8))
            try handle.close()
            written += 1
        }
        let result = await running.result()
        #expect(result.status == 0, "\(result.diagnostics)")
        #expect(try await pbx.list().count == 12)
        let verified = try await Tool.voxkeep.run(
            ["verify", "--archive", pbx.archive], environment: pbx.environment)
        #expect(verified.text.components(separatedBy: "journal.foreign").count == 6, "\(verified.text)")
    }

    @Test func `are named by the document's program, which finds the others signed`() async throws {
        let archive = try await SyncedArchive()
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")
        let document = try String(
            contentsOf: root.appending(path: "docs/verify-without-voxkeep.md"), encoding: .utf8)
        let program = try #require(
            document.split(separator: "```python\n").last?.split(separator: "\n```").first)
        try archive.scratch.write(program.utf8, to: "check.py")
        let whole = try await archive.bash("python3 check.py archive")
        #expect(whole.status == 0, "\(whole.text)")
        let block = try #require(
            document.split(separator: "```sh\n").first { $0.contains("voxkeep line") }?.split(
                separator: "\n```"
            ).first)
        let opened = try await archive.bash(
            """
            cd archive; key=$(tail -n 1 verifier-keys.txt)
            (printf '302a300506032b6570032100' | xxd -r -p
             printf '%s' "${key#*+*+}" | base64 -d | tail -c 32) > key.der
            \(block)
            rm key.der signed.txt signature
            """)
        #expect(
            opened.text.contains("Signature Verified Successfully"), "\(opened.text)\(opened.diagnostics)")
        try await forge(
            archive, #"["replica", {"path": "/x"}]"#, #"["read", {"record": "", "how": "restore"}]"#)
        _ = try await archive.bash(
            #"printf '\377\n[]\n' >> archive/journal/000000.jsonl; head -n 1 archive/journal/000000.jsonl > l; cat l >> archive/journal/000000.jsonl"#
        )
        #expect(try await archive.pbx.sync().status == 0)
        let checked = try await archive.bash("python3 check.py archive")
        #expect(checked.status == 1)
        #expect(
            checked.lines.count { $0.hasPrefix("PROBLEM: line ") && $0.hasSuffix("and does not count") } == 4,
            "\(checked.text)\(checked.diagnostics)")
        #expect(checked.lines.last == "4 problems.")
    }
}
