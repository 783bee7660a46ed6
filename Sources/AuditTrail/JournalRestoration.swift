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

    /// Names a journal and the copy.
    ///
    /// - Parameters:
    ///   - path: The folder of the damaged journal.
    ///   - copy: The folder of the copy, every line of which was read without damage.
    ///   - limit: The most lines that the journal is to have.
    ///   - segmentLength: How many lines a segment has; other than the default only in tests.
    ///   - operations: The system calls.
    public init(
        of path: String, from copy: String, limit: Int = .max, segmentLength: Int = Journal.segmentLength,
        operations: any FileOperations = FileSystem.posix
    ) {
        files = JournalFiles(root: path, segmentLength: segmentLength, operations: operations)
        self.copy = JournalFiles(root: copy, segmentLength: segmentLength, operations: operations)
        self.limit = limit
    }

    /// Visits the lines that the journal would have.
    ///
    /// - Parameter visit: Takes each line, in order.
    /// - Throws: `JournalError`.
    public func forEachLine(_ visit: (JournalLine) -> Void) throws(JournalError) {
        try forEachSegment { (_, lines) throws(JournalError) in for line in lines { visit(line) } }
    }

    /// Visits the lines that the journal has and would have no more.
    ///
    /// These are whole lines that each contradict nothing in themselves; what is no line any more is passed over.
    ///
    /// - Parameter visit: Takes each line, in the order in which they are there.
    /// - Throws: `JournalError`.
    public func forEachLostLine(_ visit: (JournalLine) -> Void) throws(JournalError) {
        var segment = 0
        var isOver = false
        while try files.hasSegment(segment) || !isOver {
            let kept = isOver ? [] : try lines(ofSegment: segment)
            isOver = kept.count < files.segmentLength
            let bytes = Set(kept.map(\.bytes))
            for line in Self.lines(try files.contents(ofSegment: segment)).map(Array.init)
            where !bytes.contains(line) {
                let claimed = CanonicalJSON(canonical: Array(line.dropLast()))?["details"]?["n"]?.integerValue
                guard let number = claimed.flatMap(Int.init(exactly:)),
                    let lost = try? JournalLine(parsing: line, number: number)
                else { continue }
                visit(lost)
            }
            segment += 1
        }
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
        try forEachSegment { (segment, lines) throws(JournalError) in
            count = segment + 1
            let bytes = lines.flatMap(\.bytes)
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

    private func forEachSegment(
        _ visit: (_ segment: Int, _ lines: [JournalLine]) throws(JournalError) -> Void
    ) throws(JournalError) {
        var segment = 0
        while true {
            let lines = try lines(ofSegment: segment)
            if !lines.isEmpty { try visit(segment, lines) }
            guard lines.count == files.segmentLength else { return }
            segment += 1
        }
    }

    private func lines(ofSegment segment: Int) throws(JournalError) -> [JournalLine] {
        let first = segment * files.segmentLength
        let length = min(files.segmentLength, max(0, limit - first))
        var lines: [JournalLine] = []
        for bytes in Self.lines(try copy.contents(ofSegment: segment)).prefix(length) {
            do throws(JournalDamage) {
                lines.append(try JournalLine(parsing: Array(bytes), number: first + lines.count))
            } catch {
                throw .damaged(path: copy.path(ofSegment: segment), line: first + lines.count, error)
            }
        }
        guard lines.count < length else { return lines }
        for bytes in Self.lines(try files.contents(ofSegment: segment)) where lines.count < length {
            // What is not the line that comes next was altered, or put in.
            guard let line = try? JournalLine(parsing: Array(bytes), number: first + lines.count) else {
                continue
            }
            lines.append(line)
        }
        return lines
    }

    /// The whole lines, each with its line feed.
    private static func lines(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        var lines: [ArraySlice<UInt8>] = []
        var start = 0
        while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
            lines.append(bytes[start...end])
            start = end + 1
        }
        return lines
    }
}
