public import TransparencyLog

/// Something that happened, as a line of the journal will tell it.
public struct JournalEvent: Sendable, Hashable {
    /// The events that processes without the key may add lines of, without an entry: they have no effect on anything.
    public static let unsigned: Set = ["export", "read", "refused"]

    /// The event that names the key which signs from then on, as `new` in its entry.
    public static let key = "key"

    /// What kind of thing: `ingest`, `hold`, `read`.
    public let name: String

    /// What is known of it beyond actor, time, name, line number and nonce, which the journal adds.
    public var details: [CanonicalJSON.Member]

    /// What the transparency log is told of it beyond time, type and the digest of the details, which the journal
    /// adds; nil for an event without an entry of its own.
    public var entry: [CanonicalJSON.Member]?

    /// Makes an event from its parts; no name twice, nor one that the journal adds, and no access line.
    public init(
        _ name: String, details: KeyValuePairs<String, CanonicalJSON> = [:],
        entry: KeyValuePairs<String, CanonicalJSON>? = nil
    ) {
        self.name = name
        self.details = details.map { CanonicalJSON.Member($0, $1) }
        self.entry = entry.map { $0.map { CanonicalJSON.Member($0, $1) } }
    }

    /// Takes out of a line what happened, so that another line can tell it again.
    public init(repeating line: JournalLine) {
        self.init(line.event)
        details = (line.details.members ?? []).filter { !Self.addedDetails.contains($0.name) }
        entry = line.entry.map { ($0.members ?? []).filter { !Self.addedToEntries.contains($0.name) } }
    }

    private static let addedDetails: Set = ["actor", "at", "event", "n", "nonce"]
    private static let addedToEntries: Set = ["at", "details", "type", "v"]
}
