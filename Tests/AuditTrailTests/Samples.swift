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

/// Keys that sign journals.
enum Keys {
    /// The one that journals are begun with.
    static let owner = make(1)
    /// One that comes after it.
    static let next = make(2)
    /// That of somebody who has no business there.
    static let attacker = make(3)

    static let trusted = JournalTrust(keys: [owner.verifierKey])

    private static func make(_ seed: UInt8) -> LineSigner {
        do {
            let folder = try ScratchFolder(inMemory: true)
            try SigningKey.create(
                at: folder("key"), name: "archive.example/log1", seed: [UInt8](repeating: seed, count: 32))
            return try SigningKey.open(at: folder("key")).lineSigner
        } catch {
            fatalError("\(error)")
        }
    }
}

/// The event that names a key.
func key(_ new: LineSigner, insteadOf old: LineSigner? = nil) -> JournalEvent {
    JournalEvent(
        "key",
        entry: [
            "new": .string(new.verifierKey.text), "old": old.map { .string($0.verifierKey.text) } ?? .null,
        ])
}

extension ScratchFolder {
    var journalPath: String { self("journal") }

    /// A journal with three lines in each segment, which begins with the owner's key.
    func journal(
        from position: JournalPosition = .start, trusting trust: JournalTrust = Keys.trusted,
        segmentLength: Int = 3, operations: any FileOperations = FileSystem.posix
    ) throws(JournalError) -> Journal {
        var journal = try Journal(
            at: journalPath, from: position, trusting: trust, segmentLength: segmentLength,
            operations: operations)
        if position == .start, bytes("journal/000000.jsonl").isEmpty { try journal.add(key(Keys.owner)) }
        return journal
    }

    func reader(
        from position: JournalPosition = .start, trusting trust: JournalTrust = Keys.trusted,
        segmentLength: Int = 3
    ) throws -> JournalReader {
        try JournalReader(
            at: journalPath, from: position, trusting: trust, segmentLength: segmentLength)
    }

    /// All lines, and how many torn bytes follow.
    func lines(
        trusting trust: JournalTrust = Keys.trusted, segmentLength: Int = 3
    ) throws -> (lines: [JournalLine], tornBytes: Int) {
        var reader = try reader(trusting: trust, segmentLength: segmentLength)
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
        try append(events, at: moment, actor: "alice", signer: Keys.owner)
    }

    /// Adds events as a process without the key.
    @discardableResult
    mutating func addUnsigned(_ events: JournalEvent...) throws(JournalError) -> [JournalLine] {
        try append(events, at: moment, actor: "bob", signer: nil)
    }

    @discardableResult
    mutating func addAccess() throws(JournalError) -> [JournalLine] {
        try appendAccessDigest(at: moment, actor: "alice", signer: Keys.owner)
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
