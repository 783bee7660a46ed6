import TestSupport
import Testing
import TransparencyLog

struct LogProofTests {
    private func golden(_ folder: ScratchFolder) throws -> (VerifierKey, LogReader) {
        let key = try folder.makeKey()
        var writer = try folder.writer()
        try writer.append(GoldenVector.entries)
        return (key, writer.reader)
    }

    @Test func `is text of the form that the format gives`() throws {
        let folder = try ScratchFolder(inMemory: true)
        let (key, reader) = try golden(folder)
        let proof = try reader.proof(of: 2)
        let text = String(decoding: proof.bytes, as: UTF8.self)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.prefix(2) == ["c2sp.org/tlog-proof@v1", "index 2"])
        #expect(lines.count == 10 && lines[3] == "" && lines[4] == "archive.example/log1")
        #expect(text.hasSuffix(folder.text("log/checkpoint") ?? "-"))
        #expect(try LogProof(proof.bytes) == proof)
        #expect(throws: Never.self) { try proof.verify(GoldenVector.entries[2], with: [key]) }
        #expect(throws: LogProof.Failure.inclusion(.rootMismatch)) {
            try proof.verify(GoldenVector.entries[1], with: [key])
        }
        #expect(throws: LogProof.Failure.checkpoint(.unsigned(keys: []))) {
            try proof.verify(GoldenVector.entries[2], with: [])
        }
    }

    @Test func `carries extra data along`() throws {
        let folder = try ScratchFolder(inMemory: true)
        let (_, reader) = try golden(folder)
        for extra in [[], [1, 2, 3]] as [[UInt8]] {
            let proof = try reader.proof(of: 0, extra: extra)
            #expect(
                String(decoding: proof.bytes, as: UTF8.self).contains(
                    "@v1\nextra \(extra.isEmpty ? "" : "AQID")\nindex 0\n"))
            #expect(try LogProof(proof.bytes).extra == extra)
        }
    }

    @Test func `proves the one entry of a log without any hashes`() throws {
        let folder = try ScratchFolder(inMemory: true)
        let key = try folder.makeKey()
        var writer = try folder.writer()
        try writer.append(numberedEntries(0..<1))
        let proof = try writer.reader.proof(of: 0)
        #expect(proof.inclusion.hashes.isEmpty)
        #expect(
            String(decoding: proof.bytes, as: UTF8.self).hasPrefix(
                "c2sp.org/tlog-proof@v1\nindex 0\n\narchive"))
        #expect(throws: Never.self) {
            try LogProof(proof.bytes).verify(numberedEntries(0..<1)[0], with: [key])
        }
    }

    @Test func `proves nothing after any byte of it was changed`() throws {
        let folder = try ScratchFolder(inMemory: true)
        let (key, reader) = try golden(folder)
        let bytes = try reader.proof(of: 1).bytes
        for position in bytes.indices {
            for bit in 0..<8 {
                var changed = bytes
                changed[position] ^= 1 << bit
                #expect(throws: (any Error).self, "byte \(position), bit \(bit)") {
                    try LogProof(changed).verify(GoldenVector.entries[1], with: [key])
                }
            }
            #expect(throws: (any Error).self) {
                try LogProof(bytes.prefix(position)).verify(GoldenVector.entries[1], with: [key])
            }
        }
    }

    @Test(arguments: [
        "", "c2sp.org/tlog-proof@v1\n", "c2sp.org/tlog-proof@v2\nindex 0\n\n",
        "c2sp.org/tlog-proof@v1\nindex 00\n\n", "c2sp.org/tlog-proof@v1\nindex\n\n",
        "c2sp.org/tlog-proof@v1\nextra =\nindex 0\n\n", "c2sp.org/tlog-proof@v1\nextra \nextra \nindex 0\n\n",
        "c2sp.org/tlog-proof@v1\nindex 0\nAAAA\n\n", "c2sp.org/tlog-proof@v1\nindex 0\n",
    ])
    func `is refused where it is not exactly of its form`(text: String) throws {
        let folder = try ScratchFolder(inMemory: true)
        let (_, reader) = try golden(folder)
        #expect(throws: NoteError.self) { try LogProof(Array(text.utf8) + reader.checkpoint.bytes) }
    }
}
