import AuditTrail
import DurableFiles
import Foundation
import TestSupport
import Testing
import TransparencyLog

/// What the journal says, checked by programs that know nothing of it but its description.
struct OracleTests {
    private static let check = """
        import glob, hashlib, json, sys
        canonical = lambda value: json.dumps(
            value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        sha256 = lambda data: hashlib.sha256(data).hexdigest()
        number, open_lines = 0, []
        for path in sorted(glob.glob(sys.argv[1] + "/*.jsonl")):
            for raw in open(path, "rb"):
                line = json.loads(raw)
                assert canonical(line) + b"\\n" == raw
                details, entry = line["details"], line.get("entry")
                assert details["n"] == number
                if entry is None:
                    open_lines.append(raw)
                else:
                    assert entry["details"] == sha256(canonical(details))
                    assert (entry["at"], entry["type"], entry["v"]) == (details["at"], details["event"], 1)
                if details["event"] == "access":
                    assert entry["count"] == len(open_lines), number
                    assert entry["digest"] == sha256(b"".join(open_lines))
                    open_lines = []
                number += 1
        print(number)
        """

    @Test func `agrees with Python about every digest`() async throws {
        let folder = try ScratchFolder()
        var journal = try folder.journal()
        for round in 0..<4 {
            try journal.add(ingest(round), read(round), read(round))
            try journal.add(
                JournalEvent(
                    "verify", details: ["findings": ["a": 1, "list": [1.5, true, nil, "\u{2028}\n"]]],
                    entry: [:]))
            try journal.addAccess()
        }
        let result = try await Tool.python.run(["-c", Self.check, folder.journalPath])
        #expect(result.text == "20\n", "\(result.diagnostics)")
    }

    /// A writer in another language and another process.
    private static let append = """
        import fcntl, glob, hashlib, json, os, sys
        folder, count = sys.argv[1], int(sys.argv[2])
        canonical = lambda value: json.dumps(value, sort_keys=True, separators=(",", ":")).encode()
        for _ in range(count):
            with open(folder + "/lock", "a") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                paths = sorted(glob.glob(folder + "/*.jsonl"))
                number = sum(open(path, "rb").read().count(b"\\n") for path in paths)
                at = "2026-11-25T07:10:00.123Z"
                details = {"actor": "python", "at": at, "event": "ingest", "n": number, "nonce": os.urandom(16).hex()}
                entry = {"at": at, "type": "ingest", "v": 1}
                entry["details"] = hashlib.sha256(canonical(details)).hexdigest()
                with open("%s/%06d.jsonl" % (folder, number // 3), "ab") as file:
                    file.write(canonical({"details": details, "entry": entry}) + b"\\n")
                    file.flush()
                    os.fsync(file.fileno())
        """

    @Test func `takes turns with another process`() async throws {
        let folder = try ScratchFolder(inMemory: true)
        var journal = try folder.journal()
        let other = try Tool.python.start(["-c", Self.append, folder.journalPath, "40"])
        var seen: [JournalLine] = []
        for number in 0..<40 {
            seen += try journal.add(number % 2 == 0 ? read(number) : ingest(number))
        }
        seen += try journal.addAccess()
        let result = await other.result()
        #expect(result.status == 0, "\(result.diagnostics)")
        try journal.refresh()
        seen += try journal.rest()
        let lines = try folder.lines().lines
        #expect(lines.count == 81 && seen == lines)
        #expect(lines.count { $0.actor == "python" } == 40)
        let check = try await Tool.python.run(["-c", Self.check, folder.journalPath])
        #expect(check.text == "81\n", "\(check.diagnostics)")
    }

    @Test func `waits for a lock that another process holds a while`() async throws {
        let folder = try ScratchFolder()
        var journal = try folder.journal()
        let script = """
            import fcntl, sys, time
            with open(sys.argv[1] + "/lock", "a") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                open(sys.argv[1] + "/../locked", "w").close()
                time.sleep(0.8)
            """
        let other = try Tool.python.start(["-c", script, folder.journalPath])
        while !FileManager.default.fileExists(atPath: folder("locked")) {
            try await Task.sleep(for: .milliseconds(5))
        }
        try journal.add(ingest(0))
        #expect(await other.result().status == 0)
        #expect(try folder.lines().lines.count == 1)
    }
}
