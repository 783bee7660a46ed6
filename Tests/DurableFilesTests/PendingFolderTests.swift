import DurableFiles
import FileFaults
import Foundation
import TestSupport
import Testing

@Suite struct PendingFolderTests {
    private let scratch: ScratchFolder

    init() throws {
        scratch = try ScratchFolder(inMemory: true)
    }

    private func write(_ operations: any FileOperations = FileSystem.posix) throws {
        var folder = try PendingFolder(for: scratch("out"), operations: operations)
        for name in ["a", "b/c/d", "b/e"] {
            let file = try folder.makeFile(name)
            try file.write(Array(name.utf8))
            try file.finish()
        }
        let file = try folder.makeFile("b/f")
        try file.discard()
        try folder.publish()
    }

    private var content: [String] { scratch.files() }

    @Test func `has its name when it is whole, also in the place of an empty folder`() throws {
        try write()
        #expect(content == ["out/a", "out/b/c/d", "out/b/e"])
        #expect(scratch.text("out/b/c/d") == "b/c/d")
        try FileManager.default.removeItem(atPath: scratch("out"))
        try FileManager.default.createDirectory(atPath: scratch("out"), withIntermediateDirectories: true)
        try write()
        #expect(content == ["out/a", "out/b/c/d", "out/b/e"])
    }

    @Test func `holds two folders whose names differ in nothing but the encoding of a letter`() throws {
        let names = ["B\u{FC}ro/a", "Bu\u{308}ro/a"]
        var folder = try PendingFolder(for: scratch("out"))
        for name in names {
            let file = try folder.makeFile(name)
            try file.write(Array(name.utf8))
            try file.finish()
        }
        try folder.publish()
        for name in names { #expect(scratch.bytes("out/" + name) == Array(name.utf8)) }
    }

    @Test func `refuses a name that is taken, and leaves what has it`() throws {
        try scratch.write("mine".utf8, to: "out/mine")
        #expect(throws: FileError.taken(scratch("out"))) { try write() }
        try FileManager.default.removeItem(atPath: scratch("out"))
        try scratch.write("mine".utf8, to: "out")
        #expect(throws: FileError.taken(scratch("out"))) { try write() }
        #expect(content == ["out"])
    }

    @Test func `is gone on with under the name that it was left by`() throws {
        for name in ["a", "b"] {
            var folder = try PendingFolder(goingOnFor: scratch("out"))
            #expect(folder.path == PendingFolder.unfinishedPath(of: scratch("out")))
            let file = try folder.makeFile(name)
            try file.finish()
            folder.leave()
        }
        let unfinished = [".voxkeep-unfinished", "a", "b"].map { ".voxkeep-unfinished-out/" + $0 }
        #expect(content == unfinished)
        try PendingFolder(goingOnFor: scratch("out")).publish()
        #expect(content == ["out/a", "out/b"])
    }

    @Test(arguments: PlantedFolder.allCases)
    func `is not gone on with where it was not left by us`(planted: PlantedFolder) throws {
        let path = scratch(".voxkeep-unfinished-out")
        try scratch.write([1], to: "elsewhere/kept")
        try scratch.write([], to: "elsewhere/.voxkeep-unfinished")
        switch planted {
        case .link:
            try FileManager.default.createSymbolicLink(
                atPath: path, withDestinationPath: scratch("elsewhere"))
        case .file: try scratch.write([1], to: ".voxkeep-unfinished-out")
        case .unmarked: try scratch.write([1], to: ".voxkeep-unfinished-out/kept")
        case .markedByLink:
            try scratch.write([1], to: ".voxkeep-unfinished-out/kept")
            try FileManager.default.createSymbolicLink(
                atPath: path + "/.voxkeep-unfinished",
                withDestinationPath: scratch("elsewhere/.voxkeep-unfinished"))
        case .openToOthers:
            try scratch.write([], to: ".voxkeep-unfinished-out/.voxkeep-unfinished")
            try #require(chmod(path, 0o770) == 0)
        case .anothers:
            guard geteuid() == 0 else { return }
            try scratch.write([], to: ".voxkeep-unfinished-out/.voxkeep-unfinished")
            try #require(chown(path, 65534, 65534) == 0)
        }
        let before = content
        let error = #expect(throws: FileError.self) {
            try PendingFolder(goingOnFor: scratch("out")).publish()
        }
        #expect(error?.kind == planted.kind)
        #expect(error?.path == path)
        #expect(content == before)
    }

