import DurableFiles
import FileFaults
import Foundation
import TestSupport
import Testing

struct PendingFileTests {
    private func publish(
        _ text: String, as path: String, from folder: String, replacing: Bool = false,
        operations: any FileOperations = FileSystem.posix
    ) throws {
        let file = try PendingFile(inFolder: folder, operations: operations)
        try file.write(Array(text.utf8))
        try file.publish(as: path, replacing: replacing)
    }

    @Test func `publishes a file whole, read-only, and leaves no temporary name`() throws {
        let folder = try ScratchFolder()
        try publish("audio", as: folder("a.flac"), from: folder.path)
        #expect(folder.files() == ["a.flac"])
        #expect(folder.text("a.flac") == "audio")
        let attributes = try FileManager.default.attributesOfItem(atPath: folder("a.flac"))
        #expect(attributes[.posixPermissions] as? Int == 0o400)
        #expect(attributes[.referenceCount] as? Int == 1)
    }

    @Test func `syncs the file before it has a name and the folder after`() throws {
        let folder = try ScratchFolder()
        let operations = FaultyFileOperations()
        try publish("audio", as: folder("a.flac"), from: folder.path, operations: operations)
        let trace = operations.trace.map { $0.hasSuffix(".tmp") ? $0.split(separator: " ")[0] + " tmp" : $0 }
        #expect(
            trace == [
                "create tmp", "write tmp", "synchronize tmp", "link a.flac",
                "synchronize \(folder.url.lastPathComponent)", "remove tmp",
            ])
    }

    @Test(arguments: [true, false])
    func `never overwrites a file that it was not told to replace`(hasHardLinks: Bool) throws {
        let folder = try ScratchFolder()
        let operations = FaultyFileOperations(hasHardLinks: hasHardLinks)
        try publish("first", as: folder("a.flac"), from: folder.path)
        let error = #expect(throws: FileError.self) {
            try publish("second", as: folder("a.flac"), from: folder.path, operations: operations)
        }
        #expect(error?.kind == .exists)
        #expect(folder.files() == ["a.flac"])
        #expect(folder.text("a.flac") == "first")
    }

    @Test func `replaces a file when told to`() throws {
        let folder = try ScratchFolder()
        try publish("first", as: folder("a.flac"), from: folder.path)
        try publish("second", as: folder("a.flac"), from: folder.path, replacing: true)
        #expect(folder.files() == ["a.flac"])
        #expect(folder.text("a.flac") == "second")
    }

    @Test func `publishes on a file system without hard links`() throws {
        let folder = try ScratchFolder()
        let operations = FaultyFileOperations(hasHardLinks: false)
        try publish("audio", as: folder("a.flac"), from: folder.path, operations: operations)
        #expect(folder.files() == ["a.flac"])
        #expect(folder.text("a.flac") == "audio")
    }

    @Test func `removes what is discarded or merely dropped`() throws {
        let folder = try ScratchFolder()
        do {
            let dropped = try PendingFile(inFolder: folder.path)
            let discarded = try PendingFile(inFolder: folder.path)
            #expect(folder.files().count == 2)
            discarded.discard()
            #expect(folder.files().count == 1)
            try dropped.write([1])
        }
        #expect(folder.files().isEmpty)
    }

    @Test func `hands a finished file over under its temporary name`() throws {
        let folder = try ScratchFolder()
        let file = try PendingFile(inFolder: folder.path)
        try file.write(Array("audio".utf8))
        let path = try file.relinquish()
        #expect(folder.files().count == 1)
        try PendingFile(takingOver: path).publish(as: folder("a.flac"))
        #expect(folder.files() == ["a.flac"])
        #expect(folder.text("a.flac") == "audio")
    }

    @Test func `takes over no symbolic link`() throws {
        let folder = try ScratchFolder()
        try Data().write(to: folder.url.appending(path: "real"))
        try FileManager.default.createSymbolicLink(
            atPath: folder("alias"), withDestinationPath: folder("real"))
        #expect(throws: FileError.self) { try PendingFile(takingOver: folder("alias")).discard() }
        #expect(folder.files() == ["alias", "real"])
    }

    @Test func `goes on after short writes`() throws {
        let folder = try ScratchFolder()
        let text = String(repeating: "voice", count: 1000)
        let operations = FaultyFileOperations(largestWrite: 7)
        try publish(text, as: folder("a.flac"), from: folder.path, operations: operations)
        #expect(folder.text("a.flac") == text)
    }

    @Test func `can be read back through its temporary path while it is pending`() throws {
        let folder = try ScratchFolder()
        let file = try PendingFile(inFolder: folder.path)
        try file.write([1, 2, 3])
        #expect(FileManager.default.contents(atPath: file.path) == Data([1, 2, 3]))
        file.discard()
    }

    @Test(arguments: FaultyFileOperations.Fault.allCases, [true, false])
    func `has a whole file under the final name or none, whatever goes wrong`(
        fault: FaultyFileOperations.Fault, hasHardLinks: Bool
    ) throws {
        var position = 1
        while true {
            let folder = try ScratchFolder(inMemory: true)
            let operations = FaultyFileOperations(fault, at: position, hasHardLinks: hasHardLinks)
            let failure = Result {
                try publish("audio", as: folder("a.flac"), from: folder.path, operations: operations)
            }
            let step = operations.trace.last ?? ""
            let content = folder.text("a.flac")
            if !operations.hasStruck { #expect(throws: Never.self) { try failure.get() } }
            if (try? failure.get()) != nil { #expect(content == "audio", "\(step)") }
            // The claim of a name on a file system without hard links is an empty file until it is renamed over.
            #expect(content == nil || content == "audio" || (content == "" && !hasHardLinks), "\(step)")
            if fault == .failure || fault == .full, (try? failure.get()) == nil {
                #expect(content == nil, "taken back after \(step)")
            }
            try TemporaryName.removeStale(inFolder: folder.path, isLocked: true)
            #expect(folder.files() == (content == nil ? [] : ["a.flac"]), "\(step)")
            if !operations.hasStruck { break }
            position += 1
        }
        #expect(position >= 7)
    }

    @Test(arguments: FaultyFileOperations.Fault.allCases)
    func `holds the old content or the new, whatever goes wrong`(fault: FaultyFileOperations.Fault) throws {
        var position = 1
        while true {
            let folder = try ScratchFolder(inMemory: true)
            try PendingFile.writeFile(Array("old".utf8), to: folder("a.json"), replacing: false)
            let operations = FaultyFileOperations(fault, at: position)
            let result = Result {
                try PendingFile.writeFile(
                    Array("new".utf8), to: folder("a.json"), replacing: true, operations: operations)
            }
            #expect(["old", "new"].contains(folder.text("a.json")))
            if (try? result.get()) != nil { #expect(folder.text("a.json") == "new") }
            if !operations.hasStruck { break }
            position += 1
        }
        #expect(position >= 5)
    }
}
