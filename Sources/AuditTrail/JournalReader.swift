internal import Digests
public import DurableFiles

/// A journal, read line by line from any place on; others may add to it meanwhile.
///
/// It takes memory for one line, however long the journal is.
public struct JournalReader: Sendable {
    /// The place behind the line that was read last.
    public private(set) var position: JournalPosition

    /// The lines' bytes.
    private(set) var scanner: LineScanner

    /// Of the lines since the last access line; nil where the reader began between them.
    private(set) var accessDigest: AccessDigest?

    private var damage: JournalError?

    /// Goes to a place in a journal; a folder that is empty or missing is an empty journal.
    ///
    /// One segment is looked through for the place, and the line before it must be the one that is known.
    ///
    /// - Parameters:
    ///   - path: The folder of the journal.
    ///   - position: The place.
    ///   - segmentLength: How many lines a segment has; other than the default only in tests.
    ///   - operations: The system calls.
    /// - Throws: `JournalError`; `changed` where the journal does not have that place.
    public init(
        at path: String, from position: JournalPosition = .start, segmentLength: Int = Journal.segmentLength,
        operations: any FileOperations = FileSystem.posix
    ) throws(JournalError) {
        try self.init(
            JournalFiles(root: path, segmentLength: segmentLength, operations: operations), from: position)
    }

    init(_ files: JournalFiles, from position: JournalPosition) throws(JournalError) {
        self.position = position
        accessDigest = position.unbound == 0 ? AccessDigest() : nil
        scanner = try LineScanner(files, at: max(0, position.lines - 1), known: position.lines)
        if position.lines > 0 {
            guard let line = try scanner.next(), SHA256Hasher.digest(of: line) == position.lastLine else {
                throw .changed(path: files.root, known: position.lines)
            }
        }
    }

    /// How many bytes without a line feed the journal ended with when `next()` last returned nil.
    ///
    /// They are a line that somebody is writing at this moment, or one that a crash cut short and that nobody was told
    /// of, or the last line, altered.
    public var tornBytes: Int { scanner.tornBytes }

    /// The next whole line; nil at the end, where a later call finds what has been added since.
    ///
    /// An access line must commit to the lines before it, as far as they were read.
    ///
    /// - Returns: The line.
    /// - Throws: `JournalError`; after `damaged` it throws the same again.
    public mutating func next() throws(JournalError) -> JournalLine? {
        if let damage { throw damage }
        guard let bytes = try scanner.next() else { return nil }
        do throws(JournalDamage) {
            let line = try JournalLine(parsing: bytes, number: position.lines)
            if line.event == AccessDigest.event {
                guard AccessDigest.isRight(line, at: position, accessDigest) else { throw .unbound }
            }
            count(line)
            return line
        } catch {
            let failure = scanner.damaged(error, lineAgo: 1)
            damage = failure
            throw failure
        }
    }

    /// Goes past a line that was added here.
    mutating func pass(_ line: JournalLine) {
        scanner.pass(line.bytes.count)
        count(line)
    }

    /// Goes on to the next segment, where this one has all its lines.
    mutating func turnPage() throws(JournalError) {
        try scanner.turnPage()
    }

    /// Computes the digest of the lines since the last access line, where the reader began between them.
    mutating func readUnboundLines(_ files: JournalFiles) throws(JournalError) {
        guard accessDigest == nil else { return }
        var digest = AccessDigest()
        var reader = try LineScanner(files, at: position.boundLines, known: position.lines)
        while reader.number < position.lines {
            let number = reader.number
            guard let bytes = try reader.next() else {
                throw .changed(path: files.root, known: position.lines)
            }
            do throws(JournalDamage) {
                digest.add(try JournalLine(parsing: bytes, number: number))
            } catch {
                throw reader.damaged(error, lineAgo: 1)
            }
        }
        accessDigest = digest
    }

    private mutating func count(_ line: JournalLine) {
        if line.event == AccessDigest.event { accessDigest = AccessDigest() } else { accessDigest?.add(line) }
        position.advance(over: line)
    }
}
