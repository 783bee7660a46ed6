internal import Digests
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
        try perform { () throws(FileError) in
            try operations.confirmedStatus(of: path(ofSegment: segment)) != nil
        }
    }

    /// Bytes of a segment; none at the beginning of one that is missing, on which two looks agree.
    func contents(ofSegment segment: Int, at offset: Int64, count: Int) throws(JournalError) -> [UInt8] {
        let path = path(ofSegment: segment)
        return try perform { () throws(FileError) in
            guard offset == 0 else { return try operations.contents(of: path, at: offset, count: count) }
            let file = try ReadableFile.ifThere(path, operations: operations)
            return try file?.bytes(at: 0, count: count) ?? []
        }
    }

    /// All bytes of a segment; none of one that is missing.
    func contents(ofSegment segment: Int) throws(JournalError) -> [UInt8] {
        try perform { () throws(FileError) in
            try operations.contentsIfThere(of: path(ofSegment: segment), limit: .max) ?? []
        }
    }

    /// How often the lock is waited for, half a second each time: others hold it while they read on and sync.
    private static let lockTries = 20

    /// Takes the lock, without which nothing in the folder is written.
    func takeLock() throws(JournalError) -> FolderLock {
        var tries = 1
        while true {
            do throws(FolderLock.Failure) {
                return try FolderLock(path: lockPath, operations: operations)
            } catch {
                switch error {
                case .file(let error): throw .file(error)
                case .held(let process):
                    guard tries < Self.lockTries else {
                        throw .inUse(path: root, process: process)
                    }
                }
            }
            tries += 1
        }
    }

    /// Visits the bytes of a foreign line where they lie, which may be in another journal.
    ///
    /// - Throws: `JournalError`: `unread` where they are not there any more.
    func forEachPiece(
        of line: JournalLine, _ body: (_ piece: [UInt8]) throws(FileError) -> Void
    ) throws(JournalError) {
        guard let place = line.place else { return }
        var hasher = SHA256Hasher()
        var count: Int64 = 0
        while count < place.count {
            let piece = try perform { () throws(FileError) in
                let most = min(Int64(Self.pieceSize), place.count - count)
                let piece = try operations.contents(
                    of: place.path, at: place.offset + count, count: Int(most))
                hasher.update(piece)
                try body(piece)
                return piece
            }
            guard !piece.isEmpty else { break }
            count += Int64(piece.count)
        }
        guard hasher.finalize() == line.digest else { throw .unread(path: place.path) }
    }

    func perform<Result: ~Copyable>(_ body: () throws(FileError) -> Result) throws(JournalError) -> Result {
        do throws(FileError) {
            return try body()
        } catch {
            throw .file(error)
        }
    }
}
