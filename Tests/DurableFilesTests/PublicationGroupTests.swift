import DurableFiles
import FileFaults
import Foundation
import Glibc
import TestSupport
import Testing

struct PublicationGroupTests {
    private func group(
        of names: [String], in folder: ScratchFolder, replacing: Bool = false,
        operations: any FileOperations = FileSystem.posix
    ) throws(FileError) -> PublicationGroup {
        var group = PublicationGroup(operations: operations)
        for name in names {
            let path = folder(name)
            let file = try PendingFile(inFolder: Folder.parent(of: path), operations: operations)
            try file.write(Array("content of \(name)".utf8))
            group.add(file, as: path, replacing: replacing)
        }
        return group
    }

    // One, a few, and so many that their whole file system is synced.
    @Test(arguments: [0, 1, 3, 40])
    func `publishes all files, and leaves no temporary name`(count: Int) throws {
        let folder = try ScratchFolder()
        let names = (0..<count).map { "\($0).flac" }.sorted()
        var group = try group(of: names, in: folder)
        #expect(folder.files().count == count)
        #expect(names.allSatisfy { folder.text($0) == nil })
        #expect(group.publish().count == count)
        #expect(folder.files() == names)
        #expect(names.allSatisfy { folder.text($0) == "content of \($0)" })
        #expect(group.publish().isEmpty)
    }

    @Test func `syncs all files before any has a name, and each folder once, after all names`() throws {
        let folder = try ScratchFolder()
        try Folder.makeDurably(folder("b"))
        let operations = FaultyFileOperations()
        var group = try group(of: ["1", "b/2", "3"], in: folder, operations: operations)
        let before = operations.trace.count
        #expect(group.publish() == [nil, nil, nil])
        let trace = operations.trace.dropFirst(before).filter { !$0.hasPrefix("remove") }
        #expect(
            trace.map { $0.hasSuffix(".tmp") ? $0.split(separator: " ")[0] + " tmp" : $0 } == [
                "synchronize tmp", "synchronize tmp", "synchronize tmp", "link 1", "link 2", "link 3",
                "synchronize \(folder.url.lastPathComponent)", "synchronize b",
            ])
    }

    @Test func `syncs two folders whose names differ in nothing but the encoding of a letter`() throws {
        let folder = try ScratchFolder()
        for name in ["B\u{FC}ro", "Bu\u{308}ro"] { try Folder.makeDurably(folder(name)) }
        let operations = FaultyFileOperations()
        var group = try group(of: ["B\u{FC}ro/1", "Bu\u{308}ro/1"], in: folder, operations: operations)
        let before = operations.trace.count
        #expect(group.publish() == [nil, nil])
        #expect(operations.trace.dropFirst(before).count { $0 == "synchronize B\u{FC}ro" } == 2)
        #expect(folder.files().count == 2)
    }

    // With O_PATH, which Swift does not know, fstat(2) takes the descriptor and none of the syncing calls does.
    @Test(arguments: [0o10000000, nil] as [Int32?])
    func `tells which of many files did not reach the disk`(flags: Int32?) throws {
        let folder = try ScratchFolder()
        var files: [OpenFile] = []
        for number in 0..<20 {
            let path = try folder.write([1], to: "\(number)")
            let descriptor = number == 0 ? flags.map { open(path, $0) } ?? -1 : open(path, O_RDWR)
            files.append(OpenFile(descriptor: descriptor, path: path))
        }
        defer { for file in files where file.descriptor >= 0 { close(file.descriptor) } }
        let errors = FileSystem.posix.synchronize(files)
        #expect(errors.indices.filter { errors[$0] != nil } == [0])
        #expect(errors[0]?.path == folder("0"))
    }

    @Test func `publishes the others where a name is taken, and replaces what it is told to`() throws {
        let folder = try ScratchFolder()
        try Data("mine".utf8).write(to: folder.url.appending(path: "2"))
        var refused = try group(of: ["1", "2", "3"], in: folder)
        #expect(refused.publish().map { $0?.kind } == [nil, .exists, nil])
        #expect(folder.text("2") == "mine")
        #expect(folder.files() == ["1", "2", "3"])
        var replacing = try group(of: ["2"], in: folder, replacing: true)
        #expect(replacing.publish() == [nil])
        #expect(folder.text("2") == "content of 2")
    }

    @Test func `removes what is dropped`() throws {
        let folder = try ScratchFolder()
        do {
            let dropped = try group(of: ["1", "2"], in: folder)
            #expect(folder.files().count == 2)
            _ = consume dropped
        }
        #expect(folder.files().isEmpty)
    }

    @Test(arguments: FaultyFileOperations.Fault.allCases, [true, false])
    func `has whole files under final names or none, whatever goes wrong`(
        fault: FaultyFileOperations.Fault, hasHardLinks: Bool
    ) throws {
        let names = ["1", "2", "3"]
        var position = 1
        while true {
            let folder = try ScratchFolder(inMemory: true)
            let operations = FaultyFileOperations(fault, at: position, hasHardLinks: hasHardLinks)
            var errors: [FileError?]?
            do throws(FileError) {
                var group = try group(of: names, in: folder, operations: operations)
                errors = group.publish()
            } catch {}
            let step = operations.trace.last ?? ""
            for (index, name) in names.enumerated() {
                let content = folder.text(name)
                // The claim of a name on a file system without hard links is an empty file until it is renamed over.
                #expect(
                    content == nil || content == "content of \(name)" || (content == "" && !hasHardLinks),
                    "\(step)")
                guard let errors else { continue }
                if errors[index] == nil { #expect(content == "content of \(name)", "\(step)") }
                if errors[index] != nil, fault == .failure || fault == .full {
                    #expect(content == nil, "taken back after \(step)")
                }
            }
            if !operations.hasStruck {
                #expect(errors == [nil, nil, nil])
                break
            }
            position += 1
        }
        #expect(position > 12)
    }
}
