public import Digests

/// A place in a journal, between two lines, and what is known there of all lines before it.
///
/// Whoever keeps it can go on from there without reading the journal from its beginning.
public struct JournalPosition: Sendable, Hashable, Codable {
    /// The beginning of every journal.
    public static let start = JournalPosition(
        lines: 0, entries: 0, boundLines: 0, unbound: 0, lastLine: nil)

    /// How many lines come before: the number of the next one.
    public private(set) var lines: Int

    /// How many of them have an entry: the index in the transparency log that the next entry gets.
    public private(set) var entries: Int

    /// How many lines there were when the last access line had been written; 0 before the first.
    public private(set) var boundLines: Int

    /// How many of the lines since then have no entry, so that nothing commits to them yet.
    public private(set) var unbound: Int

    /// The digest of the last line's bytes, which tells a journal from another one; nil at the beginning.
    public private(set) var lastLine: Digest?

    /// Goes past the next line.
    ///
    /// - Parameter line: The line of number `lines`.
    public mutating func advance(over line: JournalLine) {
        lines += 1
        if line.entry == nil { unbound += 1 } else { entries += 1 }
        if line.event == AccessDigest.event { (boundLines, unbound) = (lines, 0) }
        lastLine = line.digest
    }
}
