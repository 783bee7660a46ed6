import AuditTrail
import DurableFiles
import Foundation
import TestSupport
import TransparencyLog

/// 2026-11-25T07:10:00.123Z.
let moment = Date(timeIntervalSince1970: 1_795_590_600.123)

/// An event with an entry, told by its number.
func ingest(_ number: Int) -> JournalEvent {
    JournalEvent(
        "ingest",
        details: ["path": .string("recordings/\u{E9}/\(number).flac"), "record": .string("\(number)")],
        entry: ["record": .string("\(number)"), "size": .integer(Int64(number) * 1000)])
}

/// An event without an entry, told by its number.
func read(_ number: Int) -> JournalEvent {
    JournalEvent("read", details: ["how": "restore", "record": .string("\(number)")])
}

extension ScratchFolder {
    var journalPath: String { self("journal") }

    /// A journal with three lines in each segment.
    func journal(
        from position: JournalPosition = .start, segmentLength: Int = 3,
        operations: any FileOperations = FileSystem.posix
    ) throws(JournalError) -> Journal {
        try Journal(at: journalPath, from: position, segmentLength: segmentLength, operations: operations)
    }

    func reader(from position: JournalPosition = .start, segmentLength: Int = 3) throws -> JournalReader {
        try JournalReader(at: journalPath, from: position, segmentLength: segmentLength)
    }

    /// All lines, and how many torn bytes follow.
    func lines(segmentLength: Int = 3) throws -> (lines: [JournalLine], tornBytes: Int) {
        var reader = try reader(segmentLength: segmentLength)
        var lines: [JournalLine] = []
        while let line = try reader.next() { lines.append(line) }
        return (lines, reader.tornBytes)
    }

    /// The bytes of all segments, one after the other.
    var journalBytes: [UInt8] {
        files().filter { $0.hasSuffix(".jsonl") }.flatMap { Array(text($0)?.utf8 ?? "".utf8) }
    }
}

extension Journal {
    /// Adds events of one actor at one moment.
    @discardableResult
    mutating func add(_ events: JournalEvent...) throws(JournalError) -> [JournalLine] {
        try append(events, at: moment, actor: "alice")
    }

    @discardableResult
    mutating func addAccess() throws(JournalError) -> [JournalLine] {
        try appendAccessDigest(at: moment, actor: "alice")
    }

    /// The lines that it has not told of.
    mutating func rest() throws(JournalError) -> [JournalLine] {
        var lines: [JournalLine] = []
        while let line = try next() { lines.append(line) }
        return lines
    }
}

extension JournalLine {
    /// The number that its event was told by.
    var record: Int? { details["record"]?.stringValue.flatMap { Int($0) } }
}
