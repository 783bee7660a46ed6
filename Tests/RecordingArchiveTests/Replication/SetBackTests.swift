import Digests
import DurableFiles
import FileFaults
import Foundation
import RecordingArchive
import Synchronization
import TestSupport
import Testing
import TransparencyLog

/// An archive that was restored from yesterday's backup, with its key and the record of what the key signed last, beside
/// replicas that know better.
struct SetBackTests {
    /// What the archive was when it was newest.
    private struct Newest {
        let scratch: ScratchArchive
        let kept: Recording
        let held: Recording
        let erased: Recording
        let added: Recording
        let catalog: String
        let files: [String: Data]
        let entries: UInt64
    }

    /// Makes an archive, backs it up, goes on with it, and puts the backup in its place; only the newer replicas have got
    /// what came after the backup.
    private func setBack(newer: [String] = ["replica"], lagging: [String] = []) async throws -> Newest {
        let scratch = try ScratchArchive()
        var archive = try await scratch.open()
        for name in newer + lagging { try await archive.addReplica(scratch.folder(name)) }
        let recordings = [
            try await archive.addMessage(from: "1", retention: .tenYears),
            try await archive.addMessage(from: "2"), try await archive.addMessage(from: "3"),
        ]
        try await archive.noteListing(of: "office", [.message(from: "1"), .message(from: "9")])
        for name in newer + lagging { _ = try await archive.replicate(to: scratch.folder(name)) }
        try await archive.close()
        for name in ["archive", "log.key", "log.key.checkpoint"] {
            try FileManager.default.copyItem(
                atPath: scratch.folder(name), toPath: scratch.folder("backup-" + name))
        }
        scratch.now += 86_400
        archive = try await scratch.open()
        let added = try await archive.addMessage(from: "4", day: 3)
        _ = try await archive.placeHold(
            case: "B", on: .ids([recordings[1].id]), future: false, reason: "letter")
        try await archive.erase([recordings[2].id], ground: "request")
        _ = try await archive.extendRetention(of: .ids([recordings[0].id]), to: .forever, reason: "law")
        try await archive.noteRead(of: added.id, how: "listen")
        for name in newer { _ = try await archive.replicate(to: scratch.folder(name)) }
        try await archive.close()
        let newest = Newest(
            scratch: scratch, kept: recordings[0], held: recordings[1], erased: recordings[2], added: added,
            catalog: try scratch.catalog(), files: try files(scratch),
            entries: UInt64(scratch.journalEntries().count))
        try FileManager.default.removeItem(atPath: scratch.path)
        for name in ["archive", "log.key", "log.key.checkpoint"] {
            try? FileManager.default.removeItem(atPath: scratch.folder(name))
            try FileManager.default.copyItem(
                atPath: scratch.folder("backup-" + name), toPath: scratch.folder(name))
        }
        return newest
    }

    /// The recordings of an archive or a replica with what lies beside them.
    private func files(_ scratch: ScratchArchive, in place: String = "archive") throws -> [String: Data] {
        var files: [String: Data] = [:]
        for name in scratch.folder.files() where name.hasPrefix(place + "/recordings/") {
            files[String(name.dropFirst(place.utf8.count))] = try Data(
                contentsOf: URL(filePath: scratch.folder(name)))
        }
        return files
    }

    /// All that must stay as it is where something is refused.
    private func state(_ scratch: ScratchArchive, _ names: [String] = ["archive", "replica"]) throws
        -> [String: String]
    {
        var state: [String: String] = ["key": scratch.folder.text("log.key.checkpoint") ?? ""]
        for name in names {
            for (path, digest) in try scratch.tree(name) where path != "catalog.sqlite" {
                state["\(name)/\(path)"] = digest.hexadecimal
            }
        }
        return state
    }

    private func verify(_ scratch: ScratchArchive) async throws -> [ArchiveFinding] {
        var plan = VerificationPlan()
        let archive = try await scratch.openForReading()
        plan.keysAtHand = archive.keysAtHand { _, _ in LogKey(path: scratch.folder("log.key")) }
        return try await scratch.findings(plan)
    }

    private func repair(_ scratch: ScratchArchive) async throws -> [ArchiveRepair] {
        let key = LogKey(path: scratch.folder("log.key"), mayBeMade: false)
        let results = Mutex<[ArchiveRepair]>([])
        try await RecordingArchive.repair(
            try await verify(scratch), at: scratch.path, key: { _, _ in key }, context: scratch.context()
        ) { result in
            results.withLock { $0.append(result) }
        }
        return results.withLock { $0 }
    }

    private func refusal(_ scratch: ScratchArchive) async throws -> ArchiveError? {
        let before = try state(scratch)
        let key = LogKey(path: scratch.folder("log.key"))
        let find: LogKey.Finder = { _, _ in key }
        do {
            let archive = try await RecordingArchive.open(
                at: scratch.path, access: .write, key: find, context: scratch.context())
            try await archive.close()
            return nil
        } catch {
            #expect(try state(scratch) == before)
            return error
        }
    }

