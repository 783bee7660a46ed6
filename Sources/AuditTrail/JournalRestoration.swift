internal import Digests
public import DurableFiles
internal import TransparencyLog

/// A damaged journal, put together anew from a copy that may not have come as far.
///
/// What the copy has is taken from it; behind that, the journal's own lines are kept for as long as each follows the one
/// before. Whether the result is right, others decide before it is published. It takes memory for one segment.
public struct JournalRestoration: Sendable {
    private let files: JournalFiles
    private let copy: JournalFiles
    private let limit: Int
    private let trust: JournalTrust

    /// Names a journal and the copy.
    ///
    /// - Parameters:
    ///   - path: The folder of the damaged journal.
    ///   - copy: The folder of the copy, every line of which was read without damage.
    ///   - limit: The most lines that the journal is to have.
    ///   - trust: What is known of the keys that sign.
    ///   - segmentLength: How many lines a segment has; other than the default only in tests.
    ///   - operations: The system calls.
    public init(
        of path: String, from copy: String, limit: Int = .max, trusting trust: JournalTrust,
        segmentLength: Int = Journal.segmentLength, operations: any FileOperations = FileSystem.posix
    ) {
        files = JournalFiles(root: path, segmentLength: segmentLength, operations: operations)
        self.copy = JournalFiles(root: copy, segmentLength: segmentLength, operations: operations)
        self.limit = limit
        self.trust = trust
    }

    /// Visits the lines that the journal would have.
    ///
    /// - Parameter visit: Takes each line, in order.
    /// - Throws: `JournalError`.
    public func forEachLine(_ visit: (JournalLine) -> Void) throws(JournalError) {
        try forEachSegment { (_, lines, _) throws(JournalError) in for line in lines { visit(line) } }
    }

    /// Visits the lines that the journal has and would have no more.
    ///
    /// These are whole lines of those who may add some, each of which contradicts nothing in itself; what is no line any
    /// more is passed over.
    ///
    /// - Parameter visit: Takes each line, in the order in which they are there.
    /// - Throws: `JournalError`.
    public func forEachLostLine(_ visit: (JournalLine) -> Void) throws(JournalError) {
        var count = 0
        var keys = Set(trust.keys)
        func visitLost(ofSegment segment: Int, besides kept: [JournalLine]) throws(JournalError) {
            count = segment + 1
            let digests = Set(kept.map(\.digest))
            for raw in Self.lines(try files.contents(ofSegment: segment)) where !digests.contains(raw.digest)
            {
                if let line = Self.line(raw, signedBy: keys) { visit(line) }
            }
        }
        try forEachSegment { (segment, lines, position) throws(JournalError) in
            keys.formUnion((lines.map(\.namedKey) + [position.signer]).compactMap(\.self))
            try visitLost(ofSegment: segment, besides: lines)
        }
        while try files.hasSegment(count) { try visitLost(ofSegment: count, besides: []) }
    }

    /// What a line says that was made by somebody who may, wherever it belongs; nil for any other.
    private static func line(_ raw: RawLine, signedBy keys: Set<VerifierKey>) -> JournalLine? {
        guard let bytes = raw.bytes else { return nil }
        if let envelope = LineEnvelope(bytes) {
            guard keys.contains(where: { envelope.isSigned(by: $0) }) else { return nil }
            return try? JournalLine(raw, content: envelope.content, isSigned: true)
        }
        guard bytes.count <= JournalLine.largestUnsignedSize,
            let line = try? JournalLine(raw, content: bytes.dropLast(), isSigned: false)
        else { return nil }
        return line.mayBeUnsigned ? line : nil
    }

