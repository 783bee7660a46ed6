internal import AuditTrail
internal import TransparencyLog

/// A line of the audit trail: one thing that happened in an archive.
public struct AuditLine: Sendable, Hashable {
    /// The names of the events that there are; the last one is that of the lines that bind others.
    package static let events = ArchiveEvents.all.map { $0.name }

    /// The event of a line that was made without the archive's key.
    package static let foreign = JournalLine.foreignEvent

    private let line: JournalLine

    /// The index of the entry that the transparency log has of it; nil for what only the next `access` line binds.
    public let entry: Int?

    init(_ line: JournalLine, entry: Int?) {
        self.line = line
        self.entry = entry
    }

    /// The line's number, from 0.
    public var number: Int { line.number }

    /// What kind of thing: `ingest`, `hold`, `read`.
    public var event: String { line.event }

    /// Why it is none of the archive's own, to follow its number; nil for one that is.
    ///
    /// Nothing else is told of such a line.
    public var foreignness: String? { line.damage?.rawValue }

    /// Who did it, as they called themselves.
    public var actor: String { line.actor }

    /// When, ISO 8601 in UTC with milliseconds.
    public var at: String { line.at.text }

    /// When, in milliseconds since 1970-01-01T00:00:00Z.
    public var milliseconds: Int64 { line.at.milliseconds }

    /// A text among the details; nil where there is none of that name.
    public func text(_ name: String) -> String? { line.text(name) }

    /// The texts of a list among the details; none where there is no such list.
    public func texts(_ name: String) -> [String] { line.texts(name) }

    /// What it says, for people.
    package var sentence: AuditSentence {
        if let foreignness {
            return AuditSentence(.text("line \(number) \(foreignness); it was not applied"))
        }
        return (try? line.archiveEvent())?.sentence
            ?? AuditSentence(particularsOf: line.details.members ?? [])
    }

    /// The details, and the index as `entry`, as an object of canonical JSON without a line feed.
    ///
    /// Without `entry`, its bytes are those whose SHA-256 the log's entry has as `details`.
    public var json: String {
        if let foreignness {
            let object: CanonicalJSON = [
                "event": .string(event), "n": .integer(Int64(number)), "why": .string(foreignness),
            ]
            return (try? object.encoded()).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
        }
        let entry = entry.map { [CanonicalJSON.Member("entry", .integer(Int64($0)))] } ?? []
        let bytes = try? CanonicalJSON.object((line.details.members ?? []) + entry).encoded()
        // What was read from canonical JSON can be written as such, unless a later version has a detail of that name.
        return String(decoding: bytes ?? Array(line.bytes.dropLast()), as: UTF8.self)
    }
}
