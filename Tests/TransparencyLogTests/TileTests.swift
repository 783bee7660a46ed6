import TestSupport
import Testing
import TransparencyLog

struct TileTests {
    @Test(
        arguments: [
            (Tile.Content.hashes(level: 0), 0, 256, "tile/0/000"),
            (.hashes(level: 0), 999, 256, "tile/0/999"), (.hashes(level: 0), 1000, 256, "tile/0/x001/000"),
            (.hashes(level: 3), 1_234_067, 256, "tile/3/x001/x234/067"),
            (.hashes(level: 63), 1_234_067, 8, "tile/63/x001/x234/067.p/8"),
            (.entries, 273, 112, "tile/entries/273.p/112"),
            (.entries, 1_000_000, 1, "tile/entries/x001/x000/000.p/1"),
        ] as [(Tile.Content, UInt64, Int, String)])
    func `has a path that leads back to it`(content: Tile.Content, index: UInt64, width: Int, path: String)
        throws
    {
        let tile = try #require(Tile(content, index: index, width: width))
        #expect(tile.path == path)
        #expect(Tile(path: path) == tile)
    }

    @Test(arguments: [
        "", "tile", "tile/0", "tile/0/", "tile/0/00", "tile/0/0000", "tile/0/x000/001", "tile/0/001/002",
        "tile/0/x001", "tile/0/x001/x002", "tile/00/000", "tile/64/000", "tile/-1/000", "tile/+1/000",
        "tile/data/000", "tile/0/000.p", "tile/0/000.p/", "tile/0/000.p/0", "tile/0/000.p/256",
        "tile/0/000.p/01", "tile/0/000.p/1/2", "/tile/0/000", "tile/0/000/", "tile//000", "tile/0/00a",
        "tile/0/+01", "tile/0/x999/x999/x999/x999/x999/x999/x999/999",
        "tile/0/x999/x999/x999/x999/x999/x999/999",
        "checkpoint", "tile/0/\u{0660}00", "tile/0/000.p/\u{0661}",
    ])
    func `has no other path`(path: String) {
        #expect(Tile(path: path) == nil)
    }

    @Test func `does not exist beyond the levels, the widths and the sizes of logs`() {
        #expect(Tile(.hashes(level: 64), index: 0) == nil)
        #expect(Tile(.hashes(level: -1), index: 0) == nil)
        #expect(Tile(.entries, index: 0, width: 0) == nil)
        #expect(Tile(.entries, index: 0, width: 257) == nil)
        #expect(Tile(.entries, index: .max) == nil)
        #expect(Tile(.entries, index: TreeHead.largestSize / 256) != nil)
    }

    @Test func `lays a log of 70,000 entries out as the format's example`() throws {
        let folder = try ScratchFolder(inMemory: true)
        try folder.makeLog(sizes: [70_000])
        let tiles = folder.files().filter { $0.hasPrefix("log/tile/") }.map { $0.dropFirst(4) }
        func full(_ kind: String) -> Int {
            tiles.count { $0.hasPrefix("tile/\(kind)/") && !$0.contains(".p/") }
        }
        func partial(_ kind: String) -> [Substring] {
            tiles.filter { $0.hasPrefix("tile/\(kind)/") && $0.contains(".p/") }
        }
        #expect([full("entries"), full("0"), full("1"), full("2"), full("3")] == [273, 273, 1, 0, 0])
        #expect(partial("entries") == ["tile/entries/273.p/112"])
        #expect(partial("0") == ["tile/0/273.p/112"])
        #expect(partial("1") == ["tile/1/001.p/17"])
        #expect(partial("2") == ["tile/2/000.p/1"])
        #expect(tiles.count == 273 * 2 + 1 + 4)

        let reader = try folder.reader()
        let leaves = numberedEntries(0..<70_000).map { NaiveTree.leaf($0.bytes) }
        #expect(reader.checkpoint.head.root.treeHash == NaiveTree.root(leaves[...]))
        for index in [0, 1, 255, 256, 65_535, 65_536, 69_887, 69_888, 69_999] {
            let proof = try reader.proof(of: UInt64(index)).inclusion
            let entry = try reader.entry(at: UInt64(index))
            #expect(String(decoding: entry.bytes, as: UTF8.self) == "entry \(index)")
            #expect(throws: Never.self) {
                try proof.verify(entry.leafHash, root: reader.checkpoint.head.root)
            }
        }
        for size in [0, 1, 256, 257, 511] {
            #expect(try reader.head(at: UInt64(size)).root.treeHash == NaiveTree.root(leaves[..<size]))
        }
        #expect(throws: LogError.outOfRange(path: folder.logPath, index: 70_000, size: 70_000)) {
            try reader.entry(at: 70_000)
        }
        var findings: [LogFinding] = []
        let verification = reader.verify { findings.append($0) }
        #expect(findings == [])
        #expect((verification.verified, verification.next) == (70_000, 70_000))
    }
}
