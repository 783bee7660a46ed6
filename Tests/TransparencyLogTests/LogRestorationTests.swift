import Foundation
import TestSupport
import Testing
import TransparencyLog

struct LogRestorationTests {
    /// Checkpoints of a log of 261 entries, which has full and partial tiles, and partial ones from before.
    private func makeLog(_ folder: ScratchFolder) throws -> [Checkpoint] {
        try folder.makeKey()
        var writer = try folder.writer()
        return try [0..<256, 256..<258, 258..<261].map { try writer.append(numberedEntries($0)) }
    }

    /// Adds entries, then writes them, and gives back the names of the files that were written or removed.
    private func restore(
        _ folder: ScratchFolder, _ entries: [LogEntry], _ candidates: [Checkpoint]
    ) throws -> (names: [String], LogRestoration) {
        var restoration = LogRestoration(at: folder.logPath, candidates: candidates)
        for entry in entries { restoration.add(entry) }
        restoration.rewind()
        var paths: [String] = []
        for entry in entries { paths += try restoration.write(entry) }
        paths += try restoration.finish()
        return (paths.map { String($0.dropFirst(folder.path.count + 1)) }, restoration)
    }

    private func contents(_ folder: ScratchFolder) -> [String: [UInt8]] {
        let names = folder.files().filter { $0.hasPrefix("log/") }
        return Dictionary(uniqueKeysWithValues: names.map { ($0, folder.bytes($0)) })
    }

    @Test func `makes each file anew that is altered or missing, and touches no other`() throws {
        let folder = try ScratchFolder(inMemory: true)
        let checkpoints = try makeLog(folder)
        let entries = numberedEntries(0..<261)
        let whole = contents(folder)
        #expect(whole.count == 9)
        #expect(try restore(folder, entries, checkpoints).names == [])
        for (name, original) in whole where name != "log/lock" {
            // What stands in for a tile that is wider by now is needed by nobody, and goes where it disagrees.
            let isEarlier = name.hasSuffix("001.p/2")
            let expected = isEarlier ? whole.filter { $0.key != name } : whole
            var altered = original
            altered[original.count / 2] ^= 1
            for wrong in [altered, original + [0xFF], original.dropLast(), []] {
                try folder.write(wrong, to: name)
                #expect(try restore(folder, entries, checkpoints).names == [name])
                #expect(contents(folder) == expected, "\(name), \(wrong.count) bytes")
                #expect(try folder.findings() == [])
            }
            try? FileManager.default.removeItem(atPath: folder(name))
            #expect(try restore(folder, entries, checkpoints).names == (isEarlier ? [] : [name]))
            try folder.write(original, to: name)
            #expect(contents(folder) == whole)
        }
    }

    @Test func `makes a log anew that is gone, but for what nobody needs`() throws {
        let folder = try ScratchFolder(inMemory: true)
        let checkpoints = try makeLog(folder)
        let whole = contents(folder)
        try FileManager.default.removeItem(atPath: folder.logPath)
        let names = try restore(folder, numberedEntries(0..<261), checkpoints).names
        #expect(
            names == [
                "log/tile/entries/000", "log/tile/0/000", "log/tile/entries/001.p/5", "log/tile/0/001.p/5",
                "log/tile/1/000.p/1", "log/checkpoint",
            ])
        #expect(contents(folder) == whole.filter { names.contains($0.key) })
        #expect(try folder.findings() == [])
    }

    @Test func `goes as far as the newest checkpoint that the entries lead to`() throws {
        let folder = try ScratchFolder(inMemory: true)
        let checkpoints = try makeLog(folder)
        let cases: [(Int, Int?)] = [
            (0, nil), (255, nil), (256, 0), (257, 0), (258, 1), (260, 1), (261, 2), (262, 2),
        ]
        for (count, proved) in cases {
            let (_, restoration) = try restore(folder, numberedEntries(0..<count), checkpoints)
            #expect(restoration.proved == proved.map { checkpoints[$0] } && !restoration.isRefuted)
        }
        try FileManager.default.removeItem(atPath: folder.logPath)
        _ = try restore(folder, numberedEntries(0..<261), Array(checkpoints.prefix(2)))
        #expect(try folder.reader().checkpoint == checkpoints[1])
        #expect(try folder.findings() == [])
    }

    @Test func `is refuted by a checkpoint that the entries contradict, and then writes nothing`() throws {
        let folder = try ScratchFolder(inMemory: true)
        let checkpoints = try makeLog(folder)
        let whole = contents(folder)
        let others = numberedEntries(1..<262)
        let (names, restoration) = try restore(folder, others, checkpoints)
        #expect(names == [] && restoration.proved == nil && restoration.isRefuted)
        #expect(contents(folder) == whole)
    }
}
