import Foundation
import TestSupport
import Testing
import TransparencyLog

/// A log on the disk, judged by programs that know nothing of this one.
struct OracleTests {
    @Test func `has a signature that openssl verifies over the lines above the empty one`() async throws {
        let folder = try ScratchFolder(inMemory: true)
        let key = try folder.makeKey()
        var writer = try folder.writer()
        let note = try writer.append(GoldenVector.entries).note
        // The fixed beginning of an Ed25519 key in DER (RFC 8410 §4).
        let prefix: [UInt8] = [0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00]
        try Data(prefix + key.publicKey).write(to: folder.url.appending(path: "key.der"))
        try Data(note.signatures[0].bytes).write(to: folder.url.appending(path: "signature"))
        for (text, status) in [(note.text, Int32(0)), (note.text + "\n", 1)] {
            try Data(text.utf8).write(to: folder.url.appending(path: "text"))
            let result = try await Tool("openssl").run([
                "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", folder("key.der"), "-rawin",
                "-in", folder("text"), "-sigfile", folder("signature"),
            ])
            #expect(result.status == status, "\(result.text)\(result.diagnostics)")
        }
    }

    /// Reads the entries from their bundles, builds the tree from them, and makes the same proofs.
    private static let script = """
        import base64, glob, os, struct, sys
        from pymerkle import InmemoryTree
        log, size = sys.argv[1], int(sys.argv[2])
        tree = InmemoryTree(algorithm="sha256")
        entries, index = [], 0
        while len(entries) < size:
            path = f"{log}/tile/entries/{index:03}"
            if not os.path.exists(path):
                path += f".p/{size % 256}"
            data = open(path, "rb").read()
            while data:
                length, = struct.unpack(">H", data[:2])
                entries.append(data[2:2 + length])
                data = data[2 + length:]
            index += 1
        for entry in entries:
            tree.append_entry(entry)
        base = lambda hash: base64.b64encode(hash).decode()
        print(base(tree.get_state()))
        for number in map(int, sys.argv[3:]):
            print(base(tree.get_state(number + 1)))
            path = tree.prove_inclusion(number + 1, size).path
            print(" ".join(base(hash) for hash in path[1:]))
        """

    @Test(
        .enabled("pymerkle is not installed; run scripts/test-python") {
            await Tool.hasPythonPackage("pymerkle")
        })
    func `has the tree and the proofs that pymerkle makes of the entries`() async throws {
        let folder = try ScratchFolder(inMemory: true)
        try folder.makeLog(sizes: [5, 200, 300, 777])
        let reader = try folder.reader()
        let numbers = [0, 1, 4, 5, 255, 256, 299, 511, 512, 700, 775, 776]
        let result = try await Tool.pythonPackages.run(
            ["-c", Self.script, folder.logPath, "777"] + numbers.map(String.init))
        var expected = [reader.checkpoint.head.root.description]
        for number in numbers {
            expected.append(try reader.head(at: UInt64(number) + 1).root.description)
            let hashes = try reader.proof(of: UInt64(number)).inclusion.hashes
            expected.append(hashes.map(\.description).joined(separator: " "))
        }
        #expect(result.lines == expected, "\(result.diagnostics)")
    }
}
