/// The lines of a journal's segments as bytes, from a line on.
struct LineScanner: Sendable {
    /// The number of the next line.
    private(set) var number: Int

    /// The segment that is read.
    private(set) var segment: Int

    /// Where in the segment the next line begins.
    private(set) var offset: Int64 = 0

    /// How many bytes without a line feed there were at the end, when it was last reached.
    private(set) var tornBytes = 0

    private let files: JournalFiles
    private var buffer: [UInt8] = []
    private var start = 0

    /// Goes to a line by looking through its segment.
    ///
    /// Where the journal ends before it, the error is that there are not as many lines as are known.
    init(_ files: JournalFiles, at line: Int, known: Int) throws(JournalError) {
        self.files = files
        segment = line / files.segmentLength
        number = segment * files.segmentLength
        while number < line {
            guard try next() != nil else { throw .changed(path: files.root, known: known) }
        }
    }

    /// How many lines the segment can take still.
    var room: Int { (segment + 1) * files.segmentLength - number }

    /// The next whole line with its line feed; nil at the end of the journal.
    mutating func next() throws(JournalError) -> [UInt8]? {
        try turnPage()
        var isFollowed = false
        var scanned = start
        while true {
            if let end = buffer[scanned...].firstIndex(of: UInt8(ascii: "\n")) {
                let line = Array(buffer[start...end])
                guard line.count <= JournalLine.largestSize else { throw damaged(.tooLong) }
                start = end + 1
                pass(line.count)
                return line
            }
            buffer.removeFirst(start)
            (start, scanned) = (0, buffer.count)
            guard buffer.count <= JournalLine.largestSize else { throw damaged(.tooLong) }
            let piece = try files.contents(
                ofSegment: segment, at: offset + Int64(buffer.count), count: JournalFiles.pieceSize)
            buffer += piece
            guard piece.count < JournalFiles.pieceSize else { continue }
            // What follows the last line feed is read anew the next time: whoever adds a line may cut it off first.
            if let last = buffer.lastIndex(of: UInt8(ascii: "\n")) {
                buffer.removeSubrange((last + 1)...)
                continue
            }
            tornBytes = buffer.count
            (buffer, scanned) = ([], 0)
            guard !isFollowed else { throw damaged(.missing) }
            isFollowed = try files.hasSegment(segment + 1)
            // Whoever adds may have filled this segment and begun the next one since it was read: once more, then.
            guard isFollowed else { return nil }
        }
    }

    /// Goes on to the next segment, where this one has all its lines.
    mutating func turnPage() throws(JournalError) {
        guard room == 0 else { return }
        guard start == buffer.count,
            try files.contents(ofSegment: segment, at: offset, count: 1).isEmpty
        else { throw damaged(.surplus) }
        segment += 1
        (offset, buffer, start) = (0, [], 0)
    }

    /// Goes past a line.
    mutating func pass(_ byteCount: Int) {
        number += 1
        offset += Int64(byteCount)
    }

    /// What is wrong with the next line, or with one before it.
    func damaged(_ damage: JournalDamage, lineAgo: Int = 0) -> JournalError {
        .damaged(path: files.path(ofSegment: segment), line: number - lineAgo, damage)
    }
}
