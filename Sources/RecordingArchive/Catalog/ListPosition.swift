/// The place of a recording in every list: its moment, then its sequence, in one number.
///
/// It is the key of the table, so that rows lie in the order in which they are listed, and every index of SQLite, also
/// the index of words, gives its rows in that order without sorting.
struct ListPosition: Sendable, Hashable, Comparable {
    /// The lowest that there is, that of an undated recording.
    static let lowest = ListPosition(number: -1 << sequenceBits)

    /// Above all that there are.
    static let beyond = ListPosition(number: .max)

    private static let sequenceBits: Int64 = 30
    private static let sequences: ClosedRange<Int64> = 0...((1 << sequenceBits) - 1)
    private static let seconds: ClosedRange<Int64> = 0...((1 << 33) - 1)

    /// The number as the catalog has it.
    let number: Int64

    init(number: Int64) {
        self.number = number
    }

    /// Places a recording; nil where the sequence is beyond what a catalog can hold, 0 to 2^30 - 1.
    ///
    /// A moment before 1970 or after 2242 counts as the last within: a PBX whose clock is that wrong has no order to
    /// keep.
    ///
    /// - Parameters:
    ///   - time: Seconds since 1970-01-01T00:00:00Z; nil for undated ones, which come after all others.
    ///   - sequence: The number of the journal's line of its ingest.
    init?(time: Int64?, sequence: Int64) {
        guard Self.sequences.contains(sequence) else { return nil }
        let second = time.map { min(max($0, Self.seconds.lowerBound), Self.seconds.upperBound) } ?? -1
        number = second << Self.sequenceBits | sequence
    }

    /// The first position that a moment or a later one can have.
    static func first(at time: Int64) -> ListPosition {
        ListPosition(number: min(max(time, seconds.lowerBound), seconds.upperBound) << sequenceBits)
    }

    /// The position behind all that earlier moments can have.
    static func end(before time: Int64) -> ListPosition {
        time > seconds.upperBound ? beyond : ListPosition(number: max(time, 1) << sequenceBits)
    }

    /// Whether positions say of every moment whether it is earlier than this one.
    static func tellsApart(_ time: Int64) -> Bool {
        seconds.contains(time) && time > seconds.lowerBound
    }

    static func < (left: ListPosition, right: ListPosition) -> Bool { left.number < right.number }
}
