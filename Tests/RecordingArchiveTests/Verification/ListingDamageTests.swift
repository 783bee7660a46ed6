import Foundation
import RecordingArchive
import TestSupport
import Testing

/// Damages what is written down of missing messages, in the archive and in a replica.
struct ListingDamageTests {
    private static let key = "listings/office.json"

    private func repair(_ scratch: ScratchArchive) async throws -> [ArchiveRepair] {
        let key = LogKey(path: scratch.folder("log.key"))
        let findings = try await scratch.findings()
        var results: [ArchiveRepair] = []
        try await RecordingArchive.repair(
            findings, at: scratch.path, key: { _, _ in key }, context: scratch.context()
        ) { results.append($0) }
        return results
    }

    @Test(arguments: ["archive", "replica"])
    func `names every byte that flips, and writes the file anew`(place: String) async throws {
        let fixture = try await DamageFixture.make()
        let path = "\(place)/\(Self.key)"
        let original = try Data(contentsOf: URL(filePath: fixture.scratch.folder(path)))
        #expect(original.count > 300)
        for offset in original.indices {
            var data = original
            data[offset] ^= 1 << UInt8(offset % 8)
            try fixture.replace(path, data)
            let found = try await fixture.scratch.findings()
            #expect(found.map(fixture.line) == ["listing.altered \(path)"], "byte \(offset)")
        }
        let results = try await repair(fixture.scratch)
        #expect(results.map(\.isDone) == [true], "\(results)")
        #expect(results.first?.source == (place == "archive" ? "catalog" : fixture.scratch.path))
        #expect(try Data(contentsOf: URL(filePath: fixture.scratch.folder(path))) == original)
        #expect(try await fixture.scratch.findings() == [])
    }

    /// What is done to a file, what is found, and whether a repair makes it what it was.
    private static let damages: [(name: String, finds: String, isMended: Bool)] = [
        ("gone", "listing.missing", true), ("folder", "listing.altered", true),
        ("full folder", "listing.altered", false), ("link", "listing.altered", true),
        ("pipe", "listing.altered", true), ("empty", "listing.altered", true),
        ("no message", "listing.altered", true), ("other caller", "listing.altered", true),
        ("twice", "listing.altered", true), ("no folder of listings", "listing.missing", true),
        ("link to the folder of listings", "listing.missing", true),
    ]

