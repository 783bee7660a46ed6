internal import Digests
public import DurableFiles
public import TransparencyLog

#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// A journal that is open for adding lines, by this process and others in turn.
///
/// A lock is held only while lines are added, so who reads a recording can leave a line of it while somebody else
/// archives. Each value remembers how far it has read, and reads only what others have added since. The torn-tail rule
/// of `AppendedFile` holds.
public struct Journal: Sendable {
    /// How many lines a segment has.
    public static let segmentLength = 10_000

    private let files: JournalFiles
    private var reader: JournalReader
    /// Lines of others that were read, and not handed out yet.
    private var unseen: [JournalLine] = []
    /// How far the disk is known to hold the journal: a segment, and an offset in it behind a line feed.
    private var durableEnd: (segment: Int, offset: Int64) = (0, 0)
    private var isStopped = false

    /// Opens a journal, and makes the folder where it is missing.
    ///
    /// What a crash left half written at the end is cut off, and what it left unsynced is synced. The lines behind the
    /// position are then there for `next()`.
    ///
    /// - Parameters:
    ///   - path: The folder of the journal, which has nothing else in it.
    ///   - position: How far the caller knows the journal.
    ///   - trust: What is known of the keys that sign.
    ///   - segmentLength: How many lines a segment has; other than the default only in tests.
    ///   - operations: The system calls.
    /// - Throws: `JournalError`; `changed` where the journal does not have that position.
    public init(
        at path: String, from position: JournalPosition = .start, trusting trust: JournalTrust,
        segmentLength: Int = Journal.segmentLength, operations: any FileOperations = FileSystem.posix
    ) throws(JournalError) {
        files = JournalFiles(root: path, segmentLength: segmentLength, operations: operations)
        try files.perform { () throws(FileError) in
            try Folder.makeDurably(path, below: Folder.parent(of: path), operations: operations)
        }
        reader = try JournalReader(files, from: position, trusting: trust)
        try refresh()
    }

    /// The file that has a line, as long as no line is missing.
    ///
    /// - Parameters:
    ///   - line: The line's number, from 0.
    ///   - path: The folder of the journal.
    /// - Returns: The path of the segment.
    public static func path(ofLine line: Int, in path: String) -> String {
        JournalFiles(root: path, segmentLength: segmentLength, operations: FileSystem.posix)
            .path(ofSegment: line / segmentLength)
    }

    /// The place behind all lines that this value has read or written.
    public var position: JournalPosition { reader.position }

    /// Makes the lines that others have added by now available to `next()`, and waits until the disk holds them.
    ///
    /// - Throws: `JournalError`.
    public mutating func refresh() throws(JournalError) {
        guard !isStopped else { throw .stopped(path: files.root) }
        let lock = try files.takeLock()
        var segment = reader.scanner.segment
        while try files.hasSegment(segment + 1) { segment += 1 }
        guard try files.hasSegment(segment) else { return }
        var file = try open(segment)
        let end = try files.perform { () throws(FileError) in
            let end = try file.cutUnfinishedLine(longestLine: JournalLine.largestSize)
            if end == nil { try file.append(Self.lineFeed) }
            try file.synchronize()
            try files.operations.synchronizeFolder(files.root)
            return end ?? file.size
        }
        durableEnd = (segment, end)
        _ = consume lock
    }

    /// What makes a line of what is longer at the end than any line of ours can be: a foreign one, which others can pass.
    private static let lineFeed = [UInt8(ascii: "\n")]

    /// The next line that this value has neither read nor written, of those that the disk is known to hold.
    ///
    /// - Returns: The line; nil when there is none.
    /// - Throws: `JournalError`.
    public mutating func next() throws(JournalError) -> JournalLine? {
        if !unseen.isEmpty { return unseen.removeFirst() }
        guard (reader.scanner.segment, reader.scanner.offset) < durableEnd else { return nil }
        return try reader.next()
    }

    /// Adds a line for each event, and returns when a power cut can take none of them.
    ///
    /// When this throws, the first few of the lines may have been added, and the next opening tells which.
    ///
    /// - Parameters:
    ///   - events: What happened, in order; none of them is `access`.
    ///   - date: When.
    ///   - actor: Who did it.
    ///   - signer: Signs the lines; nil for a process without the key, which may add events of `JournalEvent.unsigned` alone,
    ///     without an entry. It must be the key that signs by now, but for the event that names it as the new one.
    ///   - nonce: Sixteen random bytes for a line, which keep its details from being guessed.
    /// - Returns: The lines of others that `next()` has not returned, then those of the events.
    /// - Throws: `JournalError`. When a write has failed, this value adds nothing more.
    public mutating func append(
        _ events: [JournalEvent], at date: Date, actor: String, signer: LineSigner?,
        nonce: () -> UInt128 = { .random(in: 0 ... .max) }
    ) throws(JournalError) -> [JournalLine] {
        precondition(!events.contains { $0.name == AccessDigest.event }, "access lines are the journal's own")
        let lock = try begin()
        let lines = try write(events, at: date, actor: actor, signer, nonce: nonce)
        _ = consume lock
        return lines
    }

