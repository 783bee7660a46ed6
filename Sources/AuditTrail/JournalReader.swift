internal import Digests
public import DurableFiles

/// A journal, read line by line from any place on; others may add to it meanwhile.
///
/// A line counts when the key's holder made it. Whatever else somebody has written behind the lines of the holder is
/// handed out as a foreign line, of no event that means anything, and stands in the way of nothing. But what the holder
/// has gone on from is bound by the next line that he signed: where other bytes are there now, the journal was damaged.
///
/// It takes memory for one line, however long the journal is.
public struct JournalReader: Sendable {
    /// The place behind the line that was read last.
    public private(set) var position: JournalPosition

    /// The lines' bytes.
    private(set) var scanner: LineScanner

    private let trust: JournalTrust

    /// The number of the first line of which it is not known whether what follows contradicts that it is foreign.
    private var settled = 0

    private var damage: JournalError?

    /// Goes to a place in a journal; a folder that is empty or missing is an empty journal.
    ///
    /// One segment is looked through for the place, and the line before it must be the one that is known.
    ///
    /// - Parameters:
    ///   - path: The folder of the journal.
    ///   - position: The place.
    ///   - trust: What is known of the keys that sign.
    ///   - segmentLength: How many lines a segment has; other than the default only in tests.
    ///   - operations: The system calls.
    /// - Throws: `JournalError`; `changed` where the journal does not have that place.
    public init(
        at path: String, from position: JournalPosition = .start, trusting trust: JournalTrust,
        segmentLength: Int = Journal.segmentLength, operations: any FileOperations = FileSystem.posix
    ) throws(JournalError) {
        try self.init(
            JournalFiles(root: path, segmentLength: segmentLength, operations: operations), from: position,
            trusting: trust)
    }

    init(
        _ files: JournalFiles, from position: JournalPosition, trusting trust: JournalTrust
    ) throws(JournalError) {
        self.position = position
        self.trust = trust
        scanner = try LineScanner(files, at: max(0, position.lines - 1), known: position.lines)
        if position.lines > 0 {
            guard let line = try scanner.next(), line.digest == position.lastLine else {
                throw .changed(path: files.root, known: position.lines)
            }
        }
    }

    /// How many bytes without a line feed the journal ended with when `next()` last returned nil.
    ///
    /// They are a line that somebody is writing at this moment, or one that a crash cut short and that nobody was told
    /// of, or the last line, altered.
    public var tornBytes: Int { scanner.tornBytes }

    /// The segments that were read and have more behind their last line: their paths.
    ///
    /// That is no part of the journal.
    public var surplus: [String] { scanner.surplus }

    /// The next whole line; nil at the end, where a later call finds what has been added since.
    ///
    /// - Returns: The line, which may be a foreign one.
    /// - Throws: `JournalError`; after `damaged` it throws the same again.
    public mutating func next() throws(JournalError) -> JournalLine? {
        if let damage { throw damage }
        guard let raw = try scanner.next() else { return nil }
        switch position.judge(raw, trusting: trust) {
        case .genuine(let line):
            position.advance(over: line)
            return line
        case .foreign(let reason):
            let line = JournalLine(foreign: raw, reason)
            if line.number >= settled, try isContradicted(line) { throw fail(reason) }
            position.advance(over: line)
            return line
        case .contradicting(let reason): throw fail(reason)
        }
    }

    private mutating func fail(_ reason: JournalDamage) -> JournalError {
        let failure = scanner.damaged(reason, lineAgo: 1)
        damage = failure
        return failure
    }

    /// Whether a line that the key's holder signed later shows that a foreign one was not there when he did, or was another.
    private mutating func isContradicted(_ line: JournalLine) throws(JournalError) -> Bool {
        var (scanner, position) = (scanner, position)
        position.advance(over: line)
        while let raw = try scanner.next() {
            switch position.judge(raw, trusting: trust) {
            case .genuine(let line):
                position.advance(over: line)
                guard line.isSigned else { continue }
                settled = position.lines
                return false
            case .foreign(let reason): position.advance(over: JournalLine(foreign: raw, reason))
            case .contradicting: return true
            }
        }
        settled = position.lines
        return false
    }

    /// Goes past a line that was added here.
    mutating func pass(_ line: JournalLine) {
        scanner.pass(line.byteCount)
        position.advance(over: line)
    }

    /// Goes on to the next segment, where this one has all its lines.
    mutating func turnPage() throws(JournalError) {
        try scanner.turnPage()
    }
}