    private func damage(_ fixture: DamageFixture, _ path: String, _ name: String) throws {
        let file = fixture.scratch.folder(path)
        let folder = URL(filePath: file).deletingLastPathComponent().path
        let text = try #require(fixture.scratch.folder.text(path))
        switch name {
        case "no message":
            let start = try #require(text.range(of: "[\n")).upperBound
            let end = try #require(text.range(of: "  ]")).lowerBound
            try fixture.replace(path, Data((text[..<start] + "\n" + text[end...]).utf8))
        case "other caller": try fixture.edit(path, #""caller" : "9""#, #""caller" : "8""#)
        case "twice":
            let start = try #require(text.range(of: "    {")).lowerBound
            let end = try #require(text.range(of: "    }")).upperBound
            let message = text[start..<end]
            try fixture.replace(
                path, Data((text[..<start] + message + ",\n" + message + text[end...]).utf8))
        case "empty": try fixture.replace(path, Data())
        case "no folder of listings": try FileManager.default.removeItem(atPath: folder)
        case "link to the folder of listings":
            try FileManager.default.moveItem(atPath: folder, toPath: fixture.scratch.folder("elsewhere"))
            try FileManager.default.createSymbolicLink(
                atPath: folder, withDestinationPath: fixture.scratch.folder("elsewhere"))
        default:
            try FileManager.default.removeItem(atPath: file)
            if name.hasSuffix("folder") {
                try FileManager.default.createDirectory(atPath: file, withIntermediateDirectories: false)
            }
            if name == "full folder" { try fixture.scratch.folder.write([1], to: path + "/other") }
            if name == "link" {
                try FileManager.default.createSymbolicLink(atPath: file, withDestinationPath: "nowhere")
            }
            if name == "pipe" { try #require(mkfifo(file, 0o600) == 0) }
        }
    }

    @Test(arguments: damages, ["archive", "replica"])
    func `names what is wrong, and writes anew what it can`(
        damage: (name: String, finds: String, isMended: Bool), place: String
    ) async throws {
        let fixture = try await DamageFixture.make()
        let path = "\(place)/\(Self.key)"
        let original = try Data(contentsOf: URL(filePath: fixture.scratch.folder(path)))
        try self.damage(fixture, path, damage.name)
        #expect(try await fixture.scratch.findings().map(fixture.line) == ["\(damage.finds) \(path)"])
        let results = try await repair(fixture.scratch)
        #expect(results.map(\.isDone) == [damage.isMended], "\(results)")
        guard damage.isMended else { return }
        #expect(try Data(contentsOf: URL(filePath: fixture.scratch.folder(path))) == original)
        #expect(try await fixture.scratch.findings() == [])
    }

    @Test(arguments: ["archive", "replica"])
    func `names files of no PBX`(place: String) async throws {
        let fixture = try await DamageFixture.make()
        try fixture.scratch.folder.write([1], to: "\(place)/listings/other.json")
        #expect(
            try await fixture.scratch.findings().map(fixture.line) == [
                "file.stray \(place)/listings/other.json"
            ])
    }

    @Test func `knows again in clear what a replica has, and says where nothing does`() async throws {
        for hasReplica in [true, false] {
            let fixture = try await DamageFixture.make()
            let original = try Data(contentsOf: URL(filePath: fixture.scratch.folder("archive/\(Self.key)")))
            try fixture.edit("archive/\(Self.key)", #""caller" : "9""#, #""caller" : "8""#)
            if !hasReplica { try fixture.edit("replica/\(Self.key)", #""caller" : "9""#, #""caller" : "7""#) }
            // It is made of the journal and the listing, of which nothing is believed that the key does not prove.
            try fixture.scratch.removeCatalog()
            _ = try RecordingArchive.rebuildCatalog(
                at: fixture.scratch.path, context: fixture.scratch.context())
            #expect(
                try fixture.scratch.folder.sqlite("SELECT caller FROM listed WHERE archived < count") == "\n")
            let results = try await repair(fixture.scratch)
            let result = try #require(results.first { $0.replica == nil })
            #expect(result.source == (hasReplica ? fixture.scratch.folder("replica") : nil), "\(results)")
            #expect(hasReplica || result.message.contains("nothing has a good copy"))
            let restored = try Data(contentsOf: URL(filePath: fixture.scratch.folder("archive/\(Self.key)")))
            #expect((restored == original) == hasReplica)
            #expect(try await fixture.scratch.findings() == [])
        }
    }

    @Test func `tells nothing of a file that is older, and right`() async throws {
        let scratch = try ScratchArchive()
        let archive = try await scratch.open()
        try await archive.noteListing(of: "office", ["1", "2"].map { .message(from: $0) })
        try await archive.flush()
        try await archive.addMessage(from: "1")
        try await archive.close()
        let found = try await scratch.findings()
        #expect(found.map(\.kind) == [.listingOutdated])
        #expect(found.first?.kind.isDamage == false)
    }

    @Test(arguments: ["firstListed = '2020-01-01T00:00:00.000Z'", "count = 2", "caller = '8'"])
    func `holds the catalog's messages against the journal`(change: String) async throws {
        let fixture = try await DamageFixture.make()
        try fixture.sqlite("UPDATE listed SET \(change) WHERE archived < count")
        let found = try await fixture.scratch.findings().map(fixture.line)
        #expect(found.contains("catalog.row-altered archive/catalog.sqlite"), "\(found)")
    }
}
