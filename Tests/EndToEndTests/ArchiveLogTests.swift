import Foundation
import TestSupport
import Testing

/// The log of an archive that `voxkeep sync` made, judged by pymerkle.
@Suite struct ArchiveLogTests {
    /// Builds the tree from the journal's entries, and compares it with the checkpoint, the bundles and each proof of a bag.
    private static let script = """
        import base64, glob, json, struct, sys
        from pymerkle import InmemoryTree
        archive, bag = sys.argv[1:]
        entries = []
        for line in open(archive + "/journal/000000.jsonl", "rb"):
            if b',"entry":' in line:
                entries.append(line[line.index(b',"entry":') + 9:line.rindex(b',"key":"')])
        _, size, root, *_ = open(archive + "/log/checkpoint").read().split("\\n")
        size = int(size)
        data = open(f"{archive}/log/tile/entries/000.p/{size}", "rb").read()
        bundled = []
        while data:
            length, = struct.unpack(">H", data[:2])
            bundled.append(data[2:2 + length])
            data = data[2 + length:]
        assert bundled == entries and len(entries) == size
        tree = InmemoryTree(algorithm="sha256")
        for entry in entries: tree.append_entry(entry)
        base = lambda hash: base64.b64encode(hash).decode()
        assert base(tree.get_state()) == root
        proofs = 0
        for path in glob.glob(bag + "/data/proofs/*.tlog-proof"):
            _, index, *hashes = open(path).read().split("\\n\\n")[0].split("\\n")
            number = int(index.split()[1])
            assert hashes == [base(hash) for hash in tree.prove_inclusion(number + 1, size).path[1:]]
            proofs += 1
        print(proofs)
        """

    @Test(
        .enabled("pymerkle is not installed; run scripts/test-python") {
            await Tool.hasPythonPackage("pymerkle")
        })
    func `has the root and the proofs that pymerkle makes of the journal's entries`() async throws {
        let archive = try await SampleArchive()
        let export = try await archive.voxkeep(
            "export", "--output", "bag", "--key-file", archive.scratch("log.key"))
        #expect(export.status == 0, "\(export.diagnostics)")
        let result = try await Tool.pythonPackages.run([
            "-c", Self.script, archive.path, archive.scratch("bag"),
        ])
        #expect(result.text == "5\n", "\(result.diagnostics)")
    }
}
