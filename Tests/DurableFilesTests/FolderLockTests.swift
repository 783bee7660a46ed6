import DurableFiles
import FileFaults
import Foundation
import TestSupport
import Testing

struct FolderLockTests {
    private func lock(_ path: String) -> FolderLock.Failure? {
        do {
            _ = try FolderLock(path: path)
            return nil
        } catch {
            return error
        }
    }

    @Test func `is refused to a second holder, with the number of the first`() throws {
        let folder = try ScratchFolder()
        do {
            let held = try FolderLock(path: folder("lock"))
            #expect(lock(folder("lock")) == .held(process: TemporaryName.currentProcess))
            withExtendedLifetime(held) {}
        }
        #expect(lock(folder("lock")) == nil)
        #expect(folder.text("lock") == "\(TemporaryName.currentProcess)\n")
    }

    @Test func `respects another process, and is free when that one is killed`() throws {
        let folder = try ScratchFolder()
        let other = Process()
        let output = Pipe()
        let input = Pipe()
        other.executableURL = URL(filePath: "/usr/bin/env")
        // One process in the end, `cat`, with the locked file as its descriptor 9.
        let script = "exec 9>>\"$0\" && flock -n 9 && echo locked && exec cat"
        other.arguments = ["sh", "-c", script, folder("lock")]
        other.standardOutput = output
        other.standardInput = input
        try other.run()
        #expect(output.fileHandleForReading.availableData == Data("locked\n".utf8))
        #expect(lock(folder("lock")) == .held(process: nil))
        kill(other.processIdentifier, SIGKILL)
        other.waitUntilExit()
        #expect(lock(folder("lock")) == nil)
        try input.fileHandleForWriting.close()
    }

    @Test func `lets nobody else open its file, who could lock it as well`() throws {
        let folder = try ScratchFolder()
        func mode() throws -> Int? {
            try FileManager.default.attributesOfItem(atPath: folder("lock"))[.posixPermissions] as? Int
        }
        #expect(lock(folder("lock")) == nil)
        #expect(try mode() == 0o600)
        try #require(chmod(folder("lock"), 0o644) == 0)
        #expect(lock(folder("lock")) == nil)
        #expect(try mode() == 0o600)
    }

    @Test(arguments: ["symbolic", "hard", "another user's"])
    func `writes into no file that was put in its place`(planted: String) throws {
        let folder = try ScratchFolder()
        try folder.write("mine".utf8, to: "precious")
        switch planted {
        case "symbolic": try #require(symlink(folder("precious"), folder("lock")) == 0)
        case "hard": try #require(link(folder("precious"), folder("lock")) == 0)
        default:
            guard geteuid() == 0 else { return }
            try folder.write("mine".utf8, to: "lock")
            try #require(chown(folder("lock"), 65534, 65534) == 0)
        }
        guard case .file(let error) = lock(folder("lock")) else {
            Issue.record("the lock was taken")
            return
        }
        #expect(error.kind == (planted == "symbolic" ? .isALink : .notOwn))
        #expect(error.path == folder("lock"))
        #expect(folder.text("precious") == "mine")
        #expect(folder.text("lock") == "mine")
        #expect(error.description.contains("; "))
    }

    @Test func `may be that of the folder's owner, as where the superuser works in another's archive`() throws
    {
        guard geteuid() == 0 else { return }
        let folder = try ScratchFolder()
        try folder.write([], to: "lock")
        for path in ["lock", ""] { try #require(chown(folder(path), 65534, 65534) == 0) }
        #expect(lock(folder("lock")) == nil)
    }

    @Test func `reports a folder that is not there`() throws {
        let folder = try ScratchFolder()
        guard case .file(let error) = lock(folder("missing/lock")) else {
            Issue.record("the lock was taken")
            return
        }
        #expect(error.kind == .missing)
    }

    @Test func `tells who has it and what they noted, and nothing once it is free`() throws {
        let folder = try ScratchFolder()
        let path = folder("lock")
        #expect(try FolderLock.holder(of: path) == nil)
        let operations = FileSystem.posix
        do {
            let lock = try FolderLock(path: path, process: 4711)
            #expect(try FolderLock.holder(of: path) == .init(process: 4711, note: ""))
            try lock.note("two\nlines")
            #expect(try FolderLock.holder(of: path)?.note == "two\nlines")
            try lock.note("")
            #expect(try FolderLock.holder(of: path) == .init(process: 4711, note: ""))
            try lock.note("left behind")
            #expect(try operations.isLocked(path))
            // Who only looks does not get in the way of whoever takes it next.
            #expect(throws: FolderLock.Failure.held(process: 4711)) { _ = try FolderLock(path: path) }
            withExtendedLifetime(lock) {}
        }
        // A program that another test starts at this moment shares the lock until it runs.
        for _ in 0..<500 where try operations.isLocked(path) { usleep(10_000) }
        #expect(try !operations.isLocked(path))
        #expect(try FolderLock.holder(of: path) == nil)
        _ = try FolderLock(path: path)
        try #require(mkfifo(folder("pipe"), 0o600) == 0)
        #expect(throws: FileError.self) { try FolderLock.holder(of: folder("pipe")) }
    }
}
