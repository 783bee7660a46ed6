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

    @Test(arguments: [
        ("a.wav", "a.wav"), ("x/a.wav", "a.wav"), ("x/a/", "a"), ("/", ""), ("x/\u{301}.wav", "\u{301}.wav"),
        ("Bu\u{308}ro/語音.wav", "語音.wav"),
    ])
    func `takes the last name of a path byte by byte`(path: String, name: String) {
        #expect(Folder.name(of: path).utf8.elementsEqual(name.utf8))
    }

    @Test(arguments: [
        ("/a/b/c", "/a", "b/c"), ("/a/b", "/a/", "b"), ("/b", "/", "b"),
        ("/語音/Bu\u{308}ro/a", "/語音", "Bu\u{308}ro/a"),
        ("/語音/Bu\u{308}ro/a", "/語音/Bu\u{308}ro", "a"), ("/a/\u{301}b/c", "/a", "\u{301}b/c"),
    ])
    func `leads from a folder to what is below it`(path: String, folder: String, relative: String) throws {
        let found = try #require(Folder.relativePath(of: path, in: folder))
        #expect(found.utf8.elementsEqual(relative.utf8))
        #expect(Folder.path(folder, found).utf8.elementsEqual(path.utf8))
    }

    @Test(arguments: [
        ("/a", "/a"), ("/ab/c", "/a"), ("/a/b", "/a/b/c"), ("/Bu\u{308}ro/a", "/B\u{FC}ro"), ("a/b", "/a"),
    ])
    func `leads nowhere from a folder that a path is not below`(path: String, folder: String) {
        #expect(Folder.relativePath(of: path, in: folder) == nil)
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
