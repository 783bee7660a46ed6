internal import Digests

/// A line as it lies in a segment, whatever is in it.
struct RawLine: Sendable {
    /// The line's number, from 0, by its place.
    let number: Int

    /// The line with its line feed; nil for one that is longer than a line can be.
    let bytes: [UInt8]?

    /// Where the line lies.
    let place: LinePlace

    /// SHA-256 of the line, line feed included.
    let digest: Digest
}

/// Where a line lies: a segment, and bytes of it.
struct LinePlace: Sendable {
    let path: String
    let offset: Int64
    let count: Int64
}

/// The lines of a journal's segments as bytes, from a line on.
struct LineScanner: Sendable {
    /// The most bytes of a line that is skipped: 256 MiB.
    ///
    /// What is longer stands in the way of all that follows.
    static let longestSkipped: Int64 = 1 << 28

    /// The number of the next line.
    private(set) var number: Int

    /// The segment that is read.
    private(set) var segment: Int

    /// Where in the segment the next line begins.
    private(set) var offset: Int64 = 0

    /// How many bytes without a line feed there were at the end, when it was last reached.
    private(set) var tornBytes = 0

    /// The paths of segments that have more behind their last line, which is no part of the journal.
    private(set) var surplus: [String] = []

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
    mutating func next() throws(JournalError) -> RawLine? {
        try turnPage()
        var isFollowed = false
        var scanned = start
        while true {
            if let end = buffer[scanned...].firstIndex(of: UInt8(ascii: "\n")) {
                let line = Array(buffer[start...end])
                start = end + 1
                let isLong = line.count > JournalLine.largestSize
                return passed(
                    Int64(line.count), isLong ? nil : line, SHA256Hasher.digest(of: line))
            }
            buffer.removeFirst(start)
            (start, scanned) = (0, buffer.count)
            guard buffer.count <= JournalLine.largestSize else { return try skipLongLine() }
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

    /// Goes past a line that begins with what is in the buffer and is not taken into memory.
    private mutating func skipLongLine() throws(JournalError) -> RawLine? {
        var hasher = SHA256Hasher()
        hasher.update(buffer)
        var count = Int64(buffer.count)
        buffer = []
        while true {
            guard count <= Self.longestSkipped else { throw damaged(.tooLong) }
            let piece = try files.contents(
                ofSegment: segment, at: offset + count, count: JournalFiles.pieceSize)
            if let end = piece.firstIndex(of: UInt8(ascii: "\n")) {
                hasher.update(piece[...end])
                return passed(count + Int64(end + 1), nil, hasher.finalize())
            }
            hasher.update(piece)
            count += Int64(piece.count)
            guard piece.count < JournalFiles.pieceSize else { continue }
            tornBytes = Int(count)
            guard try !files.hasSegment(segment + 1) else { throw damaged(.missing) }
            return nil
        }
    }

    private mutating func passed(_ count: Int64, _ bytes: [UInt8]?, _ digest: Digest) -> RawLine {
        let place = LinePlace(path: files.path(ofSegment: segment), offset: offset, count: count)
        defer { pass(count) }
        return RawLine(number: number, bytes: bytes, place: place, digest: digest)
    }

    /// Goes on to the next segment, where this one has all its lines.
    mutating func turnPage() throws(JournalError) {
        guard room == 0 else { return }
        let more =
            try start < buffer.count ? buffer : files.contents(ofSegment: segment, at: offset, count: 1)
        if !more.isEmpty {
            let path = files.path(ofSegment: segment)
            if !surplus.contains(path) { surplus.append(path) }
        }
        segment += 1
        (offset, buffer, start) = (0, [], 0)
    }

    /// Goes past a line.
    mutating func pass(_ byteCount: Int64) {
        number += 1
        offset += byteCount
    }

    /// What is wrong with the next line, or with one before it.
    func damaged(_ damage: JournalDamage, lineAgo: Int = 0) -> JournalError {
        .damaged(path: files.path(ofSegment: segment), line: number - lineAgo, damage)
    }
}
