import DurableFiles
import Foundation
import RecordingArchive
import ScratchArchives
import Synchronization
import TestSupport
import Testing

/// An archive in the eyes of programs that we did not write.
struct IndependentCheckTests {
    /// Computes the root of the log's entries by RFC 6962, and prints it with those of the checkpoint and how many
    /// entries the journal has in the same order.
    private static let tree = """
        import base64, hashlib, json, os, struct, sys
        archive = sys.argv[1]
        origin, size, root = open(archive + "/log/checkpoint").read().split("\\n")[:3]
        size = int(size)
        entries = []
        for n in range((size + 255) // 256):
            width = min(256, size - 256 * n)
            name = f"{archive}/log/tile/entries/{n:03d}" + (f".p/{width}" if width < 256 else "")
            data = open(name, "rb").read()
            while data:
                length = struct.unpack(">H", data[:2])[0]
                entries.append(data[2:2 + length])
                data = data[2 + length:]
        def digest(leaves):
            if len(leaves) == 1: return leaves[0]
            k = 1
            while 2 * k < len(leaves): k *= 2
            return hashlib.sha256(b"\\x01" + digest(leaves[:k]) + digest(leaves[k:])).digest()
        leaves = [hashlib.sha256(b"\\x00" + entry).digest() for entry in entries]
        print(len(entries) == size, base64.b64encode(digest(leaves)).decode() == root)
        lines = []
        for name in sorted(os.listdir(archive + "/journal")):
            if name.endswith(".jsonl"):
                lines += open(f"{archive}/journal/{name}", "rb").read().splitlines(keepends=True)
        def canonical(value):
            return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        k = 0
        unbound, bound, proved, ingests, chain = [], 0, 0, 0, bytes(32)
        for n, line in enumerate(lines):
            value, before = json.loads(line), chain.hex()
            assert value.get("before", before) == before, n
            chain = hashlib.sha256(chain + hashlib.sha256(line).digest()).digest()
            assert canonical(value) + b"\\n" == line, n
            assert value["details"]["n"] == n
            if "entry" not in value:
                unbound.append(line)
                continue
            entry = value["entry"]
            assert canonical(entry) == entries[k], n
            assert entry["details"] == hashlib.sha256(canonical(value["details"])).hexdigest(), n
            if entry["type"] == "access":
                assert entry["count"] == len(unbound), n
                assert entry["digest"] == before, n
                bound += len(unbound)
                unbound = []
            if entry["type"] == "ingest":
                ingests += 1
                for folder, _, names in os.walk(archive):
                    for name in names:
                        path = os.path.join(folder, name)
                        if name.endswith(".json") and json.load(open(path)).get("id") == entry["record"]:
                            sidecar = json.load(open(path))
                            assert canonical(sidecar) + b"\\n" == open(path, "rb").read()
                            salted = bytes.fromhex(sidecar["salt"]) + canonical(sidecar["metadata"])
                            assert hashlib.sha256(salted).hexdigest() == entry["metadata"], n
                            proved += 1
            k += 1
        print(k == len(entries), len(unbound), bound > 0, proved == ingests)
        """

    private func archive(messages: Int) async throws -> ScratchArchive {
        let scratch = try ScratchArchive()
        let archive = try await scratch.open()
        for number in 0..<messages {
            try await archive.addMessage(from: "\(3000 + number)", day: 1 + number % 9)
        }
        try await archive.quarantineSample(.sample(source: "broken", stored: "broken"), source: "broken")
        let recording = try #require(try await archive.all().first)
        try await archive.noteRead(of: recording.id, how: "restore")
        _ = try await archive.placeHold(
            case: "Ünïcödé 1", on: .ids([recording.id]), future: false, reason: "a \"lawsuit\"\n")
        try await archive.close()
        return scratch
    }

    @Test(arguments: [1, 70, 270])
    func `has a log that Python finds to be that of the journal`(messages: Int) async throws {
        let scratch = try await archive(messages: messages)
        let result = try await Tool.python.run(["-c", Self.tree, scratch.path])
        #expect(result.text == "True True\nTrue 0 True True\n", "\(result.diagnostics)")
    }

    @Test func `has a checkpoint whose signature openssl verifies`() async throws {
        let scratch = try await archive(messages: 2)
        let checkpoint = try #require(scratch.folder.text("archive/log/checkpoint"))
        let end = try #require(checkpoint.range(of: "\n\n"))
        try scratch.folder.write((String(checkpoint[..<end.lowerBound]) + "\n").utf8, to: "text")
        let encoded = try #require(checkpoint[end.upperBound...].split(separator: " ").last)
        let signature = try #require(Data(base64Encoded: String(encoded.dropLast())))
        try scratch.folder.write(signature.dropFirst(4), to: "signature")
        let vkey = try #require(scratch.folder.lines("archive/verifier-keys.txt").first)
        let encodedKey = try #require(vkey.split(separator: "+", maxSplits: 2).last)
        let key = try #require(Data(base64Encoded: String(encodedKey)))
        // RFC 8410: what stands before the 32 bytes of an Ed25519 key.
        let prefix: [UInt8] = [0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00]
        try scratch.folder.write(prefix + key.dropFirst(), to: "key.der")
        let arguments = [
            "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", "key.der", "-rawin", "-in", "text",
            "-sigfile", "signature",
        ]
        let result = try await Tool("openssl").run(arguments, folder: scratch.folder.path)
        #expect(result.status == 0, "\(result.diagnostics)")
        try scratch.folder.write("another text\n".utf8, to: "text")
        #expect(try await Tool("openssl").run(arguments, folder: scratch.folder.path).status != 0)
    }