    /// Adds an access line, which commits to all lines before it, where some since the last one have no entry.
    ///
    /// - Parameters:
    ///   - date: When.
    ///   - actor: Who did it.
    ///   - signer: Signs the line.
    ///   - nonce: Sixteen random bytes for the line.
    /// - Returns: The lines of others that `next()` has not returned, then the access line where one was added.
    /// - Throws: `JournalError`, as for other lines.
    public mutating func appendAccessDigest(
        at date: Date, actor: String, signer: LineSigner, nonce: () -> UInt128 = { .random(in: 0 ... .max) }
    ) throws(JournalError) -> [JournalLine] {
        let lock = try begin()
        let events = position.unbound > 0 ? [AccessDigest.event(at: position)] : []
        let lines = try write(events, at: date, actor: actor, signer, nonce: nonce)
        _ = consume lock
        return lines
    }

    /// Adds lines of another journal, of which this one is a copy that has not come as far.
    ///
    /// - Parameter lines: The lines, the first of which is the one that comes next here.
    /// - Throws: `JournalError`, as for other lines.
    public mutating func append(copying lines: [JournalLine]) throws(JournalError) {
        let lock = try begin()
        for (next, line) in zip(position.lines..., lines) where line.number != next {
            throw .outOfOrder(path: files.root, line: line.number, next: next)
        }
        try write(lines)
        _ = consume lock
    }

    /// Takes the lock and reads what others have added.
    private mutating func begin() throws(JournalError) -> FolderLock {
        guard !isStopped else { throw .stopped(path: files.root) }
        let lock = try files.takeLock()
        while let line = try reader.next() { unseen.append(line) }
        if reader.tornBytes > JournalLine.largestSize {
            var file = try open(reader.scanner.segment)
            try files.perform { () throws(FileError) in
                try file.append(Self.lineFeed)
                try file.synchronize()
            }
            while let line = try reader.next() { unseen.append(line) }
        }
        return lock
    }

    private mutating func write(
        _ events: [JournalEvent], at date: Date, actor: String, _ signer: LineSigner?, nonce: () -> UInt128
    ) throws(JournalError) -> [JournalLine] {
        var lines: [JournalLine] = []
        let time = JournalTime(date)
        var position = position
        for event in events {
            let line = try JournalLine(
                event, number: position.lines, at: time, actor: actor, nonce: nonce(),
                before: position.boundChain, signer: signer)
            if let key = signer?.verifierKey {
                guard [position.signer, line.namedKey].contains(key) else {
                    throw .wrongSigner(path: files.root, key: key.text)
                }
            } else {
                guard line.mayBeUnsigned else { throw .needsKey(path: files.root, event: event.name) }
            }
            position.advance(over: line)
            lines.append(line)
        }
        try write(lines)
        defer { unseen = [] }
        return unseen + lines
    }

    private mutating func write(_ lines: [JournalLine]) throws(JournalError) {
        // A failed fsync may have dropped what is not on the disk, so nothing is built upon it.
        isStopped = true
        var rest = lines[...]
        while !rest.isEmpty {
            try reader.turnPage()
            let part = rest.prefix(reader.scanner.room)
            try append(part, toSegment: reader.scanner.segment, at: reader.scanner.offset)
            for line in part { reader.pass(line) }
            durableEnd = (reader.scanner.segment, reader.scanner.offset)
            rest = rest.dropFirst(part.count)
        }
        isStopped = false
    }

    private func append(
        _ lines: ArraySlice<JournalLine>, toSegment segment: Int, at offset: Int64
    ) throws(JournalError) {
        var file = try open(segment)
        // Nobody else adds now, so what ends elsewhere than what was read was not read as it is.
        let end = try files.perform { () throws(FileError) in
            try file.cutUnfinishedLine(longestLine: JournalLine.largestSize)
        }
        guard end == offset else {
            throw end.map { $0 < offset } == true
                ? .changed(path: files.root, known: position.lines)
                : .unread(path: files.path(ofSegment: segment))
        }
        do throws(JournalError) {
            // As many lines together as there are of our own; a foreign one is copied from where it lies.
            var rest = lines
            while !rest.isEmpty {
                let own = rest.prefix { !$0.isForeign }
                if !own.isEmpty {
                    try files.perform { () throws(FileError) in try file.append(own.flatMap(\.bytes)) }
                }
                rest = rest.dropFirst(own.count)
                guard let foreign = rest.popFirst() else { break }
                try files.forEachPiece(of: foreign) { (piece) throws(FileError) in try file.append(piece) }
            }
            try files.perform { () throws(FileError) in
                try file.synchronize()
                // The name of the segment is new to the disk, or to this value, which cannot know.
                if segment != durableEnd.segment || offset == 0 {
                    try files.operations.synchronizeFolder(files.root)
                }
            }
        } catch {
            // Nobody is told of the lines, so nobody should find them where that can be helped.
            try? file.cut(to: offset)
            throw error
        }
    }

    private func open(_ segment: Int) throws(JournalError) -> AppendedFile {
        try files.perform { () throws(FileError) in
            try AppendedFile(path: files.path(ofSegment: segment), operations: files.operations)
        }
    }
}
