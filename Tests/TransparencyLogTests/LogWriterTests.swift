import DurableFiles
import Foundation
import TestSupport
import Testing
import TransparencyLog

struct LogWriterTests {
    private func copy(_ folder: ScratchFolder, _ name: String, to other: String) throws {
        try? FileManager.default.removeItem(atPath: folder(other))
        try FileManager.default.copyItem(atPath: folder(name), toPath: folder(other))
    }

    @Test func `writes the same files, however the entries come`() throws {
        let whole = try ScratchFolder(inMemory: true)
        try whole.makeLog(sizes: [600])
        for sizes in [
            [256, 512, 600], [1, 255, 257, 511, 513, 600], Array(stride(from: 7, through: 600, by: 1)),
        ] {
            let parts = try ScratchFolder(inMemory: true)
            try parts.makeLog(sizes: sizes)
            let last = { (name: String) in
                !name.contains(".p/") || name.contains(".p/88") || name.contains("1/")
            }
            for name in whole.files().filter(last) {
                #expect(
                    FileManager.default.contents(atPath: parts(name))
                        == FileManager.default.contents(atPath: whole(name)), "\(name)")
            }
            #expect(try parts.findings() == [])
        }
    }

    @Test func `keeps partial tiles until the full one takes their place`() throws {
        let folder = try ScratchFolder(inMemory: true)
        try folder.makeLog(sizes: [3, 200, 255])
        #expect(folder.files().filter { $0.hasPrefix("log/tile/entries") }.count == 3)
        var writer = try folder.writer()
        try writer.append(numberedEntries(255..<257))
        #expect(
            folder.files().filter { $0.hasPrefix("log/tile") } == [
                "log/tile/0/000", "log/tile/0/001.p/1", "log/tile/1/000.p/1", "log/tile/entries/000",
                "log/tile/entries/001.p/1",
            ])
        // A reader of an earlier checkpoint finds the entries in the full files.
        let reader = writer.reader
        #expect(try reader.head(at: 200).size == 200)
    }

    @Test func `goes on where it was, after being opened again`() throws {
        let folder = try ScratchFolder(inMemory: true)
        try folder.makeKey()
        for size in 0..<6 {
            var writer = try folder.writer()
            #expect(writer.size == UInt64(size))
            #expect(try writer.append([]) == writer.checkpoint)
            try writer.append(numberedEntries(size..<size + 1))
        }
        let once = try ScratchFolder(inMemory: true)
        #expect(try folder.reader().checkpoint == once.makeLog(sizes: [6]))
    }

    @Test func `takes entries of any content and of up to 65,535 bytes`() throws {
        let folder = try ScratchFolder(inMemory: true)
        try folder.makeKey()
        var writer = try folder.writer()
        let entries = [0, 1, 65_535].compactMap { LogEntry([UInt8](repeating: 0xFF, count: $0)) }
        try writer.append(entries)
        for (index, entry) in entries.enumerated() {
            #expect(try writer.reader.entry(at: UInt64(index)) == entry)
        }
        #expect(LogEntry([UInt8](repeating: 0, count: 65_536)) == nil)
        #expect(try folder.findings() == [])
    }

    @Test func `refuses a second writer`() throws {
        let folder = try ScratchFolder(inMemory: true)
        try folder.makeKey()
        try SigningKey.create(at: folder("keys/other"), name: GoldenVector.name)
        let writer = try folder.writer()
        #expect(throws: LogError.inUse(path: folder.logPath, process: TemporaryName.currentProcess)) {
            let key = try SigningKey.open(at: folder("keys/other"))
            _ = try LogWriter.open(at: folder.logPath, key: key)
        }
        withExtendedLifetime(writer) {}
    }

    @Test func `refuses an older copy of the log`() throws {
        let folder = try ScratchFolder(inMemory: true)
        let checkpoint = try folder.makeLog(sizes: [5])
        try copy(folder, "log", to: "backup")
        var writer = try folder.writer()
        try writer.append(numberedEntries(5..<9))
        _ = consume writer
        try copy(folder, "log", to: "newest")
        try copy(folder, "backup", to: "log")
        #expect(throws: LogError.rolledBack(path: folder.logPath, size: 5, known: 9)) {
            _ = try folder.writer()
        }
        // Readers do not stop at it, unless they know better.
        #expect(try folder.reader().checkpoint == checkpoint)
        #expect(try folder.findings() == [])
        try copy(folder, "newest", to: "log")
        #expect(try folder.writer().size == 9)
        // The old checkpoint alone, over the files of the new log, is what a crash leaves.
        try Data(checkpoint.bytes).write(to: folder.url.appending(path: "log/checkpoint"))
        #expect(try folder.writer().size == 9)
        #expect(folder.text("log/checkpoint") == folder.text("keys/log1.checkpoint"))
    }

    @Test func `refuses a log that does not extend what the caller remembers`() throws {
        let folder = try ScratchFolder(inMemory: true)
        let head = try folder.makeLog(sizes: [5]).head
        let longer = try #require(TreeHead(size: 6, root: head.root))
        let other = try #require(TreeHead(size: 4, root: head.root))
        #expect(throws: Never.self) { _ = try folder.writer(extending: [.empty, head]) }
        #expect(throws: LogError.rolledBack(path: folder.logPath, size: 5, known: 6)) {
            _ = try folder.writer(extending: [longer])
        }
        #expect(throws: LogError.rewritten(path: folder.logPath, known: 4)) {
            _ = try folder.writer(extending: [other])
        }
        let known = [LogFinding.failure(.rewritten(path: folder.logPath, known: 4))]
        #expect(try folder.findings(known: [head, other]) == known)
        let reader = try folder.reader()
        #expect(throws: LogError.rewritten(path: folder.logPath, known: 4)) {
            try reader.consistencyProof(from: other)
        }
    }

    @Test func `lets a copy of the log grow only where the key has not signed another growth`() throws {
        let folder = try ScratchFolder(inMemory: true)
        try folder.makeLog(sizes: [5])
        try copy(folder, "log", to: "copy")
        var writer = try folder.writer()
        try writer.append(numberedEntries(5..<6))
        _ = consume writer
        #expect(throws: LogError.rolledBack(path: folder("copy"), size: 5, known: 6)) {
            _ = try LogWriter.open(at: folder("copy"), key: SigningKey.open(at: folder.keyPath))
        }
    }

    @Test func `is handed from one key to the next`() throws {
        let folder = try ScratchFolder(inMemory: true)
        let old = try folder.makeLog(sizes: [5])
        let oldKey = try SigningKey.verifierKey(ofKeyAt: folder.keyPath)
        let newKey = try SigningKey.create(at: folder("keys/log1-2"), name: GoldenVector.name)
        #expect(throws: LogError.badCheckpoint(path: folder.logPath, .unsigned(keys: [newKey.name]))) {
            _ = try LogWriter.open(at: folder.logPath, key: SigningKey.open(at: folder("keys/log1-2")))
        }
        var writer = try LogWriter.open(
            at: folder.logPath, key: SigningKey.open(at: folder("keys/log1-2")), trusting: [oldKey])
        #expect(writer.checkpoint == old)
        let new = try writer.append(numberedEntries(5..<6))
        #expect(try new.verify(with: [newKey]) == newKey)
        #expect(throws: Never.self) { try writer.reader.consistencyProof(from: old.head) }
    }

    @Test func `begins no log over the remains of another`() throws {
        let folder = try ScratchFolder(inMemory: true)
        try folder.makeLog(sizes: [5])
        try FileManager.default.removeItem(atPath: folder("log/checkpoint"))
        #expect(throws: LogError.checkpointMissing(path: folder.logPath)) { _ = try folder.writer() }
        try SigningKey.create(at: folder("keys/other"), name: GoldenVector.name)
        #expect(throws: LogError.checkpointMissing(path: folder.logPath)) {
            _ = try LogWriter.open(at: folder.logPath, key: SigningKey.open(at: folder("keys/other")))
        }
        #expect(throws: LogError.checkpointMissing(path: folder("nothing"))) {
            try LogReader(at: folder("nothing"), keys: [])
        }
    }

    @Test(arguments: ["log/tile/0/001.p/5", "log/tile/1/000.p/1", "log/tile/entries/001.p/5"])
    func `does not add to a log whose right edge is damaged`(name: String) throws {
        let folder = try ScratchFolder(inMemory: true)
        try folder.makeLog(sizes: [261])
        try flipBit(of: folder, name, at: 3)
        #expect(throws: LogError.self) { _ = try folder.writer() }
        try FileManager.default.removeItem(atPath: folder(name))
        #expect(throws: LogError.damaged(path: folder(name), .missing)) { _ = try folder.writer() }
    }
}

/// Changes one bit of a file, be it read-only or not.
func flipBit(of folder: ScratchFolder, _ name: String, at position: Int, bit: UInt8 = 0) throws {
    var bytes = Array(try #require(FileManager.default.contents(atPath: folder(name))))
    bytes[position] ^= 1 << bit
    try folder.write(bytes, to: name)
}
