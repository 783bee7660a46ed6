import Digests
import DurableFiles
import FileFaults
import Foundation
import RecordingArchive
import ScratchArchives
import TestSupport
import Testing
import Transcoding

@testable import Exporting

@Suite struct ArchiveBagTests {
    private let scratch: ScratchFolder

    init() throws {
        scratch = try ScratchFolder(inMemory: true)
    }

    private func open() async throws -> RecordingArchive {
        try await RecordingArchive.begun(at: scratch("archive"), key: scratch("log.key"))
    }

    private func export(
        _ archive: RecordingArchive, to output: String = "bag", context: ArchiveContext = ArchiveContext(),
        withOriginals: Bool = false, problems: inout [ExportProblem],
        before: (Int) async throws -> Void = { _ in }, note: ([String]) async throws -> Void = { _ in }
    ) async throws -> ArchiveBag.Summary {
        let bag = ArchiveBag(archive, context: context, agent: "test", includesOriginals: withOriginals)
        var found: [ExportProblem] = []
        defer { problems = found }
        let items = try await ExportedItem.matching(RecordingFilter(), in: archive)
        try await before(items.count)
        return try await bag.write(
            items, to: scratch(output), note: note,
            observer: .init(report: { found.append($0) }, advance: { _ in }, finish: { _ in }))
    }

    @Test func `tells of what was erased since it was listed, and leaves it out`() async throws {
        let archive = try await open()
        let first = try await archive.addSample("1")
        let second = try await archive.addSample("2")
        var problems: [ExportProblem] = []
        let summary = try await export(archive, problems: &problems) { _ in
            try await archive.erase([first.id], ground: "a request")
        }
        #expect(problems == [.erased(id: first.id)])
        #expect(summary.recordings == 1 && summary.isIncomplete)
        #expect(!scratch.files().contains { $0.hasPrefix("bag/") && $0.contains(first.id) })
        #expect(scratch.files().contains("bag/data/proofs/\(second.id).tlog-proof"))
    }