    @Test func `has manifests that sha256sum checks`() async throws {
        let scratch = try await archive(messages: 12)
        let manifests = scratch.folder.files().filter { $0.hasSuffix("manifest-sha256.txt") }
        #expect(manifests.count == 10)
        var checked = 0
        for manifest in manifests {
            let folder = scratch.folder(Folder.parent(of: manifest))
            let result = try await Tool("sha256sum").run(
                ["--check", "--strict", "manifest-sha256.txt"], folder: folder)
            #expect(result.status == 0, "\(result.diagnostics)")
            checked += result.lines.count
        }
        #expect(checked == 13)
    }

    @Test func `commits with synchronous FULL, and overwrites what is deleted`() async throws {
        let scratch = try ScratchArchive()
        let archive = try await scratch.open()
        #expect(try await archive.catalogSetting("synchronous") == "2")
        #expect(try await archive.catalogSetting("journal_mode") == "wal")
        #expect(try await archive.catalogSetting("secure_delete") == "1")
    }

    @Test func `keeps no word of an erased message in any file, also while it is open`() async throws {
        let scratch = try ScratchArchive()
        let archive = try await scratch.open()
        var identity = MessageIdentity.message(from: "+495551234567")
        identity.extension = "7654321"
        try await archive.noteListing(of: "office", [identity, .sample])
        let hold = try await archive.placeHold(
            case: "A", on: .matching(RecordingFilter()), future: true, reason: "a lawsuit")
        let recording = try await archive.addSample(.sample(identity))
        for number in 0..<20 { try await archive.addMessage(from: "\(3000 + number)") }
        let sidecar = try scratch.sidecar(of: recording)
        let salt = try #require(sidecar["salt"] as? String)
        try await archive.updateListing(of: "office")
        _ = try await archive.release(hold: hold.id, reason: "settled")
        try await archive.close()
        let words = [identity.caller, identity.caller.dropFirst() + "", identity.extension, salt]
        #expect(try words.allSatisfy { try !holders(of: $0, scratch).isEmpty })

        let second = try await scratch.open(as: "bob")
        _ = try await second.release(hold: hold.id, reason: "settled")
        try await second.erase([recording.id], ground: "a request")
        for word in words { #expect(try holders(of: word, scratch).isEmpty, "\(word)") }
        try await second.close()
        for word in words { #expect(try holders(of: word, scratch).isEmpty, "\(word)") }
    }

    /// The files that have a text in their name or their bytes.
    private func holders(of text: String, _ scratch: ScratchArchive) throws -> [String] {
        try scratch.folder.files().filter { name in
            let data = try Data(contentsOf: URL(filePath: scratch.folder(name)))
            return name.contains(text) || data.range(of: Data(text.utf8)) != nil
        }
    }

    @Test func `is the same, byte for byte, for the same messages, clock and randomness`() async throws {
        let trees = try await [tree(), tree()]
        #expect(trees[0] == trees[1])
        #expect(trees[0].count > 12)
    }

    private func tree() async throws -> [String: [UInt8]] {
        let scratch = try ScratchArchive()
        let counter = Counter()
        let context = ArchiveContext(
            actor: "alice", now: { ScratchArchive.start + Double(counter.next()) },
            randomBytes: { count in (0..<count).map { _ in counter.next() } })
        let archive = try await RecordingArchive.begun(
            at: scratch.path, key: scratch.folder("log.key"), context: context)
        try await archive.noteListing(of: "office", [.sample, .message(from: "3000")])
        let recording = try await archive.addMessage(from: "3000")
        try await archive.addSample()
        try await archive.quarantineSample(.sample(source: "broken", stored: "broken"), source: "broken")
        _ = try await archive.placeHold(
            case: "A", on: .matching(RecordingFilter()), future: true, reason: "a lawsuit")
        try await archive.noteRead(of: recording.id, how: "restore")
        try await archive.close()
        var tree: [String: [UInt8]] = [:]
        for name in scratch.folder.files() where !name.contains("catalog.sqlite") && !name.hasSuffix("lock") {
            tree[name] = Array(try Data(contentsOf: URL(filePath: scratch.folder(name))))
        }
        return tree
    }

    /// Counts from 0, for a clock and for randomness that are the same each time.
    private final class Counter: Sendable {
        private let value = Mutex<UInt8>(0)

        func next() -> UInt8 {
            value.withLock { value in
                value &+= 1
                return value
            }
        }
    }
}