    /// Writes the segments that differ, each in one step, while nobody else can add a line: it would go into a file that
    /// is not the journal's any more.
    ///
    /// - Returns: The paths of the segments that were written or removed.
    /// - Throws: `JournalError`; `inUse` where somebody else does not let the journal go.
    public func publish() throws(JournalError) -> [String] {
        try files.perform { () throws(FileError) in
            try Folder.makeDurably(files.root, operations: files.operations)
        }
        let lock = try files.takeLock()
        var changed: [String] = []
        var count = 0
        try forEachSegment { (segment, lines, _) throws(JournalError) in
            count = segment + 1
            var bytes: [UInt8] = []
            for line in lines {
                bytes += line.bytes
                try files.forEachPiece(of: line) { (piece) throws(FileError) in bytes += piece }
            }
            guard try files.contents(ofSegment: segment) != bytes else { return }
            let path = files.path(ofSegment: segment)
            try files.perform { () throws(FileError) in
                try PendingFile.writeFile(bytes, to: path, replacing: true, operations: files.operations)
            }
            changed.append(path)
        }
        while try files.hasSegment(count) {
            let path = files.path(ofSegment: count)
            try files.perform { () throws(FileError) in try files.operations.remove(path) }
            changed.append(path)
            count += 1
        }
        _ = consume lock
        return changed
    }

    /// Visits the lines by segments, each with the place behind them.
    private func forEachSegment(
        _ visit: (_ segment: Int, _ lines: [JournalLine], _ end: JournalPosition) throws(JournalError) -> Void
    ) throws(JournalError) {
        var reader = try JournalReader(copy, from: .start, trusting: trust)
        var position = JournalPosition.start
        var segment = 0
        while true {
            let length = min(files.segmentLength, max(0, limit - position.lines))
            var lines: [JournalLine] = []
            while lines.count < length, let line = try reader.next() {
                lines.append(line)
                position.advance(over: line)
            }
            if lines.count < length {
                lines += try ownLines(ofSegment: segment, from: position, count: length - lines.count)
                for line in lines where line.number >= position.lines { position.advance(over: line) }
            }
            if !lines.isEmpty { try visit(segment, lines, position) }
            guard lines.count == files.segmentLength else { return }
            segment += 1
        }
    }

    /// The journal's own lines that follow on a place, each on the one before.
    ///
    /// What is not the line that comes next was altered, or put in; foreign lines are kept where the next line binds them.
    private func ownLines(
        ofSegment segment: Int, from position: JournalPosition, count: Int
    ) throws(JournalError) -> [JournalLine] {
        var position = position
        var lines: [JournalLine] = []
        var foreign: [RawLine] = []
        for raw in Self.lines(try files.contents(ofSegment: segment), path: files.path(ofSegment: segment)) {
            guard lines.count < count else { break }
            // What was put in directly before a line, and how many the line says there were.
            var before: [JournalLine] = []
            var place = position
            if let claimed = Self.claimedNumber(of: raw), claimed > position.lines,
                claimed - position.lines <= foreign.count
            {
                for raw in foreign.suffix(claimed - position.lines) {
                    let line = JournalLine(foreign: raw.numbered(place.lines), .forged)
                    before.append(line)
                    place.advance(over: line)
                }
            }
            guard case .genuine(let line) = place.judge(raw, trusting: trust),
                lines.count + before.count < count
            else {
                foreign.append(raw)
                continue
            }
            lines += before + [line]
            place.advance(over: line)
            position = place
            foreign = []
        }
        return lines
    }

    private static func claimedNumber(of raw: RawLine) -> Int? {
        guard let bytes = raw.bytes, let envelope = LineEnvelope(bytes) else { return nil }
        return try? JournalLine(raw, content: envelope.content, isSigned: true).number
    }

    /// The whole lines of a segment, each with its line feed.
    private static func lines(_ bytes: [UInt8], path: String = "") -> [RawLine] {
        var lines: [RawLine] = []
        var start = 0
        while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
            let line = Array(bytes[start...end])
            let place = LinePlace(path: path, offset: Int64(start), count: Int64(line.count))
            let isLong = line.count > JournalLine.largestSize
            lines.append(
                RawLine(
                    number: lines.count, bytes: isLong ? nil : line, place: place,
                    digest: SHA256Hasher.digest(of: line)))
            start = end + 1
        }
        return lines
    }
}

extension RawLine {
    /// The line at another place in the order.
    fileprivate func numbered(_ number: Int) -> RawLine {
        RawLine(number: number, bytes: bytes, place: place, digest: digest)
    }
}
