internal import Digests
public import DurableFiles

/// What is left of a journal, whatever was done to it: each line that is whole by itself.
///
/// Nothing proves that a line belongs there, or who made it; it is a hint, such as where copies may be.
public enum JournalRemains {
    /// Visits the lines that can be read, in the order in which they lie there.
    ///
    /// - Parameters:
    ///   - path: The folder of the journal.
    ///   - operations: The system calls.
    ///   - visit: Takes each line; it ends the visit by returning false.
    public static func forEachLine(
        at path: String, operations: any FileOperations = FileSystem.posix, _ visit: (JournalLine) -> Bool
    ) {
        guard let names = try? operations.names(inFolder: path) else { return }
        for name in names where name.hasSuffix(".jsonl") {
            let file = Folder.path(path, name)
            guard visitLines(of: file, operations, visit) else { return }
        }
    }

    private static func visitLines(
        of path: String, _ operations: any FileOperations, _ visit: (JournalLine) -> Bool
    ) -> Bool {
        var rest: [UInt8] = []
        var offset: Int64 = 0
        while let piece = try? operations.contents(of: path, at: offset, count: JournalFiles.pieceSize),
            !piece.isEmpty
        {
            offset += Int64(piece.count)
            rest += piece
            var start = 0
            while let end = rest[start...].firstIndex(of: UInt8(ascii: "\n")) {
                if let line = line(Array(rest[start...end])), !visit(line) { return false }
                start = end + 1
            }
            rest.removeFirst(start)
            // A hint is short; what anybody may have written is not taken into memory.
            if rest.count > JournalLine.largestUnsignedSize { rest = [] }
        }
        return true
    }

    private static func line(_ bytes: [UInt8]) -> JournalLine? {
        guard bytes.count <= JournalLine.largestUnsignedSize else { return nil }
        let content = LineEnvelope(bytes)?.content ?? bytes.dropLast()
        let place = LinePlace(path: "", offset: 0, count: Int64(bytes.count))
        let raw = RawLine(number: 0, bytes: bytes, place: place, digest: SHA256Hasher.digest(of: bytes))
        return try? JournalLine(raw, content: content, isSigned: false)
    }
}
