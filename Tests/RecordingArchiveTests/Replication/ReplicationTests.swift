import DurableFiles
import FileFaults
import Foundation
import RecordingArchive
import Synchronization
import TestSupport
import Testing

struct ReplicationTests {
    private let replica = "replica"

    /// An archive with two recordings, one source in quarantine, and a replica that has nothing yet.
    private func filled() async throws -> (ScratchArchive, [Recording]) {
        let scratch = try ScratchArchive()
        let archive = try await scratch.open()
        let recordings = [
            try await archive.addMessage(from: "1"), try await archive.addMessage(from: "2"),
            try await archive.quarantineSample(.sample(source: "source", stored: "source")),
        ]
        try await archive.addReplica(scratch.folder(replica))
        try await archive.close()
        return (scratch, recordings)
    }

    private func expectSame(
        _ scratch: ScratchArchive, in replica: String = "replica",
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        var tree = try scratch.tree()
        tree["catalog.sqlite"] = nil
        #expect(try scratch.tree(replica) == tree, sourceLocation: sourceLocation)
    }

    @Test func `has the same files, the same journal and the same log`() async throws {
        let (scratch, _) = try await filled()
        let archive = try await scratch.open()
        try await archive.noteListing(of: "office", [.message(from: "1"), .message(from: "9")])
        try await archive.flush()
        #expect(try await archive.replicas() == [scratch.folder(replica)])
        let summary = try await archive.replicate(to: scratch.folder(replica))
        #expect(summary.path == scratch.folder(replica))
        #expect(summary.copied == 3)
        #expect(summary.removed == 0)
        #expect(try summary.lines == scratch.journal().count)
        try expectSame(scratch)
        // There is nothing left to do.
        let again = try await archive.replicate(to: scratch.folder(replica))
        #expect(again.copied == 0)
        #expect(again.lines == summary.lines)
        try await archive.close()
        #expect(try await scratch.findings() == [])
    }

