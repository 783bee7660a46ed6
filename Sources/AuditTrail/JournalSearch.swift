public import DurableFiles
public import TransparencyLog

/// The lines of a journal that name some ids: recordings, holds.
///
/// All lines are looked through as bytes, and only those that name one are read, so that a journal of years takes
/// seconds. Foreign lines are passed over. Whether the lines before one that is found are what they were, a reader tells.
public struct JournalSearch: Sendable {
    private static let idLength = 32

    private var scanner: LineScanner
    private let keys: [VerifierKey]
    private var ids: Set<UInt128> = []

    /// Begins a search at a line.
    ///
    /// - Parameters:
    ///   - path: The folder of the journal.
    ///   - line: The number of the first line to look at.
    ///   - ids: Ids of 32 lowercase hexadecimal digits; others are never found.
    ///   - keys: The keys that have signed the journal.
    ///   - segmentLength: How many lines a segment has; other than the default only in tests.
    ///   - operations: The system calls.
    /// - Throws: `JournalError`.
    public init(
        at path: String, from line: Int = 0, naming ids: some Sequence<String>, signedBy keys: [VerifierKey],
        segmentLength: Int = Journal.segmentLength, operations: any FileOperations = FileSystem.posix
    ) throws(JournalError) {
        scanner = try LineScanner(
            JournalFiles(root: path, segmentLength: segmentLength, operations: operations), at: line,
            known: line)
        self.keys = keys
        for id in ids { add(id) }
    }

    /// Looks for one more id from here on.
    ///
    /// - Parameter id: 32 lowercase hexadecimal digits.
    public mutating func add(_ id: String) {
        if let number = Self.number(Array(id.utf8)[...]) { ids.insert(number) }
    }

    /// The next line that names one of the ids; nil at the end.
    ///
    /// - Returns: The line.
    /// - Throws: `JournalError`.
    public mutating func next() throws(JournalError) -> JournalLine? {
        while let raw = try scanner.next() {
            guard let bytes = raw.bytes, isNaming(bytes) else { continue }
            let envelope = LineEnvelope(bytes)
            let isSigned = envelope.map { envelope in keys.contains { envelope.isSigned(by: $0) } } ?? false
            guard isSigned || envelope == nil && bytes.count <= JournalLine.largestUnsignedSize else {
                continue
            }
            do throws(JournalDamage) {
                let line = try JournalLine(
                    raw, content: envelope?.content ?? bytes.dropLast(), isSigned: isSigned)
                // What was signed for another place was copied to this one.
                if line.number == raw.number, isSigned || line.mayBeUnsigned { return line }
            } catch {
                if isSigned { throw scanner.damaged(error, lineAgo: 1) }
            }
        }
        return nil
    }

    /// Whether one of the ids stands between quotation marks.
    private func isNaming(_ bytes: [UInt8]) -> Bool {
        let quote = UInt8(ascii: "\"")
        var start = 0
        while let opening = bytes[start...].firstIndex(of: quote) {
            let end = opening + 1 + Self.idLength
            guard end < bytes.count else { return false }
            if bytes[end] == quote, let id = Self.number(bytes[(opening + 1)..<end]), ids.contains(id) {
                return true
            }
            start = opening + 1
        }
        return false
    }

    /// The number that an id writes; nil for anything that is no id.
    private static func number(_ digits: ArraySlice<UInt8>) -> UInt128? {
        guard digits.count == idLength else { return nil }
        var number: UInt128 = 0
        for digit in digits {
            let value: UInt8
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = digit - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = digit - UInt8(ascii: "a") + 10
            default: return nil
            }
            number = number << 4 | UInt128(value)
        }
        return number
    }
}
