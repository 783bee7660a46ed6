import TestSupport
import Testing
import TransparencyLog

struct GoldenVectorTests {
    @Test func `has the key, the leaves and the root hash that were published`() throws {
        let folder = try ScratchFolder(inMemory: true)
        let key = try folder.makeKey()
        #expect(key.text == GoldenVector.verifierKey)
        #expect(VerifierKey(GoldenVector.verifierKey) == key)
        #expect(
            GoldenVector.entries.map { String($0.leafHash.treeHash.hexadecimal.prefix(8)) }
                == GoldenVector.leaves
        )
        var writer = try folder.writer()
        let checkpoint = try writer.append(GoldenVector.entries)
        #expect(checkpoint.head.root.description == GoldenVector.root)
        #expect(checkpoint.origin == GoldenVector.name)
        let text = try #require(folder.text("log/checkpoint"))
        #expect(
            text.hasPrefix(
                "\(GoldenVector.name)\n3\n\(GoldenVector.root)\n\n\u{2014} \(GoldenVector.name) 888SH"))
        #expect(Array(text.utf8) == checkpoint.bytes)
    }

    @Test func `lays out the files as the format says`() throws {
        let folder = try ScratchFolder(inMemory: true)
        try folder.makeKey()
        var writer = try folder.writer()
        try writer.append(GoldenVector.entries)
        #expect(
            folder.files() == [
                "keys/log1", "keys/log1.checkpoint", "keys/log1.lock", "log/checkpoint", "log/lock",
                "log/tile/0/000.p/3", "log/tile/entries/000.p/3",
            ])
        #expect(folder.text("keys/log1.checkpoint") == folder.text("log/checkpoint"))
    }
}
