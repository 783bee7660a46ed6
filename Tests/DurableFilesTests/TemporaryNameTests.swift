import DurableFiles
import FileFaults
import Foundation
import TestSupport
import Testing

struct TemporaryNameTests {
    @Test(
        arguments: [
            (".voxkeep-12-3.tmp", 12), (".voxkeep-12-3", nil), ("voxkeep-12-3.tmp", nil),
            (".voxkeep-.tmp", nil),
            (".voxkeep-12.tmp", nil), (".voxkeep-0-3.tmp", nil), (".voxkeep--12-3.tmp", nil),
            (".voxkeep-12-3-4.tmp", nil), (".voxkeep-12-x.tmp", nil), (".voxkeep-99999999999-3.tmp", nil),
            (".voxkeep.tmp", nil), ("", nil),
        ] as [(String, Int32?)])
    func `tells whose file it is`(name: String, process: Int32?) {
        #expect(TemporaryName.process(of: name) == process)
    }

    @Test func `sweeps the files of dead processes only`() throws {
        let folder = try ScratchFolder()
        let dead = Process()
        dead.executableURL = URL(filePath: "/bin/true")
        try dead.run()
        dead.waitUntilExit()
        let leaving = ".voxkeep-\(dead.processIdentifier)-1.tmp"
        let names = [leaving, ".voxkeep-1-1.tmp", "recording.flac", ".hidden"]
        for name in names { try Data().write(to: folder.url.appending(path: name)) }
        let file = try PendingFile(inFolder: folder.path)
        #expect(try TemporaryName.removeStale(inFolder: folder.path) == [leaving])
        #expect(folder.files().count == names.count)
        #expect(try TemporaryName.removeStale(inFolder: folder.path, isLocked: true).count == 2)
        #expect(folder.files() == [".hidden", "recording.flac"])
        file.discard()
    }

    @Test func `tells of a dead process's file that cannot be removed`() throws {
        let folder = try ScratchFolder()
        let name = ".voxkeep-999999999-1.tmp"
        try folder.write([1], to: name)
        let clean = FaultyFileOperations()
        #expect(try TemporaryName.removeStale(inFolder: folder.path, operations: clean) == [name])
        let removing = try #require(clean.trace.firstIndex(of: "remove \(name)"))
        try folder.write([1], to: name)
        let error = #expect(throws: FileError.self) {
            let operations = FaultyFileOperations(at: removing + 1)
            try TemporaryName.removeStale(inFolder: folder.path, operations: operations)
        }
        #expect(error?.path == folder(name))
        #expect(folder.files() == [name])
    }

    @Test func `steps over the leavings of an earlier process of the same number`() throws {
        let folder = try ScratchFolder()
        let first = try PendingFile(inFolder: folder.path)
        let number = try #require(UInt64(first.path.split(separator: "-").last?.dropLast(4) ?? ""))
        for next in number + 1...number + 50 {
            let name = ".voxkeep-\(TemporaryName.currentProcess)-\(next).tmp"
            try Data().write(to: folder.url.appending(path: name))
        }
        let second = try PendingFile(inFolder: folder.path)
        #expect(folder.files().count == 52)
        first.discard()
        second.discard()
        #expect(folder.files().count == 50)
    }
}