    @Test func `gives the bag up when one of its recordings is erased before it is complete`() async throws {
        let archive = try await open()
        let recording = try await archive.addSample("1")
        try await archive.addSample("2")
        let eraser = Eraser(archive, recording.id)
        var problems: [ExportProblem] = []
        await #expect(throws: ExportError.erasedMeanwhile(id: recording.id)) {
            let bag = ArchiveBag(
                archive, context: ArchiveContext(), agent: "test", includesOriginals: false)
            let items = try await ExportedItem.matching(RecordingFilter(), in: archive)
            _ = try await bag.write(
                items, to: scratch("bag"), note: { _ in Issue.record("noted") },
                observer: .init(
                    report: { problems.append($0) }, advance: { _ in },
                    finish: { if $0.id == items.last?.id { eraser.erase() } }))
        }
        #expect(!scratch.files().contains { $0.hasPrefix("bag") || $0.hasPrefix(".voxkeep") })
    }

    @Test func `leaves a file out that is not the one that was stored, and says so`() async throws {
        let archive = try await open()
        let damaged = try await archive.addSample("1")
        try await archive.addSample("2")
        try await archive.flush()
        // As long as it was, so that nothing but its bytes tells.
        try FileManager.default.removeItem(atPath: scratch("archive/" + damaged.path))
        try scratch.write("3".utf8, to: "archive/" + damaged.path)
        var problems: [ExportProblem] = []
        let summary = try await export(archive, problems: &problems)
        #expect(problems == [.damaged(id: damaged.id, path: scratch("archive/" + damaged.path))])
        #expect(summary.recordings == 1 && summary.isIncomplete)
        #expect(!scratch.files().contains("bag/data/" + damaged.path))
        #expect(scratch.text("bag/data/metadata.csv")?.contains(damaged.id) == false)
    }

    /// What a catalog says that is not what the log was told.
    private static let contradictions: [@Sendable (inout RecordingFacts) -> Void] = [
        { $0.source.sha256 = SHA256Hasher.digest(of: [1]) },
        { $0.stored.sha256 = SHA256Hasher.digest(of: [1]) },
    ]

    @Test(arguments: contradictions.indices)
    func `leaves a recording out of which the log says something else`(index: Int) async throws {
        let archive = try await open()
        let recording = try await archive.addSample("1")
        try await archive.flush()
        var facts = recording.facts
        Self.contradictions[index](&facts)
        let altered = Recording(
            id: recording.id, sequence: recording.sequence, ordinal: recording.ordinal,
            state: recording.state, path: recording.path, messageKey: recording.messageKey,
            ingestEntry: recording.ingestEntry, retention: recording.retention, facts: facts)
        var problems: [ExportProblem] = []
        let copier = RecordingCopier(
            archive: archive, operations: FileSystem.posix, log: try archive.logReader(),
            includesOriginals: false, report: { problems.append($0) }, advance: { _ in })
        var bag = try BagWriter(at: scratch("bag"), operations: FileSystem.posix)
        #expect(try copier.copy(altered, into: &bag) == nil)
        #expect(problems == [.contradicted(id: recording.id, entry: recording.ingestEntry)])
        #expect(try copier.copy(recording, into: &bag) != nil)
        #expect(problems.count == 1)
    }

    @Test(arguments: [true, false])
    func `exports an original only where it is the one that came`(isOther: Bool) async throws {
        let source = SampleWave.bytes()
        var group = ConversionGroup()
        FileConverter(transcoder: Transcoder(options: TranscodingOptions()), isReplacing: false).convert(
            try scratch.write(source, to: "1.wav"), to: scratch("1.flac"), name: "1.wav", in: &group)
        try #require(group.publish().first?.outcome == .converted)
        let stored = scratch.bytes("1.flac")
        // What was told of the source when it came.
        let told = isOther ? SampleWave.bytes(1) : source
        var facts = RecordingFacts.sample("1", stored: "")
        facts.source.sha256 = SHA256Hasher.digest(of: told)
        facts.stored.size = Int64(stored.count)
        facts.stored.sha256 = SHA256Hasher.digest(of: stored)
        let archive = try await open()
        let file = try archive.makePendingFile()
        try file.write(stored)
        let recording = try await archive.add(facts, file: file)
        try await archive.flush()
        var problems: [ExportProblem] = []
        let summary = try await export(archive, withOriginals: true, problems: &problems)
        let originals = scratch.files().filter { $0.hasPrefix("bag/data/originals/") }
        #expect(summary.recordings == 1 && summary.isIncomplete == isOther)
        guard isOther else {
            #expect(problems.isEmpty && originals.map(scratch.bytes) == [source])
            return
        }
        #expect(originals.isEmpty)
        guard case .original(let id, let reason) = problems.first else {
            Issue.record("\(problems)")
            return
        }
        #expect(problems.count == 1 && id == recording.id)
        #expect(reason.contains(facts.source.sha256.hexadecimal), "\(reason)")
    }

    @Test func `has the lines of holds that do not name what they have taken in`() async throws {
        let archive = try await open()
        _ = try await archive.placeHold(
            case: "2026/17", on: .matching(RecordingFilter()), future: true, reason: "a suit")
        _ = try await archive.placeHold(
            case: "2026/18", on: .matching(RecordingFilter(caller: "2")), future: true, reason: "another")
        try await archive.addSample("1")
        var problems: [ExportProblem] = []
        _ = try await export(archive, problems: &problems)
        let audit = scratch.text("bag/data/audit.jsonl") ?? ""
        #expect(audit.contains(#""case":"2026/17""#))
        #expect(!audit.contains(#""case":"2026/18""#))
    }

    @Test func `orders by ingest, and writes the same bytes again`() async throws {
        let archive = try await open()
        for caller in ["9", "1", "5"] { try await archive.addSample(caller) }
        try await archive.flush()
        let context = ArchiveContext(now: { Date(timeIntervalSince1970: 1_780_000_000) })
        var problems: [ExportProblem] = []
        for output in ["one", "two"] {
            _ = try await export(archive, to: output, context: context, problems: &problems)
        }
        #expect(problems.isEmpty)
        let difference = try await Tool("diff").run(["-r", scratch("one"), scratch("two")])
        #expect(difference.status == 0, "\(difference.text)")
        let rows = try #require(
            try JSONSerialization.jsonObject(
                with: Data(contentsOf: URL(filePath: scratch("one/data/metadata.json"))))
                as? [[String: Any]])
        #expect(rows.compactMap { $0["caller"] as? String } == ["9", "1", "5"])
        #expect(scratch.text("one/bag-info.txt")?.contains("Bagging-Date: 2026-05-28\n") == true)
    }

    @Test func `leaves nothing when the disk is full at any write`() async throws {
        let archive = try await open()
        try await archive.addSample("1")
        try await archive.flush()
        var position = 1
        var refused = 0
        while true {
            let operations = FaultyFileOperations(.full, at: position)
            var problems: [ExportProblem] = []
            do {
                _ = try await export(
                    archive, context: ArchiveContext(operations: operations), problems: &problems)
            } catch {
                refused += 1
                #expect(
                    !scratch.files().contains { $0.hasPrefix("bag") || $0.hasPrefix(".voxkeep") },
                    "step \(position)")
            }
            try? FileManager.default.removeItem(atPath: scratch("bag"))
            if !operations.hasStruck { break }
            position += 1
        }
        #expect(refused > 20)
    }
}

/// Erases a recording in the middle of something that does not wait.
private final class Eraser: Sendable {
    private let archive: RecordingArchive
    private let id: String

    init(_ archive: RecordingArchive, _ id: String) {
        self.archive = archive
        self.id = id
    }

    func erase() {
        let done = DispatchSemaphore(value: 0)
        Task.detached { [archive, id] in
            _ = try? await archive.erase([id], ground: "a request")
            done.signal()
        }
        done.wait()
    }
}