    enum PlantedFolder: CaseIterable {
        case link, file, unmarked, markedByLink, openToOthers, anothers

        var kind: FileError.Kind {
            switch self {
            case .link: .isALink
            case .file: .notAFolder
            case .unmarked, .markedByLink: .unmarked
            case .openToOthers, .anothers: .notOwn
            }
        }
    }

    @Test func `removes nothing of another user's that has the name of a dead process`() throws {
        guard geteuid() == 0 else { return }
        let name = ".voxkeep-folder-999999999-1.tmp"
        try scratch.write([1], to: "\(name)/a")
        try #require(chown(scratch(name), 65534, 65534) == 0)
        try write()
        #expect(content == ["\(name)/a", "out/a", "out/b/c/d", "out/b/e"])
    }

    @Test func `is not gone on with where it could not be made`() throws {
        let clean = FaultyFileOperations()
        let folder = try PendingFolder(goingOnFor: scratch("out"), operations: clean)
        let making = try #require(clean.trace.firstIndex(of: "makeFolder .voxkeep-unfinished-out"))
        _ = consume folder
        #expect(throws: FileError.self) {
            let operations = FaultyFileOperations(.full, at: making + 1)
            _ = try PendingFolder(goingOnFor: scratch("out"), operations: operations)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path).isEmpty)
    }

    @Test func `tells of a dead process's leavings that cannot be removed`() throws {
        let name = ".voxkeep-folder-999999999-1.tmp"
        try scratch.write([1], to: "\(name)/a")
        let clean = FaultyFileOperations()
        _ = try PendingFolder(for: scratch("out"), operations: clean)
        let removing = try #require(clean.trace.firstIndex(of: "remove \(name)"))
        try scratch.write([1], to: "\(name)/a")
        let error = #expect(throws: FileError.self) {
            let operations = FaultyFileOperations(at: removing + 1)
            _ = try PendingFolder(for: scratch("out"), operations: operations)
        }
        #expect(error?.path == scratch(name))
    }

    @Test func `removes what is not published`() throws {
        do {
            var folder = try PendingFolder(for: scratch("out"))
            let file = try folder.makeFile("a/b")
            try file.write([1])
            try file.finish()
            #expect(content.count == 1)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path).isEmpty)
    }

    @Test func `removes what a dead process left, and neither a live one's nor where a link leads`() throws {
        try scratch.write([1], to: "elsewhere/kept")
        try scratch.write([1], to: ".voxkeep-folder-999999999-1.tmp/a/b")
        try FileManager.default.createSymbolicLink(
            atPath: scratch(".voxkeep-folder-999999999-1.tmp/link"), withDestinationPath: scratch("elsewhere")
        )
        try scratch.write([1], to: ".voxkeep-folder-1-1.tmp/a")
        try write()
        #expect(
            content == [
                ".voxkeep-folder-1-1.tmp/a", "elsewhere/kept", "out/a", "out/b/c/d", "out/b/e",
            ])
    }

    @Test(arguments: [FaultyFileOperations.Fault.failure, .full])
    func `leaves nothing when any step fails`(fault: FaultyFileOperations.Fault) throws {
        var position = 1
        while true {
            let operations = FaultyFileOperations(fault, at: position)
            do {
                try write(operations)
                // A step that fails without harm: nothing but the sweep at the end can do without one.
                if !operations.hasStruck { break }
            } catch {
                let left = try FileManager.default.contentsOfDirectory(atPath: scratch.path)
                #expect(left.isEmpty, "step \(position): \(operations.trace.last ?? "") left \(left)")
            }
            for name in try FileManager.default.contentsOfDirectory(atPath: scratch.path) {
                try FileManager.default.removeItem(atPath: scratch(name))
            }
            position += 1
        }
        #expect(position > 20)
    }

    @Test func `is whole or not there when the process dies at any step`() throws {
        var position = 1
        while true {
            let operations = FaultyFileOperations(.kill, at: position)
            try? write(operations)
            let isThere = FileManager.default.fileExists(atPath: scratch("out"))
            if isThere { #expect(content.filter { $0.hasPrefix("out/") }.count == 3) }
            if !operations.hasStruck { break }
            for name in try FileManager.default.contentsOfDirectory(atPath: scratch.path) {
                #expect(name == "out" || name.hasPrefix(".voxkeep-folder-"))
                try FileManager.default.removeItem(atPath: scratch(name))
            }
            position += 1
        }
    }
}
