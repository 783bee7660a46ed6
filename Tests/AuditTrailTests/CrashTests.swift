import AuditTrail
import FileFaults
import Foundation
import TestSupport
import Testing
import TransparencyLog

/// Every file operation of a run, failing in every way, with every run after it.
struct CrashTests {
    /// Two lines and a torn one; the next lines but one begin a new segment.
    private func makeJournal() throws -> (folder: ScratchFolder, position: JournalPosition) {
        let folder = try ScratchFolder(inMemory: true)
        var journal = try folder.journal()
        let position = journal.position
        try journal.add(read(1))
        let bytes = folder.journalBytes
        try folder.write(bytes + bytes.prefix(100), to: "journal/000000.jsonl")
        return (folder, position)
    }

    /// Opens the journal and adds to it until something fails; returns the lines that were acknowledged.
    private func run(
        _ folder: ScratchFolder, _ position: JournalPosition, _ operations: FaultyFileOperations
    ) -> [JournalLine] {
        var acknowledged: [JournalLine] = []
        do {
            var journal = try folder.journal(from: position, operations: operations)
            acknowledged += try journal.rest()
            do {
                acknowledged += try journal.add(ingest(2))
                acknowledged += try journal.add(read(3), ingest(4), read(5), ingest(6))
                acknowledged += try journal.addAccess()
            } catch {
                // Whatever it was, nothing is written upon it but a whole line.
                if let lines = try? journal.add(ingest(99)) { acknowledged += lines }
            }
        } catch {}
        return acknowledged
    }

    @Test(arguments: FaultyFileOperations.Fault.allCases)
    func `loses no acknowledged line, and shows no half or double one`(fault: FaultyFileOperations.Fault)
        throws
    {
        var position = 1
        while true {
            let (folder, known) = try makeJournal()
            let template = try folder.lines().lines
            let operations = FaultyFileOperations(fault, at: position, largestWrite: 150, largestRead: 900)
            let acknowledged = run(folder, known, operations)
            let step = "\(fault) at \(position): \(operations.trace.last ?? "")"

            // Whoever reads now finds whole lines.
            let before = try folder.lines().lines
            #expect(before.starts(with: template), "\(step)")
            #expect(before.dropFirst().starts(with: acknowledged), "\(step)")
            var journal = try folder.journal(from: known)
            let found = try journal.rest()
            #expect(found.starts(with: acknowledged), "\(step)")
            #expect(try folder.lines().tornBytes == 0, "\(step)")
            let records = found.compactMap(\.record)
            #expect(Set(records).count == records.count, "\(step)")
            // What is missing can be added, and the journal is then whole.
            for record in 2...6 where !records.contains(record) { try journal.add(ingest(record)) }
            try journal.addAccess()
            let lines = try folder.lines().lines
            #expect(Set(lines.compactMap(\.record)).isSuperset(of: 1...6), "\(step)")
            #expect(lines.map(\.number) == Array(lines.indices), "\(step)")
            if !operations.hasStruck {
                #expect(acknowledged.count == 7, "\(step)")
                break
            }
            position += 1
        }
        #expect(position > 40)
    }

    @Test func `takes a line back that could not be synced, and adds nothing more`() throws {
        let folder = try ScratchFolder(inMemory: true)
        var journal = try folder.journal()
        try journal.add(ingest(0))
        let whole = folder.journalBytes
        var position = 1
        var stopped = 0
        while true {
            let operations = FaultyFileOperations(.failureAfterwards, at: position, largestWrite: 100)
            if var second = try? folder.journal(operations: operations),
                (try? second.add(ingest(1))) == nil
            {
                #expect(folder.journalBytes == whole)
                if isThrown(JournalError.stopped(path: folder.journalPath), { try second.add(ingest(2)) }) {
                    stopped += 1
                    #expect(throws: JournalError.stopped(path: folder.journalPath)) { try second.addAccess() }
                    #expect(throws: JournalError.stopped(path: folder.journalPath)) { try second.refresh() }
                    #expect(folder.journalBytes == whole)
                } else {
                    // It failed before it wrote, so it goes on.
                    try folder.write(whole, to: "journal/000000.jsonl")
                }
            }
            if !operations.hasStruck { break }
            position += 1
        }
        #expect(stopped > 3)
    }

    private func isThrown(_ expected: JournalError, _ body: () throws -> [JournalLine]) -> Bool {
        do {
            _ = try body()
            return false
        } catch {
            return error as? JournalError == expected
        }
    }

    @Test func `syncs lines before they are acknowledged, and the name of each new segment`() throws {
        let folder = try ScratchFolder(inMemory: true)
        let operations = FaultyFileOperations()
        var journal = try folder.journal(operations: operations)
        let opening = operations.trace.count
        try journal.add(ingest(0), ingest(1), ingest(2), ingest(3))
        try journal.add(ingest(4))
        let steps = operations.trace.dropFirst(opening).filter {
            !["read", "examine", "list"].contains($0.prefix { $0 != " " }) && !$0.hasSuffix(" lock")
        }
        #expect(
            steps == [
                "open 000000.jsonl", "write 000000.jsonl", "synchronize 000000.jsonl",
                "open 000001.jsonl", "write 000001.jsonl", "synchronize 000001.jsonl", "synchronize journal",
                "open 000001.jsonl", "write 000001.jsonl", "synchronize 000001.jsonl",
            ])
    }
}
