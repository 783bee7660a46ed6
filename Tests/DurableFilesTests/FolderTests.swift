import DurableFiles
import FileFaults
import Foundation
import TestSupport
import Testing

struct FolderTests {
    @Test(arguments: ["a", "a/", "a/b", "a//b", "/", "//", "/a", "/a/", "/a/b/c.flac", "./a", "../a", "ä/ö"])
    func `names the same parent as dirname`(path: String) throws {
        let oracle = Process()
        let output = Pipe()
        oracle.executableURL = URL(filePath: "/usr/bin/env")
        oracle.arguments = ["dirname", path]
        oracle.standardOutput = output
        try oracle.run()
        let printed = try #require(try output.fileHandleForReading.readToEnd())
        oracle.waitUntilExit()
        #expect(Folder.parent(of: path) == String(decoding: printed.dropLast(), as: UTF8.self))
    }

    @Test func `makes all that is missing, and syncs each parent after its folder`() throws {
        let folder = try ScratchFolder()
        let operations = FaultyFileOperations()
        try Folder.makeDurably(folder("one/two/three"), operations: operations)
        #expect(try FileSystem.posix.status(of: folder("one/two/three"))?.kind == .folder)
        let name = folder.url.lastPathComponent
        #expect(
            operations.trace.filter { !$0.hasPrefix("examine") } == [
                "synchronize \(folder.url.deletingLastPathComponent().lastPathComponent)",
                "makeFolder one", "synchronize \(name)", "makeFolder two", "synchronize one",
                "makeFolder three", "synchronize two",
            ])
        try Folder.makeDurably(folder("one/two/three"))
    }

    @Test func `refuses a path through a file`() throws {
        let folder = try ScratchFolder()
        try Data().write(to: folder.url.appending(path: "file"))
        let direct = #expect(throws: FileError.self) { try Folder.makeDurably(folder("file")) }
        #expect(direct?.kind == .notAFolder)
        let below = #expect(throws: FileError.self) { try Folder.makeDurably(folder("file/below")) }
        #expect(below?.kind == .notAFolder)
    }

    @Test func `goes through a symbolic link to a folder`() throws {
        let folder = try ScratchFolder()
        try Folder.makeDurably(folder("real"))
        try FileManager.default.createSymbolicLink(
            atPath: folder("alias"), withDestinationPath: folder("real"))
        try Folder.makeDurably(folder("alias/below"))
        #expect(try FileSystem.posix.status(of: folder("real/below"))?.kind == .folder)
    }

    @Test(arguments: FaultyFileOperations.Fault.allCases)
    func `is finished by a second run, whatever went wrong in the first`(fault: FaultyFileOperations.Fault)
        throws
    {
        var position = 1
        while true {
            let folder = try ScratchFolder(inMemory: true)
            let operations = FaultyFileOperations(fault, at: position)
            let first = Result { try Folder.makeDurably(folder("one/two"), operations: operations) }
            if (try? first.get()) == nil { try Folder.makeDurably(folder("one/two")) }
            #expect(try FileSystem.posix.status(of: folder("one/two"))?.kind == .folder)
            if !operations.hasStruck { break }
            position += 1
        }
        #expect(position >= 8)
    }
}
