import DurableFiles
import FileFaults
import Foundation
import RecordingArchive
import ScratchArchives
import TestSupport
import Testing

struct OpeningTests {
    private func failure(_ path: String, _ access: RecordingArchive.Access = .write) async -> ArchiveError? {
        let key = LogKey(path: (path.hasSuffix("/") ? String(path.dropLast()) : path) + ".key")
        do throws(ArchiveError) {
            _ = try await RecordingArchive.open(at: path, access: access, key: { _, _ in key })
            return nil
        } catch {
            return error
        }
    }

    @Test func `makes an archive with the time and the id that it is given`() async throws {
        let folder = try ScratchFolder()
        let key = LogKey(path: folder("log.key"))
        let archive = try await RecordingArchive.create(
            at: folder("archive"), key: { _, _ in key }, retention: .forever,
            context: ArchiveContext(
                now: { Date(timeIntervalSince1970: 0) }, randomBytes: { Array(repeating: 0xAB, count: $0) }))
        #expect(archive.path == folder("archive"))
        #expect(
            folder.text("archive/archive.json") == """
                {
                  "created" : "1970-01-01T00:00:00Z",
                  "format" : "voxkeep-archive",
                  "id" : "abababababababababababababababab",
                  "pseudonymKey" : "\(String(repeating: "ab", count: 32))",
                  "version" : 3
                }

                """)
        let names = try FileSystem.posix.names(inFolder: folder("archive"))
        #expect(
            Set(names).isSuperset(of: [
                "archive.json", "catalog.sqlite", "incoming", "journal", "lock", "quarantine", "recordings",
            ]))
        #expect(try archive.defaultRetention() == .forever)
        #expect(try FileSystem.posix.status(of: key.path)?.kind == .file)
    }

    private func failureOfMaking(_ path: String) async -> ArchiveError? {
        let key = LogKey(path: (path.hasSuffix("/") ? String(path.dropLast()) : path) + ".key")
        do throws(ArchiveError) {
            _ = try await RecordingArchive.create(
                at: path, key: { _, _ in key }, retention: .undecided)
            return nil
        } catch {
            return error
        }
    }

    @Test func `makes no archive by being opened`() async throws {
        let folder = try ScratchFolder()
        try Folder.makeDurably(folder("empty"))
        for path in [folder("empty"), folder("missing")] {
            for access in [RecordingArchive.Access.read, .write] {
                let error = try #require(await failure(path, access))
                #expect(error == .missing(path: path))
                #expect(
                    error.description
                        == "there is no archive at \(path). Is its disk mounted? `voxkeep init \(path)` makes one"
                )
            }
        }
        #expect(folder.files().isEmpty)
        #expect(try FileSystem.posix.names(inFolder: folder.path) == ["empty"])
    }

    @Test func `makes no archive where there is one, or a copy of one`() async throws {
        let folder = try ScratchFolder()
        let archive = try await RecordingArchive.begun(at: folder("archive"))
        try await archive.addReplica(folder("replica"))
        try await archive.close()
        let files = folder.files()
        #expect(await failureOfMaking(folder("archive")) == .exists(path: folder("archive")))
        #expect(await failureOfMaking(folder("replica")) == .exists(path: folder("replica")))
        #expect(folder.files() == files)
    }

    @Test func `opens an archive again with all that it holds`() async throws {
        let folder = try ScratchFolder()
        var added: [Recording] = []
        do {
            let archive = try await RecordingArchive.begun(at: folder("archive"))
            added.append(try await archive.addSample())
        }
        let archive = try await RecordingArchive.begun(at: folder("archive"))
        #expect(try await archive.all() == added)
        try await archive.close()
        #expect(await failure(folder("archive")) == nil)
    }

    @Test func `makes an archive in an empty folder, with folders above it`() async throws {
        let folder = try ScratchFolder()
        try Folder.makeDurably(folder("empty"))
        #expect(await failureOfMaking(folder("empty/")) == nil)
        #expect(await failureOfMaking(folder("one/two/three")) == nil)
    }

    @Test func `refuses folders that are no archives, and leaves them alone`() async throws {
        let folder = try ScratchFolder()
        try Folder.makeDurably(folder("other"))
        try Data().write(to: folder.url.appending(path: "other/holiday.jpg"))
        #expect(await failure(folder("other")) == .notAnArchive(path: folder("other")))
        #expect(
            await failure(folder("other/holiday.jpg")) == .notAnArchive(path: folder("other/holiday.jpg")))
        #expect(await failureOfMaking(folder("other")) == .notAnArchive(path: folder("other")))
        #expect(folder.files() == ["other/holiday.jpg"])
        #expect(await failure(folder("missing"), .read) == .missing(path: folder("missing")))
        #expect(try FileSystem.posix.status(of: folder("missing")) == nil)
    }

    @Test(arguments: [RecordingArchive.Access.read, .write])
    func `refuses the archive of a later version, and writes nothing into it`(
        access: RecordingArchive.Access
    ) async throws {
        let folder = try ScratchFolder()
        try Folder.makeDurably(folder("archive"))
        let json = #"{"format": "voxkeep-archive", "version": 4, "id": ["another", "shape"]}"#
        try Data(json.utf8).write(to: folder.url.appending(path: "archive/archive.json"))
        let error = try #require(await failure(folder("archive"), access))
        #expect(error == .newerFormat(path: folder("archive"), version: 4, supported: 3))
        #expect(error.description.contains("install a newer version"))
        #expect(folder.files() == ["archive/archive.json"])
    }

    @Test(arguments: ["", "{", "[]", #"{"format":"other","version":1}"#, #"{"format":"voxkeep-archive"}"#])
    func `refuses a description that it cannot read`(text: String) async throws {
        let folder = try ScratchFolder()
        try Folder.makeDurably(folder("archive"))
        try Data(text.utf8).write(to: folder.url.appending(path: "archive/archive.json"))
        #expect(await failure(folder("archive")) == .damagedDescription(path: folder("archive")))
    }

    @Test func `refuses a catalog with tables of a later version`() async throws {
        let folder = try ScratchFolder()
        #expect(await failureOfMaking(folder("archive")) == nil)
        _ = try folder.sqlite("INSERT INTO grdb_migrations VALUES ('of the future')")
        #expect(
            await failure(folder("archive"))
                == .newerFormat(path: folder("archive"), version: 4, supported: 3))
    }

    @Test func `never takes a lost catalog for an empty one`() async throws {
        let folder = try ScratchFolder()
        #expect(await failureOfMaking(folder("archive")) == nil)
        let catalog = folder("archive/catalog.sqlite")
        try FileManager.default.removeItem(atPath: catalog)
        #expect(await failure(folder("archive")) == .catalogMissing(path: folder("archive")))
        try Data().write(to: URL(filePath: catalog))
        #expect(
            await failure(folder("archive"))
                == .catalogDamaged(path: folder("archive"), reason: "it holds no tables"))
        try Data("this is no database at all, however long one looks at it".utf8).write(
            to: URL(filePath: catalog))
        guard case .catalogDamaged = await failure(folder("archive")) else {
            Issue.record("a text was taken for a catalog")
            return
        }
    }

    @Test func `refuses recordings whose description is lost`() async throws {
        let folder = try ScratchFolder()
        do {
            let archive = try await RecordingArchive.begun(at: folder("archive"))
            try await archive.addSample()
        }
        try FileManager.default.removeItem(atPath: folder("archive/archive.json"))
        #expect(await failure(folder("archive")) == .damagedDescription(path: folder("archive")))
    }

    @Test func `lets in one writer, and readers beside it`() async throws {
        let folder = try ScratchFolder()
        let writer = try await RecordingArchive.begun(at: folder("archive"))
        #expect(
            await failure(folder("archive"))
                == .inUse(path: folder("archive"), process: TemporaryName.currentProcess))
        let reader = try await RecordingArchive.open(at: folder("archive"), access: .read)
        let recording = try await writer.addSample()
        #expect(try await reader.all() == [recording])
        let refusal = await #expect(throws: ArchiveError.self) {
            let file = try PendingFile(inFolder: folder.path)
            _ = try await reader.add(.sample(), file: file)
        }
        #expect(refusal == .readOnly(path: folder("archive")))
    }

    @Test func `refuses a second writer while another process has the lock`() async throws {
        let folder = try ScratchFolder()
        #expect(await failureOfMaking(folder("archive")) == nil)
        let other = Process()
        let output = Pipe()
        let input = Pipe()
        other.executableURL = URL(filePath: "/usr/bin/env")
        let script = "exec 9>>\"$0\" && flock -n 9 && echo locked && exec cat"
        other.arguments = ["sh", "-c", script, folder("archive/lock")]
        other.standardOutput = output
        other.standardInput = input
        try other.run()
        #expect(output.fileHandleForReading.availableData == Data("locked\n".utf8))
        guard case .inUse = await failure(folder("archive")) else {
            Issue.record("a second writer was let in")
            return
        }
        kill(other.processIdentifier, SIGKILL)
        other.waitUntilExit()
        #expect(await failure(folder("archive")) == nil)
        try input.fileHandleForWriting.close()
    }

    @Test func `removes what killed runs left in incoming, and nothing else`() async throws {
        let folder = try ScratchFolder()
        #expect(await failureOfMaking(folder("archive")) == nil)
        for name in [".voxkeep-1-1.tmp", ".voxkeep-\(TemporaryName.currentProcess)-0.tmp", "note.txt"] {
            try Data().write(to: folder.url.appending(path: "archive/incoming/" + name))
        }
        #expect(await failure(folder("archive")) == nil)
        #expect(folder.content() == ["incoming/note.txt"])
    }

    @Test(arguments: FaultyFileOperations.Fault.allCases)
    func `is made by a second run, whatever went wrong in the first`(
        fault: FaultyFileOperations.Fault
    ) async throws {
        var position = 1
        while true {
            let scratch = try ScratchArchive()
            let operations = FaultyFileOperations(fault, at: position)
            do {
                try await scratch.open(operations: operations).close()
            } catch is ArchiveError {}
            let step: Comment = "\(operations.trace.prefix(position).suffix(3)), operation \(position)"
            let second = try await scratch.open()
            try await second.addSample()
            try await second.close()
            #expect(try await scratch.findings().isEmpty, step)
            #expect(try scratch.journalAgreesWithLog(), step)
            #expect(scratch.folder.audio().count == 1, step)
            if !operations.hasStruck { break }
            position += FaultCoverage.stride
        }
        #expect(position > 60)
    }

    @Test func `reads a catalog whose companion files a full disk keeps from being used`() async throws {
        let folder = try ScratchFolder(inMemory: true)
        let archive = try await RecordingArchive.begun(at: folder("archive"))
        let recording = try await archive.addSample()
        try await archive.close()
        // What an opening leaves that could not go on: an empty log, and no place for the index of it.
        try Data().write(to: URL(filePath: folder("archive/catalog.sqlite-wal")))
        try FileManager.default.createDirectory(
            atPath: folder("archive/catalog.sqlite-shm"), withIntermediateDirectories: false)
        let reader = try await RecordingArchive.open(at: folder("archive"), access: .read)
        #expect(try await reader.all() == [recording])
    }
}