    @Test func `catches up with all that happened while its disk was away`() async throws {
        let (scratch, recordings) = try await filled()
        var archive = try await scratch.open()
        _ = try await archive.replicate(to: scratch.folder(replica))
        try FileManager.default.moveItem(atPath: scratch.folder(replica), toPath: scratch.folder("away"))
        await #expect(throws: ArchiveError.replicaMissing(path: scratch.folder(replica))) {
            try await archive.replicate(to: scratch.folder(replica))
        }
        // A mount point without its disk is an empty folder; no second replica is begun in it.
        try FileManager.default.createDirectory(
            atPath: scratch.folder(replica), withIntermediateDirectories: false)
        await #expect(throws: ArchiveError.replicaMissing(path: scratch.folder(replica))) {
            try await archive.replicate(to: scratch.folder(replica))
        }
        let added = try await archive.addMessage(from: "3")
        try await archive.erase([recordings[0].id, recordings[2].id], ground: "request")
        let hold = try await archive.placeHold(
            case: "A", on: .matching(RecordingFilter()), future: true, reason: "why")
        let short = try await archive.addMessage(from: "4")
        _ = try await archive.extendRetention(of: .ids([added.id]), to: .forever, reason: "why")
        _ = try await archive.release(hold: hold.id, reason: "settled")
        try await archive.close()
        archive = try await scratch.open(as: "bob")
        _ = try await archive.release(hold: hold.id, reason: "settled")
        try await archive.erase([short.id], ground: "request")
        try await archive.close()
        let findings = try await scratch.findings()
        #expect(findings.map(\.kind) == [.replicaUnreachable])
        #expect(findings.map(\.replica) == [scratch.folder(replica)])

        try FileManager.default.removeItem(atPath: scratch.folder(replica))
        try FileManager.default.moveItem(atPath: scratch.folder("away"), toPath: scratch.folder(replica))
        #expect(try await scratch.findings().map(\.kind).contains(.replicaBehind))
        #expect(try await scratch.findings().filter(\.kind.isDamage) == [])
        archive = try await scratch.open()
        let summary = try await archive.replicate(to: scratch.folder(replica))
        #expect(summary.copied == 1)
        #expect(summary.removed == 2)
        try expectSame(scratch)
        try await archive.close()
        #expect(try await scratch.findings() == [])
    }

    @Test func `frees of a hold what it has, once the hold is released`() async throws {
        let (scratch, recordings) = try await filled()
        var archive = try await scratch.open()
        let hold = try await archive.placeHold(
            case: "A", on: .ids([recordings[0].id, recordings[2].id]), future: false, reason: "why")
        _ = try await archive.replicate(to: scratch.folder(replica))
        _ = try await archive.release(hold: hold.id, reason: "settled")
        _ = try await archive.replicate(to: scratch.folder(replica))
        let held = try scratch.tree(replica)
        try await archive.close()
        archive = try await scratch.open(as: "bob")
        #expect(try await archive.release(hold: hold.id, reason: "settled") == .released)
        _ = try await archive.replicate(to: scratch.folder(replica))
        try expectSame(scratch)
        #expect(
            try scratch.tree(replica).count { held[$0.key] != $0.value && $0.key.hasSuffix(".json") } == 2)
        try await archive.close()
    }

    @Test func `is refused once its journal has more lines than the archive's`() async throws {
        let (scratch, recordings) = try await filled()
        let archive = try await scratch.open()
        _ = try await archive.replicate(to: scratch.folder(replica))
        let journal = "\(replica)/journal/000000.jsonl"
        let lines = scratch.folder.lines(journal)
        try await archive.noteRead(of: recordings[0].id, how: "listen")
        // A line without an entry, so that nothing signed is against it.
        let read = try #require(
            scratch.folder.lines("archive/journal/000000.jsonl").last { $0.contains(#""event":"read""#) })
        let number = #""n":\#(lines.count),"#
        try #require(read.contains(number))
        let more = (0..<9).map { read.replacing(number, with: #""n":\#(lines.count + $0),"#) }
        try scratch.folder.write(((lines + more).joined(separator: "\n") + "\n").utf8, to: journal)
        let before = try scratch.tree(replica)
        await #expect(throws: ArchiveError.replicaAhead(path: scratch.folder(replica))) {
            try await archive.replicate(to: scratch.folder(replica))
        }
        #expect(try scratch.tree(replica) == before)
    }

    @Test func `is an archive again once its catalog has been made`() async throws {
        let (scratch, recordings) = try await filled()
        let archive = try await scratch.open()
        _ = try await archive.placeHold(case: "A", on: .ids([recordings[1].id]), future: false, reason: "why")
        try await archive.noteListing(of: "office", [.message(from: "1"), .message(from: "9")])
        try await archive.erase([recordings[0].id], ground: "request")
        try await archive.flush()
        _ = try await archive.replicate(to: scratch.folder(replica))
        let all = try await archive.all()
        try await archive.close()
        let catalog = try scratch.catalog()

        // The archive's disk is gone for good; its key was elsewhere.
        try FileManager.default.removeItem(atPath: scratch.path)
        try FileManager.default.copyItem(atPath: scratch.folder(replica), toPath: scratch.path)
        await #expect(throws: ArchiveError.catalogMissing(path: scratch.path)) { try await scratch.open() }
        let summary = try RecordingArchive.rebuildCatalog(at: scratch.path, context: scratch.context())
        #expect(summary.recordings == 2)
        #expect(summary.lost == [])
        #expect(try scratch.catalog() == catalog)
        let restored = try await scratch.open()
        #expect(restored.id == archive.id)
        #expect(try await restored.all() == all)
        #expect(try await restored.status().oldestMissing?.caller == "9")
        await #expect(throws: ArchiveError.self) { try await restored.erase([recordings[1].id], ground: "g") }
        let added = try await restored.addMessage(from: "5")
        _ = try await restored.replicate(to: scratch.folder(replica))
        #expect(scratch.folder.text("replica/" + added.path) == "stored of 5")
        try await restored.close()
        #expect(try await scratch.findings() == [])
    }

    @Test func `takes no folder that is not its own`() async throws {
        let (scratch, _) = try await filled()
        let other = try ScratchArchive()
        let stranger = try await other.open()
        try await stranger.addReplica(scratch.folder("foreign"))
        try await stranger.close()
        try FileManager.default.createDirectory(
            atPath: scratch.folder("holiday"), withIntermediateDirectories: false)
        try Data().write(to: URL(filePath: scratch.folder("holiday/beach.jpg")))
        try FileManager.default.createSymbolicLink(
            atPath: scratch.folder("link"), withDestinationPath: scratch.path)
        let archive = try await scratch.open()
        let refusals: [(String, ArchiveError)] = [
            (scratch.folder("foreign"), .foreignReplica(path: scratch.folder("foreign"))),
            (other.path, .foreignReplica(path: other.path)),
            (scratch.folder("holiday"), .notAnArchive(path: scratch.folder("holiday"))),
        ]
        for (path, expected) in refusals {
            await #expect(throws: expected) { try await archive.addReplica(path) }
        }
        for path in [
            scratch.path, scratch.path + "/", scratch.folder("archive/copy"), scratch.folder.path, "/",
            scratch.folder("nowhere/../archive"), scratch.folder("holiday/../archive/./journal"),
            scratch.folder("replica/within"),
        ] {
            let refusal = await #expect(throws: ArchiveError.self, "\(path)") {
                try await archive.addReplica(path)
            }
            #expect(refusal?.description.contains("choose a folder on another disk") == true, "\(path)")
        }
        for name in ["link", "archive/../archive", "link/copy"] {
            await #expect(throws: ArchiveError.self, "\(name)") {
                try await archive.addReplica(scratch.folder(name))
            }
        }
        #expect(try await archive.replicas() == [scratch.folder(replica)])
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: scratch.folder("holiday")) == ["beach.jpg"])
        // The same again, however it is written, is no second one.
        try await archive.addReplica(scratch.folder(replica) + "/")
        #expect(try await archive.replicas() == [scratch.folder(replica)])
        // A copy of the archive with its catalog is an archive that may be written to.
        try await archive.close()
        try FileManager.default.copyItem(atPath: scratch.path, toPath: scratch.folder("twin"))
        let again = try await scratch.open()
        await #expect(throws: ArchiveError.replicaIsArchive(path: scratch.folder("twin"))) {
            try await again.addReplica(scratch.folder("twin"))
        }
        await #expect(throws: ArchiveError.self) { try await again.replicate(to: scratch.folder("nowhere")) }
    }

    @Test func `copies all but a file that is damaged, and that one once it is whole`() async throws {
        let (scratch, recordings) = try await filled()
        let file = scratch.folder("archive/" + recordings[1].path)
        let whole = try Data(contentsOf: URL(filePath: file))
        try FileManager.default.removeItem(atPath: file)
        try Data("stored of X".utf8).write(to: URL(filePath: file))
        let archive = try await scratch.open()
        let summary = try await archive.replicate(to: scratch.folder(replica))
        #expect(summary.uncopied == [.init(path: file, reason: .altered)])
        #expect(summary.copied == recordings.count - 1)
        #expect(scratch.folder.text("replica/" + recordings[1].path) == nil)
        #expect(try await archive.status().copies.map(\.recordingsBehind) == [1])
        // A run that finds the file no better still knows that the replica lacks it.
        #expect(try await archive.replicate(to: scratch.folder(replica)).uncopied == summary.uncopied)
        #expect(try await archive.status().copies.map(\.recordingsBehind) == [1])
        try FileManager.default.removeItem(atPath: file)
        try whole.write(to: URL(filePath: file))
        #expect(try await archive.replicate(to: scratch.folder(replica)).copied == 1)
        try expectSame(scratch)
        #expect(try await archive.status().copies.map(\.recordingsBehind) == [0])
    }

    /// The second path begins with the first and a space, and so would keys that are made of either and more.
    @Test(arguments: [["r", "r 2"], ["r 2", "r"], ["r x", "r x y"]])
    func `remembers of each replica alone what it lacks`(names: [String]) async throws {
        let (scratch, recordings) = try await filled()
        let file = scratch.folder("archive/" + recordings[1].path)
        let whole = try Data(contentsOf: URL(filePath: file))
        try FileManager.default.removeItem(atPath: file)
        try Data("stored of X".utf8).write(to: URL(filePath: file))
        let archive = try await scratch.open()
        for name in names {
            try await archive.addReplica(scratch.folder(name))
            _ = try await archive.replicate(to: scratch.folder(name))
        }
        func gaps() async throws -> [String: Int?] {
            let copies = try await archive.status().copies
            return Dictionary(uniqueKeysWithValues: copies.map { ($0.path, $0.recordingsBehind) })
        }
        for name in names { #expect(try await gaps()[scratch.folder(name)] == 1) }
        try FileManager.default.removeItem(atPath: file)
        try whole.write(to: URL(filePath: file))
        for (done, name) in names.enumerated() {
            let summary = try await archive.replicate(to: scratch.folder(name))
            #expect(summary.copied == 1)
            try expectSame(scratch, in: name)
            let left = try await gaps()
            for (number, name) in names.enumerated() {
                #expect(left[scratch.folder(name)] == (number > done ? 1 : 0))
            }
        }
    }

    @Test func `knows again what a replica lacks once the catalog was made anew`() async throws {
        let (scratch, recordings) = try await filled()
        let file = scratch.folder("archive/" + recordings[1].path)
        let whole = try Data(contentsOf: URL(filePath: file))
        try FileManager.default.removeItem(atPath: file)
        var archive = try await scratch.open()
        #expect(
            try await archive.replicate(to: scratch.folder(replica)).uncopied
                == [.init(path: file, reason: .missing)])
        try await archive.close()
        try whole.write(to: URL(filePath: file))
        let report = recordings[2].path.dropLast(3) + "json"
        try FileManager.default.removeItem(atPath: scratch.folder("\(replica)/\(report)"))
        // One that is there and shorter than it was stored is lacking, too.
        let short = "\(replica)/\(recordings[0].path)"
        try FileManager.default.removeItem(atPath: scratch.folder(short))
        try scratch.folder.write("stored of ".utf8, to: short)
        _ = try RecordingArchive.rebuildCatalog(at: scratch.path, context: scratch.context())
        archive = try await scratch.open()
        #expect(try await archive.replicate(to: scratch.folder(replica)).copied == 3)
        try expectSame(scratch)
        #expect(try await archive.replicate(to: scratch.folder(replica)).copied == 0)
    }

    @Test(arguments: [EIO, EACCES, ESTALE, ENOENT, EMFILE])
    func `tells a file that cannot be read for a moment as that, and copies it the next time`(code: Int32)
        async throws
    {
        let (scratch, recordings) = try await filled()
        let file = scratch.folder("archive/" + recordings[1].path)
        let isBroken = Mutex(true)
        let operations = FaultyFileOperations { operation, path in
            operation == .read && path == file && isBroken.withLock { $0 } ? code : nil
        }
        let archive = try await scratch.open(operations: operations)
        let error = FileError(operation: .read, path: file, code: code)
        if code == EMFILE {
            await #expect(throws: ArchiveError.file(error)) {
                try await archive.replicate(to: scratch.folder(replica))
            }
        } else {
            let summary = try await archive.replicate(to: scratch.folder(replica))
            #expect(summary.uncopied.map(\.path) == [file])
            #expect(summary.uncopied.map(\.reason) == [code == ENOENT ? .missing : .unreadable(error)])
            #expect(summary.copied == recordings.count - 1)
            #expect(try await archive.status().copies.map(\.recordingsBehind) == [1])
        }
        isBroken.withLock { $0 = false }
        #expect(try await archive.replicate(to: scratch.folder(replica)).uncopied == [])
        try expectSame(scratch)
    }

    @Test func `replaces a copy that cannot be read`() async throws {
        let (scratch, recordings) = try await filled()
        let copy = scratch.folder("\(replica)/\(recordings[1].path)")
        try scratch.folder.write(Array("stored of 2".utf8), to: "\(replica)/\(recordings[1].path)")
        let before = try FileSystem.posix.status(of: copy)
        let operations = FaultyFileOperations { operation, path in
            operation == .read && path == copy ? EIO : nil
        }
        let archive = try await scratch.open(operations: operations)
        #expect(try await archive.replicate(to: scratch.folder(replica)).copied == 3)
        #expect(try FileSystem.posix.status(of: copy)?.identity != before?.identity)
        try expectSame(scratch)
    }

    @Test func `believes no copy that reads back otherwise than it was written`() async throws {
        let (scratch, recordings) = try await filled()
        let isBroken = Mutex(true)
        let operations = FaultyFileOperations(before: { step, path in
            // The disk makes something else of it as it is synced.
            guard step.hasPrefix("synchronize "), path.hasPrefix(scratch.folder("\(replica)/incoming/")),
                isBroken.withLock({ $0 }), let bytes = FileManager.default.contents(atPath: path),
                bytes == Data("stored of 2".utf8), chmod(path, 0o600) == 0
            else { return }
            try? Data("stored of 3".utf8).write(to: URL(filePath: path))
        })
        let archive = try await scratch.open(operations: operations)
        let copy = "\(replica)/\(recordings[1].path)"
        await #expect(throws: ArchiveError.copyDiffers(path: scratch.folder(copy))) {
            try await archive.replicate(to: scratch.folder(replica))
        }
        #expect(scratch.folder.text(copy) == nil)
        isBroken.withLock { $0 = false }
        #expect(try await archive.replicate(to: scratch.folder(replica)).copied == 3)
        try expectSame(scratch)
    }

    @Test func `takes one folder by two paths for one replica`() async throws {
        let (scratch, _) = try await filled()
        try FileManager.default.createSymbolicLink(
            atPath: scratch.folder("other"), withDestinationPath: scratch.folder(replica))
        let archive = try await scratch.open()
        for name in ["other", "./replica", "archive/../replica", "other/../replica/."] {
            try await archive.addReplica(scratch.folder(name))
        }
        #expect(try await archive.replicas() == [scratch.folder(replica)])
    }

    @Test(arguments: ["", "recordings", "journal", "log"])
    func `is no copy once it leads back to the archive`(name: String) async throws {
        let (scratch, recordings) = try await filled()
        var archive = try await scratch.open()
        _ = try await archive.replicate(to: scratch.folder(replica))
        let place = name.isEmpty ? replica : "\(replica)/\(name)"
        try FileManager.default.removeItem(atPath: scratch.folder(place))
        try FileManager.default.createSymbolicLink(
            atPath: scratch.folder(place),
            withDestinationPath: name.isEmpty ? scratch.path : scratch.folder("archive/\(name)"))
        let before = try scratch.tree()
        let error = ArchiveError.replicaOverlaps(path: scratch.folder(replica), other: scratch.path)
        await #expect(throws: error) { try await archive.replicate(to: scratch.folder(replica)) }
        #expect(try await archive.status().copies.map(\.linesBehind) == [nil])
        #expect(try await archive.copies(of: recordings[0]).map(\.state) == [.unreachable])
        try await archive.close()
        #expect(try await scratch.findings().map(\.kind) == [.replicaUnreachable])
        archive = try await scratch.open()
        try await archive.close()
        #expect(try scratch.tree().keys == before.keys)
    }

    @Test func `is no second copy once it leads to the first`() async throws {
        let (scratch, _) = try await filled()
        let archive = try await scratch.open()
        let paths = [scratch.folder(replica), scratch.folder("second")]
        try await archive.addReplica(paths[1])
        for path in paths { _ = try await archive.replicate(to: path) }
        try FileManager.default.removeItem(atPath: paths[1])
        try FileManager.default.createSymbolicLink(atPath: paths[1], withDestinationPath: paths[0])
        await #expect(throws: ArchiveError.replicaOverlaps(path: paths[1], other: paths[0])) {
            try await archive.replicate(to: paths[1])
        }
        #expect(try await archive.replicate(to: paths[0]).copied == 0)
        #expect(try await archive.status().copies.map(\.linesBehind) == [0, nil])
        try await archive.close()
        #expect(try await scratch.findings().map(\.replica) == [paths[1]])
    }

    @Test func `replaces a file of other bytes that is in the way`() async throws {
        let (scratch, recordings) = try await filled()
        try scratch.folder.write(Array("something else".utf8), to: "replica/" + recordings[1].path)
        let archive = try await scratch.open()
        _ = try await archive.replicate(to: scratch.folder(replica))
        try expectSame(scratch)
    }

    @Test func `loses what was erased also where the catalog was made anew in between`() async throws {
        let (scratch, recordings) = try await filled()
        var archive = try await scratch.open()
        _ = try await archive.replicate(to: scratch.folder(replica))
        try await archive.erase([recordings[0].id, recordings[2].id], ground: "request")
        try await archive.close()
        _ = try RecordingArchive.rebuildCatalog(at: scratch.path, context: scratch.context())
        archive = try await scratch.open()
        let summary = try await archive.replicate(to: scratch.folder(replica))
        #expect(summary.removed == 2)
        try expectSame(scratch)
        try await archive.close()
        #expect(try await scratch.findings() == [])
    }

    @Test func `loses what was erased before it knew of the replica`() async throws {
        let (scratch, recordings) = try await filled()
        var archive = try await scratch.open()
        _ = try await archive.replicate(to: scratch.folder(replica))
        try await archive.close()
        try FileManager.default.moveItem(atPath: scratch.folder(replica), toPath: scratch.folder("moved"))
        archive = try await scratch.open()
        try await archive.erase([recordings[0].id], ground: "request")
        // The disk is mounted elsewhere from now on.
        try await archive.addReplica(scratch.folder("moved"))
        _ = try await archive.replicate(to: scratch.folder("moved"))
        #expect(scratch.folder.text("moved/" + recordings[0].path) == nil)
        #expect(scratch.folder.text("moved/" + recordings[1].path) == "stored of 2")
        try await archive.close()
    }
}
