import AuditTrail
import DurableFiles
import FileFaults
import Foundation
import TestSupport
import Testing

/// A journal that is added to while its files are not read as they are.
struct MisreadTests {
    private static let bytes = Task {
        let folder = try ScratchFolder(inMemory: true)
        var journal = try folder.journal()
        try journal.add(ingest(0), read(1), ingest(2), read(3))
        return (first: folder.bytes("journal/000000.jsonl"), second: folder.bytes("journal/000001.jsonl"))
    }

    /// Adds a line, beginning at a position, while reads of some segments fail in a way of the caller's.
    private func add(
        from position: JournalPosition, _ operations: FaultyFileOperations, _ folder: ScratchFolder
    ) {
        do {
            var journal = try folder.journal(from: position, operations: operations)
            try journal.add(read(9))
        } catch {}
    }

    @Test(arguments: [FaultyFileOperations.Fault.missing, .shortRead], [false, true])
    func `loses no byte by one misread`(fault: FaultyFileOperations.Fault, isKnown: Bool) async throws {
        let (first, second) = try await Self.bytes.value
        var position = 1
        while true {
            let folder = try ScratchFolder(inMemory: true)
            try folder.write(first, to: "journal/000000.jsonl")
            try folder.write(second, to: "journal/000001.jsonl")
            var known = JournalPosition.start
            if isKnown { for line in try folder.lines().lines { known.advance(over: line) } }
            let operations = FaultyFileOperations(fault, at: position)
            add(from: known, operations, folder)
            #expect(folder.bytes("journal/000000.jsonl") == first, "\(operations.trace)")
            #expect(folder.bytes("journal/000001.jsonl").starts(with: second), "\(operations.trace)")
            // The next one finds nothing amiss.
            var journal = try folder.journal()
            try journal.add(read(10))
            #expect(try folder.lines().lines.count >= 5)
            if !operations.hasStruck { break }
            position += 1
        }
        #expect(position > 20)
    }

    @Test func `loses no byte where reads give nothing any more`() async throws {
        let (first, second) = try await Self.bytes.value
        let folder = try ScratchFolder(inMemory: true)
        try folder.write(first, to: "journal/000000.jsonl")
        try folder.write(second, to: "journal/000001.jsonl")
        add(from: .start, FaultyFileOperations(largestRead: 0), folder)
        #expect(folder.journalBytes == first + second)
    }

    @Test func `says so where lines are there that were not read`() async throws {
        let (first, second) = try await Self.bytes.value
        let folder = try ScratchFolder(inMemory: true)
        try folder.write(first, to: "journal/000000.jsonl")
        // The segment is not to be seen before it is opened for writing.
        let operations = FaultyFileOperations(before: { step, _ in
            if step == "open 000001.jsonl" { _ = try? folder.write(second, to: "journal/000001.jsonl") }
        })
        var journal = try folder.journal(operations: operations)
        let expected = JournalError.unread(path: folder("journal/000001.jsonl"))
        #expect(throws: expected) { try journal.add(read(9)) }
        #expect(folder.bytes("journal/000001.jsonl") == second)
        #expect(expected.description.contains("; "))
    }

    @Test func `takes a journal anew from a copy only as it is`() async throws {
        let (first, second) = try await Self.bytes.value
        for fault in [FaultyFileOperations.Fault.missing, .shortRead] {
            var position = 1
            while true {
                let folder = try ScratchFolder(inMemory: true)
                for place in ["journal", "copy"] {
                    try folder.write(first, to: "\(place)/000000.jsonl")
                    try folder.write(second, to: "\(place)/000001.jsonl")
                }
                let operations = FaultyFileOperations(fault, at: position)
                _ = try? JournalRestoration(
                    of: folder.journalPath, from: folder("copy"), trusting: Keys.trusted, segmentLength: 3,
                    operations: operations
                ).publish()
                #expect(folder.journalBytes == first + second + first + second, "\(operations.trace)")
                if !operations.hasStruck { break }
                position += 1
            }
        }
    }
}
