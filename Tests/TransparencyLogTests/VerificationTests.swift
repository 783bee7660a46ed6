import DurableFiles
import Foundation
import TestSupport
import Testing
import TransparencyLog

struct VerificationTests {
    /// Every file of a log that has full and partial tiles, and partial ones from before.
    @Test func `finds every changed, missing, longer and shorter byte of every file`() throws {
        let folder = try ScratchFolder(inMemory: true)
        try folder.makeLog(sizes: [256, 258, 261])
        #expect(try folder.findings() == [])
        let names = folder.files().filter { $0.hasPrefix("log/") && $0 != "log/lock" }
        #expect(names.count == 8)
        var random = SplitMix(state: 1)
        for name in names {
            let original = try #require(FileManager.default.contents(atPath: folder(name)))
            // Every byte of the small files, and a sample of the large ones.
            let positions =
                original.count < 300
                ? Array(original.indices)
                : (0..<40).map { _ in .random(in: original.indices, using: &random) }
            for position in positions {
                try flipBit(of: folder, name, at: position, bit: .random(in: 0..<8, using: &random))
                #expect(try isDamaged(folder), "byte \(position) of \(name)")
                try folder.write(original, to: name)
            }
            for changed in [original + [0], original.dropLast(), Data(), original + original] {
                try folder.write(changed, to: name)
                #expect(try isDamaged(folder), "\(changed.count) bytes of \(name)")
            }
            try FileManager.default.removeItem(atPath: folder(name))
            // What a full or a wider tile has taken the place of is not missed.
            #expect(try isDamaged(folder) != name.hasSuffix(".p/2"), "\(name) missing")
            try folder.write(original, to: name)
        }
        #expect(try folder.findings() == [])
    }

    private func isDamaged(_ folder: ScratchFolder) throws -> Bool {
        try folder.findings().contains(where: \.isDamage)
    }

    @Test(arguments: ["tile/0/000", "tile/0/002", "tile/0/003.p/2", "tile/1/000.p/3"])
    func `names the tile that was altered, and no other file`(name: String) throws {
        let folder = try ScratchFolder(inMemory: true)
        try folder.makeLog(sizes: [770])
        try flipBit(of: folder, "log/\(name)", at: 40)
        #expect(try folder.findings() == [.failure(.damaged(path: folder("log/\(name)"), .altered))])
        try FileManager.default.removeItem(atPath: folder("log/\(name)"))
        #expect(try folder.findings() == [.failure(.damaged(path: folder("log/\(name)"), .missing))])
    }

