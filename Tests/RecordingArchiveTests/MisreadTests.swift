import DurableFiles
import FileFaults
import Foundation
import RecordingArchive
import TestSupport
import Testing

/// Lets each operation on a file find nothing once, though there is something, while an archive is worked with.
struct MisreadTests {
    enum Step: String, CaseIterable {
        case store, hold, answer, erase, read, replicate, rebuild
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let step: Step
        let fault: FaultyFileOperations.Fault
        var testDescription: String { "\(step), \(fault)" }
    }

    private static let cases = Step.allCases.flatMap { step in
        [FaultyFileOperations.Fault.missing, .shortRead].map { Case(step: step, fault: $0) }
    }

    /// An archive with two recordings, an answer and a hold.
    private static let template = Task { () throws -> (scratch: ScratchArchive, ids: [String]) in
        let scratch = try ScratchArchive()
        let archive = try await scratch.open()
        let kept = try await archive.addMessage(from: "1")
        let erased = try await archive.addMessage(from: "2")
        _ = try await archive.placeHold(case: "A", on: .ids([kept.id]), future: false, reason: "why")
        _ = try await archive.store([kept.id: try #require(Self.answer("hello"))])
        try await archive.close()
        return (scratch, [kept.id, erased.id])
    }

    private static func answer(_ text: String) -> HookAnswer? {
        HookAnswer(Array("{\"text\":\"\(text)\"}".utf8), hook: "hook", at: ScratchArchive.start)
    }

    /// A copy of the template, for one step; to be replicated, with a replica that lacks the newest lines.
    private static func prepare(_ step: Step) async throws -> (scratch: ScratchArchive, ids: [String]) {
        let (template, ids) = try await Self.template.value
        let scratch = try ScratchArchive(copying: template)
        guard step == .replicate else { return (scratch, ids) }
        let archive = try await scratch.open()
        try await archive.addReplica(scratch.folder("replica"))
        _ = try await archive.replicate(to: scratch.folder("replica"))
        try await archive.addMessage(from: "3")
        try await archive.erase([ids[1]], ground: "request")
        try await archive.close()
        return (scratch, ids)
    }

    private static func take(
        _ step: Step, _ scratch: ScratchArchive, _ ids: [String], _ operations: any FileOperations
    ) async throws {
        switch step {
        case .read:
            let archive = try await RecordingArchive.open(
                at: scratch.path, access: .read, context: scratch.context(operations: operations))
            try await archive.noteRead(of: ids[0], how: "restore")
            return try await archive.close()
        case .rebuild:
            _ = try RecordingArchive.rebuildCatalog(
                at: scratch.path, context: scratch.context(operations: operations))
            return
        default: break
        }
        let archive = try await scratch.open(operations: operations)
        switch step {
        case .store: try await archive.addMessage(from: "9")
        case .hold:
            _ = try await archive.placeHold(case: "B", on: .ids([ids[0]]), future: true, reason: "why")
        case .answer: _ = try await archive.store([ids[0]: try #require(answer("again"))])
        case .erase: try await archive.erase([ids[1]], ground: "request")
        default: _ = try await archive.replicate(to: scratch.folder("replica"))
        }
        try await archive.close()
    }

    @Test(arguments: cases)
    func `loses no byte of the journal, and nothing that a later run cannot complete`(item: Case) async throws
    {
        let journals = ["archive", "replica"].map { "\($0)/journal/000000.jsonl" }
        var position = 1 + FaultCoverage.offset(item.testDescription)
        while true {
            let (scratch, ids) = try await Self.prepare(item.step)
            let before = journals.map { scratch.folder.bytes($0) }
            let operations = FaultyFileOperations(item.fault, at: position)
            var isDone = false
            do {
                try await Self.take(item.step, scratch, ids, operations)
                isDone = true
            } catch is ArchiveError {
            } catch is FileError {}
            let place = Comment(rawValue: "\(position): \(operations.trace.prefix(position).suffix(2))")
            for (journal, bytes) in zip(journals, before) {
                #expect(scratch.folder.bytes(journal).starts(with: bytes), place)
            }
            // A folder that was found empty has cost the new catalog its rows, and nothing else.
            if item.step == .rebuild { try await Self.take(.rebuild, scratch, ids, FileSystem.posix) }
            do {
                let archive = try await scratch.open()
                for replica in try await archive.replicas() { _ = try await archive.replicate(to: replica) }
                try await archive.close()
            }
            #expect(try await scratch.findings() == [], place)
            let archive = try await scratch.openForReading()
            let kept = try #require(try await archive.recording(id: ids[0]), place)
            #expect(kept.holds >= 1 && kept.answers.count == 1, place)
            if isDone, item.step == .erase {
                let left = scratch.folder.text("archive/journal/000000.jsonl")
                #expect(left?.contains("\"event\":\"erase\"") == true, place)
                #expect(try await archive.recording(id: ids[1]) == nil, place)
            }
            if !operations.hasStruck { break }
            position += FaultCoverage.stride
        }
        #expect(position > 20)
    }
}
