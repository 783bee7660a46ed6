public import Digests
public import TransparencyLog

/// One line of the journal: an event's details, and the entry of the transparency log that commits to them.
///
/// The line is the canonical JSON of `{"details":{…},"entry":{…}}` and a line feed. The entry has the SHA-256 of the
/// details' bytes, so the log tells nothing of them and yet lets nobody change them.
public struct JournalLine: Sendable {
    /// The most bytes that a line may have, line feed included: 64 MiB.
    public static let largestSize = 1 << 26

    /// The line's number, from 0.
    public let number: Int

    /// What kind of event it is.
    public let event: String

    /// Who did it.
    public let actor: String

    /// When it was written.
    public let at: JournalTime

    /// All details: an object.
    public let details: CanonicalJSON

    /// What the transparency log is told, an object; nil for an event that only an access line commits to.
    public let entry: CanonicalJSON?

    /// The entry's bytes, as they are in the transparency log.
    public let logEntry: LogEntry?

    /// The line's bytes, line feed included.
    public let bytes: [UInt8]

    /// SHA-256 of the line's bytes, line feed included.
    public var digest: Digest { SHA256Hasher.digest(of: bytes) }

    /// Reads a line.
    ///
    /// - Parameters:
    ///   - bytes: The line with its line feed.
    ///   - number: The number that the line must have.
    /// - Throws: `JournalDamage`, also for anything that is written otherwise than the journal writes it.
    public init(parsing bytes: [UInt8], number: Int) throws(JournalDamage) {
        guard bytes.last == UInt8(ascii: "\n"), let line = CanonicalJSON(canonical: Array(bytes.dropLast()))
        else {
            throw .notCanonical
        }
        let entry = line["entry"]
        guard let details = line["details"], line.members?.count == (entry == nil ? 1 : 2),
            let event = details["event"]?.stringValue, let actor = details["actor"]?.stringValue,
            let at = details["at"]?.stringValue.flatMap({ JournalTime($0) }),
            let nonce = details["nonce"]?.stringValue, Self.isNonce(nonce), details["n"]?.integerValue != nil
        else { throw .incomplete }
        guard details["n"]?.integerValue == Int64(number) else { throw .misplaced }
        if let entry {
            guard let entryBytes = try? entry.encoded(), let logEntry = LogEntry(entryBytes),
                entry["v"] == 1, entry["details"]?.stringValue != nil
            else { throw .incomplete }
            let detailsBytes = bytes.dropFirst(Self.opening.count)
                .dropLast(Self.middle.count + entryBytes.count + Self.closing.count)
            guard entry["details"]?.stringValue == Self.digest(of: detailsBytes),
                entry["type"]?.stringValue == event, entry["at"]?.stringValue == at.text
            else { throw .contradictory }
            self.logEntry = logEntry
        } else {
            logEntry = nil
        }
        (self.number, self.event, self.actor, self.at) = (number, event, actor, at)
        (self.details, self.entry, self.bytes) = (details, entry, bytes)
    }

    /// Writes a line.
    ///
    /// - Parameters:
    ///   - event: What happened.
    ///   - number: The line's number, from 0.
    ///   - at: When.
    ///   - actor: Who did it.
    ///   - nonce: Sixteen random bytes, so that nobody finds the details by trying which ones have the entry's digest.
    /// - Throws: `JournalError`, for an event that cannot be written or is too large.
    init(
        _ event: JournalEvent, number: Int, at: JournalTime, actor: String, nonce: UInt128
    ) throws(JournalError) {
        let hexadecimal = String(nonce, radix: 16)
        let details = CanonicalJSON.object(
            event.details + [
                .init("actor", .string(actor)), .init("at", .string(at.text)),
                .init("event", .string(event.name)), .init("n", .integer(Int64(number))),
                .init(
                    "nonce", .string(String(repeating: "0", count: 32 - hexadecimal.utf8.count) + hexadecimal)
                ),
            ])
        let detailsBytes = try Self.encode(details, of: event)
        var bytes = Self.opening + detailsBytes
        var entry: CanonicalJSON?
        var logEntry: LogEntry?
        if let members = event.entry {
            let object = CanonicalJSON.object(
                members + [
                    .init("at", .string(at.text)),
                    .init("details", .string(Self.digest(of: detailsBytes[...]))),
                    .init("type", .string(event.name)), .init("v", 1),
                ])
            let entryBytes = try Self.encode(object, of: event)
            logEntry = LogEntry(entryBytes)
            guard logEntry != nil else { throw .tooLarge(event: event.name, limit: LogEntry.largestSize) }
            entry = object
            bytes += Self.middle + entryBytes
        }
        bytes += Self.closing
        guard bytes.count <= Self.largestSize else {
            throw .tooLarge(event: event.name, limit: Self.largestSize)
        }
        (self.number, self.event, self.actor, self.at) = (number, event.name, actor, at)
        (self.details, self.entry, self.logEntry, self.bytes) = (details, entry, logEntry, bytes)
    }

    private static let opening = Array(#"{"details":"#.utf8)
    private static let middle = Array(#","entry":"#.utf8)
    private static let closing = Array("}\n".utf8)

    private static func encode(_ value: CanonicalJSON, of event: JournalEvent) throws(JournalError) -> [UInt8]
    {
        do throws(CanonicalJSON.Failure) {
            return try value.encoded()
        } catch {
            throw .unwritable(event: event.name, error)
        }
    }

    private static func digest(of bytes: ArraySlice<UInt8>) -> String {
        var hasher = SHA256Hasher()
        hasher.update(bytes)
        return hasher.finalize().hexadecimal
    }

    private static func isNonce(_ text: String) -> Bool {
        text.utf8.count == 32 && text.utf8.allSatisfy { "0123456789abcdef".utf8.contains($0) }
    }
}

extension JournalLine: Hashable {
    /// Lines are the same when their bytes are: the order of an object's members is no part of them.
    public static func == (left: JournalLine, right: JournalLine) -> Bool {
        left.bytes == right.bytes
    }

    /// Hashes the bytes.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(bytes)
    }
}