    @Test func `names the entries that were altered`() throws {
        let folder = try ScratchFolder(inMemory: true)
        try folder.makeLog(sizes: [770])
        // Entries of 9 and 10 bytes for numbers of two and three digits would shift; the first has 2 + 7.
        try flipBit(of: folder, "log/tile/entries/000", at: 8)
        try flipBit(of: folder, "log/tile/entries/003.p/2", at: 5)
        #expect(
            try folder.findings() == [
                .entryAltered(path: folder("log/tile/entries/000"), index: 0),
                .entryAltered(path: folder("log/tile/entries/003.p/2"), index: 768),
            ])
    }

    @Test func `finds entries that end anywhere`() throws {
        let folder = try ScratchFolder(inMemory: true)
        try folder.makeLog(sizes: [3])
        let name = "log/tile/entries/000.p/3"
        let bytes = folder.bytes(name)
        for count in bytes.indices {
            try folder.write(bytes.prefix(count), to: name)
            #expect(try folder.findings() == [.failure(.damaged(path: folder(name), .malformed))])
        }
    }

    @Test func `knows whether tile or entries are at fault where both are altered`() throws {
        let folder = try ScratchFolder(inMemory: true)
        try folder.makeLog(sizes: [770])
        try flipBit(of: folder, "log/tile/0/001", at: 0)
        try flipBit(of: folder, "log/tile/entries/002", at: 10)
        #expect(
            try folder.findings() == [
                .failure(.damaged(path: folder("log/tile/0/001"), .altered)),
                .entryAltered(path: folder("log/tile/entries/002"), index: 512),
            ])
    }

    @Test func `finds a log that was made up as a whole`() throws {
        let folder = try ScratchFolder(inMemory: true)
        try folder.makeLog(sizes: [300])
        let forged = try ScratchFolder(inMemory: true)
        try forged.makeKey()
        var writer = try forged.writer()
        try writer.append(numberedEntries(1000..<1300))
        try FileManager.default.removeItem(atPath: folder("log/tile"))
        try FileManager.default.copyItem(atPath: forged("log/tile"), toPath: folder("log/tile"))
        let findings = try folder.findings()
        #expect(findings.contains(.failure(.rootMismatch(path: folder.logPath, size: 300))))
    }

    @Test func `tells strays and leavings from damage`() throws {
        let folder = try ScratchFolder(inMemory: true)
        try folder.makeLog(sizes: [3])
        for name in ["notes.txt", "tile/x", "tile/0/000.p/03", "tile/0/x000/000", "tile/0/0000"] {
            try folder.write([1], to: "log/\(name)")
            #expect(try folder.findings().map(\.isDamage) == [true], "\(name)")
            try FileManager.default.removeItem(atPath: folder("log/\(name)"))
            try? FileManager.default.removeItem(atPath: folder("log/tile/0/x000"))
        }
        for name in [".voxkeep-1-1.tmp", "tile/0/000.p/4", "tile/entries/000", "tile/1/000.p/1"] {
            try folder.write([1], to: "log/\(name)")
            #expect(try folder.findings() == [.leaving(path: folder("log/\(name)"))])
            _ = try folder.writer()
            #expect(try folder.findings() == [])
        }
    }

    @Test func `takes what reaches beyond a log of several tiles for a leaving`() throws {
        let folder = try ScratchFolder(inMemory: true)
        try folder.makeLog(sizes: [259])
        for name in ["tile/0/001.p/4", "tile/entries/001.p/255", "tile/0/001", "tile/0/002.p/1"] {
            try folder.write([1], to: "log/\(name)")
            #expect(try folder.findings() == [.leaving(path: folder("log/\(name)"))])
            try FileManager.default.removeItem(atPath: folder("log/\(name)"))
        }
    }

    @Test func `does not follow a folder that leads back to itself`() throws {
        let folder = try ScratchFolder(inMemory: true)
        try folder.makeLog(sizes: [3])
        try FileManager.default.createSymbolicLink(
            atPath: folder("log/tile/0/x001"), withDestinationPath: folder("log/tile/0"))
        // What is reached on the way has indexes beyond the log.
        let findings = try folder.findings()
        #expect(findings.count < 20)
    }

    @Test func `goes on from where it was stopped`() throws {
        let folder = try ScratchFolder(inMemory: true)
        try folder.makeLog(sizes: [1030])
        let reader = try folder.reader()
        var seen: [UInt64] = []
        let first = reader.verify { index, entry in
            seen.append(index)
            return index < 600
        } report: {
            Issue.record("\($0)")
        }
        #expect((first.next, first.verified) == (601, 601))
        let second = reader.verify(from: first.next) { index, entry in
            #expect(String(decoding: entry.bytes, as: UTF8.self) == "entry \(index)")
            return true
        } report: {
            Issue.record("\($0)")
        }
        #expect(second.next == 1030)
        // The file that the first one stopped in is begun anew.
        #expect(second.verified == 1030 - 512)
        // What ends where it begins is not looked at.
        #expect(reader.verify(from: 512, report: { Issue.record("\($0)") }).verified == 1030 - 512)
        #expect(seen == Array(0...600))
    }

    @Test func `reports what cannot be read and goes on`() throws {
        let folder = try ScratchFolder(inMemory: true)
        try folder.makeLog(sizes: [600])
        try FileManager.default.removeItem(atPath: folder("log/tile/entries/000"))
        try FileManager.default.createDirectory(
            atPath: folder("log/tile/entries/000"), withIntermediateDirectories: false)
        var findings: [LogFinding] = []
        let verification = try folder.reader().verify { findings.append($0) }
        #expect(findings.count == 1)
        #expect(findings.first?.description.contains("a folder is there") == true)
        #expect((verification.verified, verification.damage) == (344, 1))
    }
}
