import AuditTrail
import DurableFiles
import Foundation
import TestSupport
import Testing
import TransparencyLog

/// What the journal says, checked by programs that know nothing of it but its description.
struct OracleTests {
    private static let check = """
        import base64, glob, hashlib, json, os, subprocess, sys, tempfile
        canonical = lambda value: json.dumps(
            value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        sha256 = lambda data: hashlib.sha256(data).digest()
        name, key_id, public = sys.argv[2].split("+", 2)
        folder = tempfile.mkdtemp()
        def write(name, data):
            with open(os.path.join(folder, name), "wb") as file:
                file.write(data)
            return file.name
        key = write("key", bytes.fromhex("302a300506032b6570032100") + base64.b64decode(public)[1:])
        number, unbound, chain = 0, 0, bytes(32)
        for path in sorted(glob.glob(sys.argv[1] + "/*.jsonl")):
            for raw in open(path, "rb"):
                line = json.loads(raw)
                assert canonical(line) + b"\\n" == raw
                details, entry = line["details"], line.get("entry")
                assert details["n"] == number
                if "sig" in line:
                    assert (line["before"], line["key"]) == (chain.hex(), key_id), number
                    content = canonical({k: v for k, v in line.items() if k in ("details", "entry")})
                    head = f"voxkeep line\\n{name}\\n{chain.hex()}\\n".encode()
                    subprocess.run(
                        ["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", key, "-rawin",
                         "-in", write("signed", head + content),
                         "-sigfile", write("signature", base64.b64decode(line["sig"]))],
                        check=True, stdout=subprocess.DEVNULL)
                else:
                    assert details["event"] == "read" and entry is None and set(line) == {"details"}
                if entry is not None:
                    assert entry["details"] == sha256(canonical(details)).hex()
                    assert (entry["at"], entry["type"], entry["v"]) == (details["at"], details["event"], 1)
                if details["event"] == "access":
                    assert (entry["count"], entry["digest"]) == (unbound, chain.hex()), number
                    unbound = 0
                elif entry is None:
                    unbound += 1
                chain = sha256(chain + sha256(raw))
                number += 1
        print(number)
        """

    private func check(_ folder: ScratchFolder) async throws -> ToolResult {
        try await Tool.python.run(["-c", Self.check, folder.journalPath, Keys.owner.verifierKey.text])
    }

    @Test func `agrees with Python about every digest, and with openssl about every signature`() async throws
    {
        let folder = try ScratchFolder()
        var journal = try folder.journal()
        for round in 0..<4 {
            try journal.add(ingest(round), read(round))
            try journal.addUnsigned(read(round), read(round))
            try journal.add(
                JournalEvent(
                    "verify", details: ["findings": ["a": 1, "list": [1.5, true, nil, "\u{2028}\n"]]],
                    entry: [:]))
            try journal.addAccess()
        }
        let result = try await check(folder)
        #expect(result.text == "25\n", "\(result.diagnostics)")
    }

    /// A writer in another language and another process.
    private static let append = """
        import fcntl, glob, json, os, sys
        folder, count = sys.argv[1], int(sys.argv[2])
        canonical = lambda value: json.dumps(value, sort_keys=True, separators=(",", ":")).encode()
        for _ in range(count):
            with open(folder + "/lock", "a") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                paths = sorted(glob.glob(folder + "/*.jsonl"))
                number = sum(open(path, "rb").read().count(b"\\n") for path in paths)
                at = "2026-11-25T07:10:00.123Z"
                details = {"actor": "python", "at": at, "event": "read", "n": number, "nonce": os.urandom(16).hex()}
                with open("%s/%06d.jsonl" % (folder, number // 3), "ab") as file:
                    file.write(canonical({"details": details}) + b"\\n")
                    file.flush()
                    os.fsync(file.fileno())
        """

    @Test func `takes turns with another process`() async throws {
        let folder = try ScratchFolder(inMemory: true)
        var journal = try folder.journal()
        let other = try Tool.python.start(["-c", Self.append, folder.journalPath, "40"])
        var seen = Array(try folder.lines().lines.prefix(1))
        for number in 0..<40 {
            seen += try journal.add(number % 2 == 0 ? read(number) : ingest(number))
        }
        seen += try journal.addAccess()
        let result = await other.result()
        #expect(result.status == 0, "\(result.diagnostics)")
        try journal.refresh()
        seen += try journal.rest()
        let lines = try folder.lines().lines
        #expect(lines.count == 82 && seen == lines)
        #expect(lines.count { $0.actor == "python" } == 40)
        let check = try await check(folder)
        #expect(check.text == "82\n", "\(check.diagnostics)")
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
        #expect(try folder.lines().lines.count == 2)
    }
}
