internal import DurableFiles

/// The files of a journal: segments of equally many lines, and the lock of whoever adds to it.
struct JournalFiles: Sendable {
    /// How many bytes are read at a time.
    static let pieceSize = 1 << 18

    /// The folder of the journal.
    let root: String

    /// How many lines a segment has before the next one is begun.
    let segmentLength: Int

    let operations: any FileOperations

    var lockPath: String { Folder.path(root, "lock") }

    func path(ofSegment segment: Int) -> String {
        let digits = String(segment)
        return Folder.path(
            root, String(repeating: "0", count: max(0, 6 - digits.utf8.count)) + digits + ".jsonl")
    }

    func hasSegment(_ segment: Int) throws(JournalError) -> Bool {
        try perform { () throws(FileError) in try operations.status(of: path(ofSegment: segment)) != nil }
    }

    /// Bytes of a segment; none at the beginning of one that is missing.
    func contents(ofSegment segment: Int, at offset: Int64, count: Int) throws(JournalError) -> [UInt8] {
        do throws(FileError) {
            return try operations.contents(of: path(ofSegment: segment), at: offset, count: count)
        } catch {
            if error.kind == .missing, offset == 0 { return [] }
            throw .file(error)
        }
    }

    /// Where the last whole line of a segment ends.
    func endOfLines(ofSegment segment: Int, size: Int64) throws(JournalError) -> Int64 {
        var end = size
        while end > 0 {
            let start = max(0, end - Int64(Self.pieceSize))
            let piece = try contents(ofSegment: segment, at: start, count: Int(end - start))
            if let last = piece.lastIndex(of: UInt8(ascii: "\n")) { return start + Int64(last) + 1 }
            end = start
        }
        return 0
    }

    func perform<Result: ~Copyable>(_ body: () throws(FileError) -> Result) throws(JournalError) -> Result {
        do throws(FileError) {
            return try body()
        } catch {
            throw .file(error)
        }
    }
}