    private func move(_ scratch: ScratchArchive, _ name: String, to other: String) throws {
        try FileManager.default.moveItem(atPath: scratch.folder(name), toPath: scratch.folder(other))
    }

    @Test func `signs and writes nothing beside a newer replica`() async throws {
        let newest = try await setBack()
        let scratch = newest.scratch
        let error = try await refusal(scratch)
        #expect(
            error
                == .olderThanReplica(
                    path: scratch.path, entries: UInt64(scratch.journalEntries().count),
                    replica: scratch.folder("replica"), known: newest.entries))
        #expect(error?.description.contains("run verify --repair") == true)
    }

    @Test func `is told by one finding, and brought forward by one repair`() async throws {
        let newest = try await setBack()
        let scratch = newest.scratch
        let findings = try await verify(scratch)
        #expect(findings.map(\.kind) == [.logRolledBack])
        #expect(findings.first?.replica == nil)
        #expect(findings.first?.message.contains("was set back") == true)
        #expect(findings.first?.message.contains(scratch.folder("replica")) == true)

        let results = try await repair(scratch)
        #expect(results.allSatisfy { $0.isDone }, "\(results.map(\.message))")
        #expect(try await verify(scratch) == [])
        #expect(try scratch.catalog() == newest.catalog)
        #expect(try files(scratch) == newest.files)
        #expect(try files(scratch, in: "replica") == newest.files)
        #expect(newest.files["/" + newest.added.path] != nil)
        #expect(newest.files["/" + newest.erased.path] == nil)
        let holds = try scratch.sidecar(of: newest.held)["holds"] as? [Any]
        #expect(holds?.count == 1)

        // It goes on from there: nothing is left for a replica to do, and the key signs what comes next.
        var archive = try await scratch.open()
        let copies = try await archive.status().copies
        #expect(copies.map(\.linesBehind) == [0] && copies.map(\.recordingsBehind) == [0])
        #expect(copies.map(\.erasuresBehind) == [0])
        #expect(try await archive.archivedSources(of: .message(from: "3")).count == 1)
        try await archive.addMessage(from: "5")
        #expect(try await archive.replicate(to: scratch.folder("replica")).copied == 1)
        try await archive.close()
        #expect(try scratch.journalAgreesWithLog())
        #expect(try await verify(scratch) == [])
        archive = try await scratch.open()
        await #expect(throws: ArchiveError.self) {
            try await archive.erase([newest.held.id], ground: "request")
        }
    }

    @Test func `keeps what another recording has put in the place of one that was erased since`() async throws
    {
        let scratch = try ScratchArchive()
        var archive = try await scratch.open()
        try await archive.addReplica(scratch.folder("replica"))
        let erased = try await archive.addMessage(from: "1")
        _ = try await archive.replicate(to: scratch.folder("replica"))
        try await archive.close()
        for name in ["archive", "log.key.checkpoint"] {
            try FileManager.default.copyItem(
                atPath: scratch.folder(name), toPath: scratch.folder("backup-" + name))
        }
        archive = try await scratch.open()
        try await archive.erase([erased.id], ground: "request")
        let again = try await archive.addMessage(from: "1")
        // The name is free again, so the files of both have it.
        try #require(again.path == erased.path && again.id != erased.id)
        _ = try await archive.replicate(to: scratch.folder("replica"))
        try await archive.close()
        let newest = try files(scratch)
        for name in ["archive", "log.key.checkpoint"] {
            try FileManager.default.removeItem(atPath: scratch.folder(name))
            try move(scratch, "backup-" + name, to: name)
        }
        #expect(try await repair(scratch).allSatisfy { $0.isDone })
        #expect(try await verify(scratch) == [])
        for place in ["archive", "replica"] { #expect(try files(scratch, in: place) == newest) }
    }

    @Test func `takes the newest of several replicas, and brings the others up to it`() async throws {
        let newest = try await setBack(newer: ["r2"], lagging: ["r1", "r3"])
        let scratch = newest.scratch
        guard case .olderThanReplica(_, _, scratch.folder("r2"), _) = try await refusal(scratch) else {
            Issue.record("the newer replica was not named")
            return
        }
        #expect(try await repair(scratch).allSatisfy { $0.isDone })
        #expect(try await verify(scratch) == [])
        for place in ["archive", "r1", "r2", "r3"] { #expect(try files(scratch, in: place) == newest.files) }
    }

    @Test func `contradicts no replica that comes back later, and neither of two histories is cut`()
        async throws
    {
        let newest = try await setBack()
        let scratch = newest.scratch
        try move(scratch, "replica", to: "away")
        // Nobody knows better now.
        var archive = try await scratch.open(as: "bob")
        try await archive.addMessage(from: "6")
        try move(scratch, "away", to: "replica")
        let replica = try scratch.tree("replica")
        let size = UInt64(scratch.journalEntries().count)
        let error = ArchiveError.forkedFromReplica(
            path: scratch.path, entries: size, replica: scratch.folder("replica"), known: newest.entries)
        try await archive.close()
        archive = try await RecordingArchive.open(at: scratch.path, access: .read)
        #expect(try await refusal(scratch) == error)

        let findings = try await verify(scratch)
        #expect(findings.map(\.kind) == [.logForked])
        #expect(findings.first?.replica == scratch.folder("replica"))
        let before = try state(scratch)
        let results = try await repair(scratch)
        #expect(!results.isEmpty && results.allSatisfy { !$0.isDone })
        #expect(results.first?.message.contains("keep both") == true)
        #expect(try state(scratch) == before)
        #expect(try scratch.tree("replica") == replica)
    }

    @Test func `is found when the disk of the replica comes back while the archive is open`() async throws {
        let newest = try await setBack()
        let scratch = newest.scratch
        try move(scratch, "replica", to: "away")
        let archive = try await scratch.open()
        try await archive.addMessage(from: "6")
        try await archive.flush()
        try move(scratch, "away", to: "replica")
        let replica = try scratch.tree("replica")
        await #expect(
            throws: ArchiveError.forkedFromReplica(
                path: scratch.path, entries: UInt64(scratch.journalEntries().count),
                replica: scratch.folder("replica"), known: newest.entries)
        ) {
            try await archive.replicate(to: scratch.folder("replica"))
        }
        #expect(try scratch.tree("replica") == replica)
    }

    /// Ways in which a replica has no signed state of the log.
    private static let unsigned: [(String, @Sendable (ScratchArchive) throws -> Void)] = [
        (
            "no checkpoint",
            { try FileManager.default.removeItem(atPath: $0.folder("replica/log/checkpoint")) }
        ),
        (
            "an older checkpoint",
            { try $0.folder.write($0.folder.bytes("archive/log/checkpoint"), to: "replica/log/checkpoint") }
        ),
        (
            "a checkpoint without a signature",
            {
                let text = $0.folder.text("replica/log/checkpoint") ?? ""
                try $0.folder.write(text.prefix { $0 != "\u{2014}" }.utf8, to: "replica/log/checkpoint")
            }
        ),
        (
            "a checkpoint of a foreign key",
            { scratch in
                let name = scratch.folder.lines("replica/log/checkpoint")[0]
                try SigningKey.create(at: scratch.folder("foreign.key"), name: name)
                var log = try LogWriter.open(
                    at: scratch.folder("foreign"), key: try SigningKey.open(at: scratch.folder("foreign.key"))
                )
                let checkpoint = try log.append((0..<99).compactMap { LogEntry([UInt8($0)]) })
                try scratch.folder.write(checkpoint.bytes, to: "replica/log/checkpoint")
            }
        ),
    ]

    @Test(arguments: unsigned.indices)
    func `is bound by nothing that its key has not signed, and cuts no line for all that`(index: Int)
        async throws
    {
        let newest = try await setBack()
        let scratch = newest.scratch
        try Self.unsigned[index].1(scratch)
        let archive = try await scratch.open()
        await #expect(throws: ArchiveError.replicaAhead(path: scratch.folder("replica"))) {
            try await archive.replicate(to: scratch.folder("replica"))
        }
        for number in 10...20 { try await archive.addMessage(from: "\(number)") }
        await #expect(throws: ArchiveError.replicaDiffers(path: scratch.folder("replica"))) {
            try await archive.replicate(to: scratch.folder("replica"))
        }
        try await archive.close()
        let before = try state(scratch, ["replica"]).filter { $0.key != "key" }
        let results = try await repair(scratch)
        #expect(results.contains { !$0.isDone && $0.message.contains("has lines that the journal") })
        #expect(try state(scratch, ["replica"]).filter { $0.key != "key" } == before)
    }

    @Test(arguments: [EIO, ESTALE, EMFILE])
    func `is not set free by one misread`(code: Int32) async throws {
        let newest = try await setBack()
        let scratch = newest.scratch
        let reads = Mutex(0)
        let checkpoint = scratch.folder("replica/log/checkpoint")
        let operations = FaultyFileOperations { operation, path in
            guard operation == .read, path == checkpoint else { return nil }
            return reads.withLock { count in
                count += 1
                return count == 1 ? code : nil
            }
        }
        await #expect(throws: ArchiveError.self) { try await scratch.open(operations: operations) }
        #expect(reads.withLock { $0 } > 1)
    }

    @Test func `is bound by a replica that only the journal tells of`() async throws {
        let scratch = try ScratchArchive()
        var archive = try await scratch.open()
        try await archive.addMessage(from: "1")
        try await archive.close()
        let catalog = scratch.folder.bytes("archive/catalog.sqlite")
        archive = try await scratch.open()
        try await archive.addReplica(scratch.folder("replica"))
        _ = try await archive.replicate(to: scratch.folder("replica"))
        try await archive.close()
        for name in ["archive", "log.key.checkpoint"] {
            try FileManager.default.copyItem(
                atPath: scratch.folder(name), toPath: scratch.folder("backup-" + name))
        }
        archive = try await scratch.open()
        try await archive.addMessage(from: "2")
        _ = try await archive.replicate(to: scratch.folder("replica"))
        try await archive.close()
        for name in ["archive", "log.key.checkpoint"] {
            try FileManager.default.removeItem(atPath: scratch.folder(name))
            try move(scratch, "backup-" + name, to: name)
        }
        try scratch.folder.write(catalog, to: "archive/catalog.sqlite")
        guard case .olderThanReplica = try await refusal(scratch) else {
            Issue.record("a replica of the journal was not asked")
            return
        }
    }

    @Test func `is bound by a replica that it learns of only now`() async throws {
        let scratch = try ScratchArchive()
        var archive = try await scratch.open()
        try await archive.addMessage(from: "1")
        try await archive.close()
        for name in ["archive", "log.key.checkpoint"] {
            try FileManager.default.copyItem(
                atPath: scratch.folder(name), toPath: scratch.folder("backup-" + name))
        }
        archive = try await scratch.open()
        try await archive.addReplica(scratch.folder("replica"))
        _ = try await archive.replicate(to: scratch.folder("replica"))
        try await archive.close()
        for name in ["archive", "log.key.checkpoint"] {
            try FileManager.default.removeItem(atPath: scratch.folder(name))
            try move(scratch, "backup-" + name, to: name)
        }
        archive = try await scratch.open()
        let before = try state(scratch)
        let error = await #expect(throws: ArchiveError.self) {
            try await archive.addReplica(scratch.folder("replica"))
        }
        guard case .olderThanReplica = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(try state(scratch) == before)
    }

    @Test func `loses nothing of what was noted while nobody knew`() async throws {
        let newest = try await setBack()
        let scratch = newest.scratch
        let reader = try await RecordingArchive.open(
            at: scratch.path, access: .read, context: scratch.context(as: "carol"))
        try await reader.noteRead(of: newest.kept.id, how: "restore")
        try await reader.noteExport(of: [newest.held.id], format: "bagit", filter: nil)
        try await reader.close()
        let at = scratch.now
        scratch.now += 3600
        #expect(try await repair(scratch).allSatisfy { $0.isDone })
        #expect(try await verify(scratch) == [])
        #expect(try files(scratch) == newest.files)
        let told = try scratch.journal().filter { $0["actor"] as? String == "carol" }
        #expect(told.map { $0["event"] as? String } == ["read", "export"])
        #expect(told.first?["record"] as? String == newest.kept.id)
        let millisecondsAdded = try #require(told.first?["at"] as? String)
        #expect(millisecondsAdded == at.formatted(.iso8601).dropLast() + ".000Z")
    }

    @Test func `is brought forward past a new key`() async throws {
        let scratch = try ScratchArchive()
        var archive = try await scratch.open()
        try await archive.addReplica(scratch.folder("replica"))
        try await archive.addMessage(from: "1")
        _ = try await archive.replicate(to: scratch.folder("replica"))
        try await archive.close()
        try FileManager.default.copyItem(atPath: scratch.path, toPath: scratch.folder("backup"))
        archive = try await scratch.open()
        _ = try await archive.rotateKey(
            to: { _, _ in LogKey(path: scratch.folder("second.key")) }, reason: "new machine")
        try await archive.addMessage(from: "2")
        _ = try await archive.replicate(to: scratch.folder("replica"))
        try await archive.close()
        // The new key is in the place of the old one from now on.
        for suffix in ["", ".checkpoint"] {
            try FileManager.default.removeItem(atPath: scratch.folder("log.key" + suffix))
            try move(scratch, "second.key" + suffix, to: "log.key" + suffix)
        }
        try FileManager.default.removeItem(atPath: scratch.path)
        try move(scratch, "backup", to: "archive")
        guard case .olderThanReplica = try await refusal(scratch) else {
            Issue.record("what the new key has signed does not bind")
            return
        }
        #expect(try await repair(scratch).allSatisfy { $0.isDone })
        #expect(try await verify(scratch) == [])
        archive = try await scratch.open()
        #expect(try archive.verifierKeys().count == 2)
        try await archive.addMessage(from: "3")
        try await archive.close()
    }
}
