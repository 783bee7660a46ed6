import DurableFiles
import FileFaults
import Foundation
import RecordingArchive
import TestSupport
import Testing

/// Lets every file operation of a change go wrong once, and then does what the next run would.
struct StepFaultTests {
    enum Step: String, Sendable, CaseIterable {
        case hold, release, extend, event, answer, erase, eraseQuarantined, expire, replicate, listing
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let step: Step
        let fault: FaultyFileOperations.Fault
        var testDescription: String { "\(step), \(fault)" }
    }

    private static let cases = Step.allCases.flatMap { step in
        FaultyFileOperations.Fault.allCases.map { Case(step: step, fault: $0) }
    }

    /// An archive that is ready for each step.
    private struct Start {
        let scratch: ScratchArchive
        let held: Recording
        let expired: Recording
        let contract: Recording
        let quarantined: Recording
        let hold: Hold

        static func make() async throws -> Start {
            let scratch = try ScratchArchive()
            var archive = try await scratch.open()
            let held = try await archive.addMessage(from: "1", retention: .tenYears)
            let policy = try #require(RetentionPolicy("1y"))
            let expired = try await archive.addMessage(from: "2", retention: policy)
            let contract = try await archive.addMessage(
                from: "3", retention: try #require(RetentionPolicy("event+100y")))
            let quarantined = try await archive.quarantineSample(.sample(source: "source", stored: "source"))
            let hold = try await archive.placeHold(
                case: "A", on: .ids([held.id]), future: false, reason: "why")
            _ = try await archive.expire(isDryRun: true)
            try await archive.close()
            archive = try await scratch.open(as: "carol")
            _ = try await archive.release(hold: hold.id, reason: "settled")
            try await archive.close()
            return Start(
                scratch: scratch, held: held, expired: expired, contract: contract, quarantined: quarantined,
                hold: hold)
        }

        /// Does a step unless it is done already.
        func take(_ step: Step, _ archive: RecordingArchive, replica: String) async throws {
            switch step {
            case .hold:
                guard try await archive.holds().count == 1 else { return }
                let filter = RecordingFilter(pbx: "office")
                _ = try await archive.placeHold(case: "B", on: .matching(filter), future: true, reason: "why")
            case .release:
                guard try await archive.holds().first?.isActive == true else { return }
                #expect(try await archive.release(hold: hold.id, reason: "agreed") == .released)
            case .extend:
                let policy = try #require(RetentionPolicy("20y"))
                #expect(
                    try await archive.extendRetention(of: .ids([held.id]), to: policy, reason: "why") == 1)
            case .event:
                let date = try #require(CalendarDate("2025-01-01"))
                #expect(try await archive.setEvent(of: .ids([contract.id]), to: date, reason: "why") == 1)
            case .answer:
                guard let recording = try await archive.recording(id: held.id), recording.answers.isEmpty,
                    let answer = HookAnswer(
                        Array(#"{"text":"hello"}"#.utf8), hook: "hook", at: ScratchArchive.start)
                else { return }
                #expect(try await archive.store([held.id: answer]) == [])
            case .erase, .eraseQuarantined:
                let id = step == .erase ? expired.id : quarantined.id
                guard try await archive.recording(id: id) != nil else { return }
                try await archive.erase([id], ground: "request")
            case .expire:
                _ = try await archive.expire(isDryRun: false)
            case .replicate:
                try await archive.addReplica(replica)
                _ = try await archive.replicate(to: replica)
            case .listing:
                try await archive.noteListing(of: "office", [.message(from: "1"), .message(from: "9")])
            }
        }
    }

    /// What must be the same however often a step was begun.
    private func outcome(_ scratch: ScratchArchive) throws -> String {
        let stable =
            "SELECT id, holds, retentionPolicy, retentionEvent, retainUntil, path, answers, answerWords FROM recording ORDER BY id; "
            + "SELECT caseID, future, releasedBy FROM hold ORDER BY line; SELECT id, kind, ground FROM tombstone; "
            + "SELECT messageKey, count, archived, caller FROM listed ORDER BY messageKey; SELECT COUNT(*) FROM replica"
        let files = scratch.folder.files().filter {
            ["archive/recordings/", "archive/quarantine/", "archive/listings", "replica/recordings/"]
                .contains(where: $0.hasPrefix)
        }
        let texts = files.map { file in
            let text = scratch.folder.text(file) ?? ""
            // Ids of holds are drawn at random.
            let holds = text.matches(of: /"case":"[A-Z]"/).map { String($0.output) }.sorted()
            return "\(file) \(holds) "
                + text.replacing(/"holds":\[[^\]]*\]/, with: "").replacing(/"firstListed.*/, with: "")
        }
        return try scratch.folder.sqlite(stable) + texts.joined(separator: "\n")
    }

    private static let start = Task { try await Start.make() }

    @Test(arguments: cases)
    func `ends in one and the same state, whatever went wrong`(item: Case) async throws {
        let start = try await Self.start.value
        let clean = try ScratchArchive(copying: start.scratch)
        var archive = try await clean.open()
        let opening = FaultyFileOperations()
        try await archive.close()
        archive = try await clean.open(operations: opening)
        try await archive.close()
        let stepping = FaultyFileOperations()
        archive = try await clean.open(operations: stepping)
        var position = opening.trace.count + 1
        let first = position
        try await start.take(item.step, archive, replica: clean.folder("replica"))
        try await archive.close()
        let expected = try outcome(clean)
        // All operations take minutes; the cases begin at different ones.
        let stride =
            FaultCoverage.isFull
            ? 1 : max(1, (stepping.trace.count - first) / (item.fault == .kill ? 6 : 2))
        position += item.testDescription.utf8.count % stride

        while true {
            let scratch = try ScratchArchive(copying: start.scratch)
            let operations = FaultyFileOperations(item.fault, at: position)
            do {
                let archive = try await scratch.open(operations: operations)
                try await start.take(item.step, archive, replica: scratch.folder("replica"))
                try await archive.close()
            } catch is ArchiveError {}
            let place = "\(position): \(operations.trace.last ?? "")"
            let left = try await scratch.findings().filter(\.kind.isDamage)
            #expect(left == [], "\(place)")
            do {
                let archive = try await scratch.open()
                try await archive.close()
            }
            #expect(
                try await scratch.findings().filter { $0.replica == nil || $0.kind.isDamage } == [],
                "\(place)")
            do {
                let archive = try await scratch.open()
                try await start.take(item.step, archive, replica: scratch.folder("replica"))
                try await archive.close()
            }
            #expect(try await scratch.findings() == [], "\(place)")
            #expect(try outcome(scratch) == expected, "\(place)")
            if !operations.hasStruck { break }
            position += stride
        }
        #expect(position - first > 20)
    }
}
