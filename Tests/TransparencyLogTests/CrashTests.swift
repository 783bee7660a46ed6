import DurableFiles
import FileFaults
import Foundation
import TestSupport
import Testing
import TransparencyLog

/// Every file operation of an append, failing in every way, with every run after it.
struct CrashTests {
    /// A log just before a tile is full, so that an append touches every kind of file.
    private func begin(size: Int) throws -> ScratchFolder {
        let folder = try ScratchFolder(inMemory: true)
        try folder.makeLog(sizes: [size - 1, size])
        return folder
    }

    private func copy(_ template: ScratchFolder) throws -> ScratchFolder {
        let folder = try ScratchFolder(inMemory: true)
        for name in ["keys", "log"] {
            try FileManager.default.copyItem(atPath: template(name), toPath: folder(name))
        }
        return folder
    }

    /// The files that one folder has otherwise than the other; what a full tile has taken the place of may differ.
    private func difference(_ one: ScratchFolder, _ other: ScratchFolder) -> [String] {
        let names = Set(one.files() + other.files()).filter { name in
            let stem = name.replacing(/\.p\/\d+$/, with: "")
            // What is left beside the key goes when its process is dead; this one is not.
            return !name.hasSuffix("lock") && !name.hasPrefix("keys/.voxkeep-")
                && (stem == name || !other.files().contains(stem))
        }
        return names.filter {
            FileManager.default.contents(atPath: one($0)) != FileManager.default.contents(atPath: other($0))
        }.sorted()
    }

    @Test(arguments: FaultyFileOperations.Fault.allCases, [2, 255])
    func `leaves the log as it was or as it will be`(fault: FaultyFileOperations.Fault, size: Int) throws {
        let template = try begin(size: size)
        let added = numberedEntries(size..<size + 3)
        let faultless = try copy(template)
        var writer = try faultless.writer()
        let expected = try writer.append(added)
        _ = consume writer

        var position = 1
        while true {
            let folder = try copy(template)
            let operations = FaultyFileOperations(fault, at: position)
            let failure = append(added, to: folder, operations)
            let step = "\(fault) at \(position): \(operations.trace.last ?? "")"
            if !operations.hasStruck { #expect(failure == nil) }

            // Whoever verifies now finds nothing but leavings.
            #expect(try !folder.findings().contains(where: \.isDamage), "\(step)")
            // The next run finds the entries in the log, or adds them.
            var writer = try folder.writer()
            #expect([UInt64(size), UInt64(size + 3)].contains(writer.size), "\(step)")
            if failure == nil { #expect(writer.size == UInt64(size + 3), "\(step)") }
            let isComplete = writer.size == UInt64(size + 3)
            #expect(try folder.findings() == [], "\(step)")
            let checkpoint = isComplete ? writer.checkpoint : try writer.append(added)
            #expect(checkpoint == expected, "\(step)")
            #expect(difference(folder, faultless) == [], "\(step)")
            if !operations.hasStruck { break }
            position += 1
        }
        #expect(position > 30)
    }

    private func append(
        _ entries: [LogEntry], to folder: ScratchFolder, _ operations: FaultyFileOperations
    ) -> (any Error)? {
        do {
            var writer = try folder.writer(operations: operations)
            do {
                try writer.append(entries)
            } catch {
                // A writer that failed does not go on.
                #expect(throws: LogError.stopped(path: folder.logPath)) { try writer.append(entries) }
                throw error
            }
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: [FaultyFileOperations.Fault.kill, .failureAfterwards])
    func `lets other entries follow where the unsigned ones never come again`(
        fault: FaultyFileOperations.Fault
    ) throws {
        let template = try begin(size: 255)
        var position = 1
        while true {
            let folder = try copy(template)
            let operations = FaultyFileOperations(fault, at: position)
            _ = append(numberedEntries(255..<515), to: folder, operations)
            var writer = try folder.writer()
            let first = Int(writer.size)
            try writer.append(numberedEntries(9000..<9002))
            try writer.append(numberedEntries(9002..<9300))
            #expect(try folder.findings() == [], "\(fault) at \(position): \(operations.trace.last ?? "")")
            #expect([255, 515].contains(first))
            if !operations.hasStruck { break }
            position += 1
        }
        #expect(position > 40)
    }

    @Test(arguments: FaultyFileOperations.Fault.allCases)
    func `makes a key and a log, whatever went wrong in the first run`(fault: FaultyFileOperations.Fault)
        throws
    {
        var position = 1
        while true {
            let folder = try ScratchFolder(inMemory: true)
            let operations = FaultyFileOperations(fault, at: position)
            let key = try? folder.makeKey(operations: operations)
            if key != nil { _ = try? folder.writer(operations: operations) }
            let step = "\(fault) at \(position): \(operations.trace.last ?? "")"
            if FileManager.default.fileExists(atPath: folder.keyPath) {
                #expect(throws: SigningKeyError.exists(path: folder.keyPath), "\(step)") {
                    try folder.makeKey()
                }
            } else {
                #expect(throws: Never.self, "\(step)") { try folder.makeKey() }
            }
            var writer = try folder.writer()
            #expect(
                try writer.append(GoldenVector.entries).head.root.description == GoldenVector.root, "\(step)")
            #expect(try folder.findings() == [], "\(step)")
            if !operations.hasStruck { break }
            position += 1
        }
        #expect(position > 25)
    }

    @Test func `writes entries, tiles, the record of the key and the checkpoint, each synced in turn`() throws
    {
        let folder = try begin(size: 255)
        let operations = FaultyFileOperations()
        var writer = try folder.writer(operations: operations)
        let opening = operations.trace.count
        try writer.append(numberedEntries(255..<257))
        let names = operations.trace.dropFirst(opening).filter { $0.hasPrefix("rename") }
        #expect(
            names == [
                "rename 000", "rename 1", "rename 000", "rename 1", "rename 1", "rename log1.checkpoint",
                "rename checkpoint",
            ])
        let steps = Array(operations.trace.dropFirst(opening))
        for (index, step) in steps.enumerated() where step.hasPrefix("rename") {
            #expect(steps[index - 1].hasPrefix("synchronize .voxkeep"))
            #expect(steps[index + 1].hasPrefix("synchronize"))
        }
    }
}
