import Digests
import Foundation
import RecordingArchive
import TestSupport
import Testing

@Suite struct ExportTests {
    /// What the bag holds, by path below `data`.
    private static func payload(_ archive: SampleArchive, _ bag: String = "bag") -> [String] {
        let prefix = bag + "/data/"
        return archive.scratch.files().filter { $0.hasPrefix(prefix) }.map {
            String($0.dropFirst(prefix.count))
        }
    }

    private static func export(_ archive: SampleArchive, _ arguments: String...) async throws -> ToolResult {
        try await Tool.voxkeep.run(
            [
                "export", "--format", "bagit", "--archive", archive.path, "--key-file",
                archive.scratch("log.key"),
            ]
                + arguments, folder: archive.scratch.path)
    }

    /// What lies beside the archive but its key.
    private static func names(_ archive: SampleArchive) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: archive.scratch.path)
            .filter { !$0.hasPrefix("log.key") }.sorted()
    }

    /// An archive for tests that change nothing.
    private static let untouched = Task {
        let archive = try await SampleArchive(messages: 0)
        try archive.scratch.write([1], to: "full/mine")
        try FileManager.default.createSymbolicLink(
            atPath: archive.scratch("link"), withDestinationPath: archive.path)
        return archive
    }

    @Test(
        .enabled("bagit is not installed; run scripts/test-python") { await Tool.hasPythonPackage("bagit") })
    func `makes a bag that bagit finds valid, until a byte is flipped`() async throws {
        let archive = try await SampleArchive()
        let result = try await Self.export(archive, "--output", "bag", "--originals", "--actor", "alice")
        #expect(result.status == 0, "\(result.diagnostics)")
        let validate = ["-m", "bagit", "--validate", archive.scratch("bag")]
        let valid = try await Tool.pythonPackages.run(validate)
        #expect(valid.status == 0, "\(valid.diagnostics)")
        let flac = try #require(Self.payload(archive).first { $0.hasSuffix(".flac") })
        let url = URL(filePath: archive.scratch("bag/data/" + flac))
        var bytes = try Data(contentsOf: url)
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: url)
        #expect(try await Tool.pythonPackages.run(validate).status == 1)
    }

    @Test func `holds each recording with its original, what is known of it, its history and its proof`()
        async throws
    {
        let archive = try await SampleArchive()
        let rows = try await archive.list()
        #expect(try await archive.voxkeep("restore", rows[0].id, "-o", "x.wav").status == 0)
        let result = try await Self.export(archive, "--output", "bag", "--originals", "--actor", "alice")
        #expect(result.status == 0, "\(result.diagnostics)")
        let metadata = try #require(
            try JSONSerialization.jsonObject(
                with: Data(contentsOf: URL(filePath: archive.scratch("bag/data/metadata.json"))))
                as? [[String: Any]])
        #expect(Set(metadata.compactMap { $0["id"] as? String }) == Set(rows.map(\.id)))
        for row in metadata {
            let original = try #require(row["original"] as? String)
            let bytes = try Data(contentsOf: URL(filePath: archive.scratch("bag/data/" + original)))
            #expect(SHA256Hasher.digest(of: Array(bytes)).hexadecimal == row["sha256"] as? String)
            let id = try #require(row["id"] as? String)
            #expect(Self.payload(archive).contains("proofs/\(id).tlog-proof"))
            #expect(archive.scratch.text("bag/data/proofs/\(id).entry.json")?.contains(id) == true)
        }
        let journal = try #require(archive.scratch.text("archive/journal/000000.jsonl"))
        let audit = try #require(archive.scratch.text("bag/data/audit.jsonl")).split(separator: "\n")
        let lines = journal.split(separator: "\n")
        #expect(audit.allSatisfy(lines.contains))
        #expect(audit.count { $0.contains(#""event":"ingest""#) } == rows.count)
        #expect(audit.count { $0.contains(#""event":"read""#) } == 1)
        #expect(
            audit.last?.contains(#""actor":"alice""#) == true
                && audit.last?.contains(#""event":"export""#) == true)
        #expect(!audit.contains { $0.contains(#""event":"listing""#) || $0.contains(#""event":"key""#) })
    }

    /// Checks each entry of a bag against its proof and checkpoint with the hashes of RFC 6962, and the signature with
    /// openssl.
    private static let checkProofs = """
        import base64, glob, hashlib, json, subprocess, sys, tempfile
        bag = sys.argv[1] + "/data/"
        key = open(bag + "log/verifier-keys.txt").read().split()[-1]
        public = base64.b64decode(key.split("+", 2)[2])[1:]
        newest = open(bag + "log/checkpoint").read()
        checked = 0
        for path in glob.glob(bag + "proofs/*.tlog-proof"):
            head, note = open(path).read().split("\\n\\n", 1)
            assert note == newest
            lines = head.split("\\n")
            assert lines[0] == "c2sp.org/tlog-proof@v1"
            index = int(lines[1].split()[1])
            hashes = [base64.b64decode(line) for line in lines[2:]]
            text, signature = note.split("\\n\\n")
            size, root = int(text.split("\\n")[1]), text.split("\\n")[2]
            entry = open(path.replace(".tlog-proof", ".entry.json"), "rb").read()
            digest = hashlib.sha256(b"\\0" + entry).digest()
            node, last = index, size - 1
            for sibling in hashes:
                if node & 1 or node == last:
                    digest = hashlib.sha256(b"\\1" + sibling + digest).digest()
                    while not node & 1 and node:
                        node, last = node >> 1, last >> 1
                else:
                    digest = hashlib.sha256(b"\\1" + digest + sibling).digest()
                node, last = node >> 1, last >> 1
            assert last == 0 and base64.b64encode(digest).decode() == root, path
            with tempfile.TemporaryDirectory() as folder:
                open(folder + "/key", "wb").write(bytes.fromhex("302a300506032b6570032100") + public)
                open(folder + "/text", "w").write(text + "\\n")
                open(folder + "/signature", "wb").write(base64.b64decode(signature.split()[2])[4:])
                subprocess.run(["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", folder + "/key",
                    "-rawin", "-in", folder + "/text", "-sigfile", folder + "/signature"], check=True, capture_output=True)
            entry = json.loads(entry)
            row = next(row for row in json.load(open(bag + "metadata.json")) if row["id"] == entry["record"])
            assert entry["original"] == row["sha256"]
            file = open(bag + (row["output"] or row["file"]), "rb").read()
            assert entry["stored"] == hashlib.sha256(file).hexdigest()
            sidecar = json.load(open(bag + (row["output"][:-4] + "json" if row["output"] else row["file"][:-3] + "record.json")))
            facts = json.dumps(sidecar["metadata"], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
            assert entry["metadata"] == hashlib.sha256(bytes.fromhex(sidecar["salt"]) + facts.encode()).hexdigest()
            checked += 1
        print(checked)
        """

    @Test func `proves each recording to Python and openssl`() async throws {
        let archive = try await SampleArchive()
        #expect(try await Self.export(archive, "--output", "bag").status == 0)
        let result = try await Tool.python.run(["-c", Self.checkProofs, archive.scratch("bag")])
        #expect(result.text == "5\n", "\(result.diagnostics)")
    }

    @Test func `has a page whose every address leads to a file of the bag`() async throws {
        let archive = try await SampleArchive()
        #expect(try await Self.export(archive, "--output", "bag", "--originals").status == 0)
        let script = """
            import os, re, sys, urllib.parse
            page = open(sys.argv[1] + "/index.html", encoding="utf-8").read()
            links = [urllib.parse.unquote(link) for link in re.findall(r'(?:href|src)="([^"]*)"', page)]
            assert all(os.path.isfile(sys.argv[1] + "/" + link) for link in links), links
            print(len(links), page.count("<audio"))
            """
        let result = try await Tool.python.run(["-c", script, archive.scratch("bag/data")])
        #expect(result.text == "21 4\n", "\(result.text) \(result.diagnostics)")
    }

    @Test func `exports the recordings of some ids or of a filter alone`() async throws {
        let archive = try await SampleArchive()
        let rows = try await archive.list()
        let some = [rows[1], rows[3]]
        let result = try await Self.export(
            archive, "--output", "bag", String(some[0].id.prefix(10)), some[1].id, some[1].id, "--json")
        #expect(result.status == 0, "\(result.diagnostics)")
        #expect(
            Set(Self.payload(archive).filter { $0.hasSuffix(".entry.json") })
                == Set(some.map { "proofs/\($0.id).entry.json" }))
        #expect(result.text.contains(#""recordings":2"#))
        let byCaller = try await Self.export(archive, "--output", "one", "--caller", "+441632960961")
        #expect(byCaller.status == 0)
        let files = Self.payload(archive, "one")
        #expect(
            files.count { $0.hasPrefix("quarantine/") } == 3 && files.count { $0.hasSuffix(".flac") } == 0)
        let note = try archive.journal().last { $0["event"] as? String == "export" }
        #expect((note?["filter"] as? [String: String])?["caller"] == "+441632960961")
    }

    @Test func `leaves out what is damaged or erased, and says so`() async throws {
        let archive = try await SampleArchive()
        let rows = try await archive.list().filter { $0.state == "archived" }
        let url = URL(filePath: rows[0].path)
        #expect(chmod(rows[0].path, 0o600) == 0)
        var bytes = try Data(contentsOf: url)
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: url)
        try FileManager.default.removeItem(atPath: rows[1].path)
        let key = archive.scratch("log.key")
        let opened = try await RecordingArchive.open(
            at: archive.path, access: .write, key: { _, _ in LogKey(path: key) })
        try await opened.erase([rows[2].id], ground: "a request")
        try await opened.close()

        let result = try await Self.export(
            archive, "--output", "bag", rows[0].id, rows[1].id, rows[2].id, rows[3].id)
        #expect(result.status == 1)
        #expect(
            result.diagnostics.contains("\(rows[0].id) is left out: ")
                && result.diagnostics.contains("is not the file"))
        #expect(result.diagnostics.contains("\(rows[1].id) is left out: "))
        #expect(result.diagnostics.contains("\(rows[2].id) was erased and is left out"))
        let files = Self.payload(archive)
        #expect(
            files.count { $0.hasSuffix(".flac") } == 1 && files.contains("proofs/\(rows[3].id).tlog-proof"))
        #expect(
            archive.scratch.text("bag/data/metadata.csv")?.split(whereSeparator: \.isNewline).count == 2)
        let nothing = try await Self.export(archive, "--output", "none", rows[0].id, rows[2].id)
        #expect(nothing.status == 1 && nothing.diagnostics.contains("had to be left out"))
        #expect(!archive.scratch.files().contains { $0.hasPrefix("none") || $0.hasPrefix(".voxkeep") })
    }

    @Test(
        arguments: [
            (["--output", "full"], 73, "full: there is something of that name already"),
            (["--output", "log.key"], 73, "there is something of that name already"),
            (["--output", "archive/bag"], 73, "lies within the archive"),
            (["--output", "link/bag"], 73, "lies within the archive"),
            (["--output", "bag", "--caller", "nobody"], 66, "no recording passes the filter"),
            (["--output", "bag", "000000"], 66, "has no recording 000000"),
            (["--output", "bag", "xyz"], 64, "no recording's id"),
            (["--output", "bag", "000000", "--caller", "1"], 64, "exclude one another"),
            (["--output", ""], 64, "not an empty name"),
            (["--output", "bag", "--format", "zip"], 64, "zip"),
            (["--output", "log.key/bag"], 73, "a part of the path is a file"),
            (["--output", "bag", "--key-file", "nowhere"], 73, "nowhere"),
        ] as [([String], Int32, String)])
    func `refuses what it cannot do in one sentence, and makes nothing`(
        arguments: [String], status: Int32, sentence: String
    ) async throws {
        let archive = try await Self.untouched.value
        let result = try await Tool.voxkeep.run(
            ["export", "--archive", archive.path] + arguments,
            environment: ["XDG_CONFIG_HOME": archive.scratch("config")], folder: archive.scratch.path)
        #expect(result.status == status)
        #expect(
            result.diagnostics.lowercased().contains(sentence.lowercased()), "\(result.diagnostics)")
        #expect(try Self.names(archive) == ["archive", "full", "link"])
        #expect(try !archive.journal().contains { $0["event"] as? String == "export" })
    }

    @Test func `works while another process writes to the archive`() async throws {
        let archive = try await SampleArchive(messages: 1)
        let result = try await Tool("flock").run([
            archive.path + "/lock", Tool.voxkeep.path, "export", "--archive", archive.path, "--output",
            archive.scratch("bag"),
        ])
        #expect(result.status == 0, "\(result.diagnostics)")
        #expect(archive.scratch.text("bag/data/audit.jsonl")?.contains(#""event":"export""#) == true)
        // The next one to write takes the entry to the log.
        #expect(try await Self.export(archive, "--output", "two").status == 0)
        let sizes = ["bag", "two"].map {
            archive.scratch.text("\($0)/data/log/checkpoint")?.split(separator: "\n")[1]
        }
        #expect(sizes.compactMap { $0.flatMap { Int($0) } }.count == 2 && sizes[0] != sizes[1])
    }

    @Test(.enabled("file systems cannot be mounted here") { Machine.canMount })
    func `leaves nothing on a disk that is full, and refuses a mount point at once`() async throws {
        let archive = try await SampleArchive()
        let script = """
            mkdir "$2/disk" && mount -t tmpfs -o size=64k none "$2/disk" || exit 9
            "$0" export --archive "$1" --output "$2/disk/bag"; echo $?
            ls -A "$2/disk"
            "$0" export --archive "$1" --output "$2/disk"; echo $?
            """
        let result = try await Tool("unshare").run([
            "--map-root-user", "--mount", "/bin/bash", "-c", script, Tool.voxkeep.path, archive.path,
            archive.scratch.path,
        ])
        #expect(result.text == "73\n73\n", "\(result.diagnostics)")
        #expect(result.diagnostics.contains("disk is full"))
        #expect(result.diagnostics.contains("is where a file system is mounted"))
        #expect(try !archive.journal().contains { $0["event"] as? String == "export" })
    }

    // Calls are counted for each thread, over which the work is spread anew each time; far from the last, all runs agree.
    @Test(arguments: [1, 15, 40])
    func `leaves a temporary folder when it is killed, which the next export removes`(write: Int) async throws
    {
        let archive = try await SampleArchive()
        let killed = try await Tool("strace").run(
            [
                "-f", "-qq", "-o", "/dev/null", "-e", "trace=write", "-e",
                "inject=write:signal=KILL:when=\(write)",
                Tool.voxkeep.path, "export", "--archive", archive.path, "--output", "bag", "--originals",
            ], environment: ["XDG_CONFIG_HOME": archive.scratch("config")], folder: archive.scratch.path)
        #expect(killed.status != 0)
        #expect(try !Self.names(archive).contains("bag"))
        #expect(try await Self.export(archive, "--output", "bag").status == 0)
        #expect(try Self.names(archive) == ["archive", "bag"])
    }
}
