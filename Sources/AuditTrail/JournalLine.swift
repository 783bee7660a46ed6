public import Digests
public import TransparencyLog

/// One line of the journal: an event's details, and the entry of the transparency log that commits to them.
///
/// The line is the canonical JSON of `{"before":…,"details":{…},"entry":{…},"key":…,"sig":…}` and a line feed. The entry has
/// the SHA-256 of the details' bytes, so the log tells nothing of them and yet lets nobody change them. The signature is that
/// of the archive's key over `before`, which stands for all lines before, and details and entry; a process without the key
/// leaves all three out, and the entry.
public struct JournalLine: Sendable {
    /// The most bytes that a line may have, line feed included: 64 MiB.
    public static let largestSize = 1 << 26

    /// The most bytes that a line without a signature may have, line feed included: 64 KiB, since anybody can write one.
    public static let largestUnsignedSize = 1 << 16

    /// The event of a line that nobody made who may: it says nothing, and no event has this name.
    public static let foreignEvent = "foreign"

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

    /// The line's bytes, line feed included; none of a foreign line.
    public let bytes: [UInt8]

    /// SHA-256 of the line's bytes, line feed included.
    public let digest: Digest

    /// Whether the key's holder signed it.
    public let isSigned: Bool

    /// Why a foreign line is none of the journal's own; nil for one of those.
    public let damage: JournalDamage?

    /// Where the bytes of a foreign line are.
    let place: LinePlace?

    /// Whether nobody made it who may; it has a number by its place, and says nothing.
    public var isForeign: Bool { damage != nil }

    /// How many bytes it has.
    var byteCount: Int64 { place?.count ?? Int64(bytes.count) }

    /// The key that it names as the one that signs from then on.
    var namedKey: VerifierKey? {
        guard event == JournalEvent.key else { return nil }
        return entry?["new"]?.stringValue.flatMap { VerifierKey($0) }
    }

    /// Whether it is of an event that processes without the key may add.
    var mayBeUnsigned: Bool { entry == nil && JournalEvent.unsigned.contains(event) }

    /// Reads what a line says; its number is the one that it claims.
    ///
    /// - Parameters:
    ///   - raw: The line as it lies there.
    ///   - content: The canonical JSON of details and entry.
    ///   - isSigned: Whether the key's holder signed it.
    /// - Throws: `JournalDamage`, also for anything that is written otherwise than the journal writes it.
    init(_ raw: RawLine, content: [UInt8], isSigned: Bool) throws(JournalDamage) {
        guard let line = CanonicalJSON(canonical: content) else { throw .notCanonical }
        let entry = line["entry"]
        guard let details = line["details"], line.members?.count == (entry == nil ? 1 : 2),
            let event = details["event"]?.stringValue, event != Self.foreignEvent,
            let actor = details["actor"]?.stringValue,
            let at = details["at"]?.stringValue.flatMap({ JournalTime($0) }),
            let nonce = details["nonce"]?.stringValue, Self.isNonce(nonce),
            let number = details["n"]?.integerValue.flatMap({ Int(exactly: $0) })
        else { throw .incomplete }
        if let entry {
            guard let entryBytes = try? entry.encoded(), let logEntry = LogEntry(entryBytes),
                entry["v"] == 1, entry["details"]?.stringValue != nil
            else { throw .incomplete }
            let detailsBytes = content.dropFirst(Self.opening.count)
                .dropLast(Self.middle.count + entryBytes.count + Self.closing.count)
            guard entry["details"]?.stringValue == Self.digest(of: detailsBytes),
                entry["type"]?.stringValue == event, entry["at"]?.stringValue == at.text
            else { throw .contradictory }
            self.logEntry = logEntry
        } else {
            logEntry = nil
        }
        (self.number, self.event, self.actor, self.at) = (number, event, actor, at)
        (self.details, self.entry) = (details, entry)
        (bytes, digest, self.isSigned) = (raw.bytes ?? [], raw.digest, isSigned)
        (damage, place) = (nil, nil)
    }

    /// A line that nobody made who may.
    init(foreign raw: RawLine, _ reason: JournalDamage) {
        (number, event, actor) = (raw.number, Self.foreignEvent, "")
        (at, details, entry, logEntry) = (.earliest, .object([]), nil, nil)
        (bytes, digest, isSigned) = ([], raw.digest, false)
        (damage, place) = (reason, raw.place)
    }

    /// Writes a line.
    ///
    /// - Parameters:
    ///   - event: What happened.
    ///   - number: The line's number, from 0.
    ///   - at: When.
    ///   - actor: Who did it.
    ///   - nonce: Sixteen random bytes, so that nobody finds the details by trying which ones have the entry's digest.
    ///   - before: The chain over all lines before.
    ///   - signer: Signs the line; nil for a line without a signature.
    /// - Throws: `JournalError`, for an event that cannot be written or is too large, or a signature that does not hold.
    init(
        _ event: JournalEvent, number: Int, at: JournalTime, actor: String, nonce: UInt128,
        before: Digest, signer: LineSigner?
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
        if let signer {
            guard let envelope = LineEnvelope(bytes, before: before, signer: signer) else {
                throw .badSignature(key: signer.verifierKey.text)
            }
            bytes = envelope.line
        } else {
            bytes.append(UInt8(ascii: "\n"))
        }
        let limit = signer == nil ? Self.largestUnsignedSize : Self.largestSize
        guard bytes.count <= limit else { throw .tooLarge(event: event.name, limit: limit) }
        (self.number, self.event, self.actor, self.at) = (number, event.name, actor, at)
        (self.details, self.entry, self.logEntry, self.bytes) = (details, entry, logEntry, bytes)
        (digest, isSigned) = (SHA256Hasher.digest(of: bytes), signer != nil)
        (damage, place) = (nil, nil)
    }

    private static let opening = Array(#"{"details":"#.utf8)
    private static let middle = Array(#","entry":"#.utf8)
    private static let closing = Array("}".utf8)

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
        left.digest == right.digest
    }

    /// Hashes what stands for the bytes.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(digest)
    }
}
