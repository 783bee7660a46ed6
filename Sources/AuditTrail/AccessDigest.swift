internal import Digests
internal import TransparencyLog

/// The access line: an entry that commits to the lines without one since the last such line.
///
/// Who reads a recording leaves a line, but no entry, as one for each would make the log as long as the archive is
/// often listened to.
struct AccessDigest: Sendable {
    static let event = "access"

    private var hasher = SHA256Hasher()

    mutating func add(_ line: JournalLine) {
        if line.entry == nil { hasher.update(line.bytes) }
    }

    /// The event whose line, at this position, commits to what was added.
    func event(at position: JournalPosition) -> JournalEvent {
        JournalEvent(
            Self.event,
            details: ["from": .integer(Int64(position.boundLines)), "to": .integer(Int64(position.lines))],
            entry: [
                "count": .integer(Int64(position.unbound)), "digest": .string(hasher.finalize().hexadecimal),
            ])
    }

    /// Whether an access line at this position commits to just what was added; to its number where that is not known.
    static func isRight(_ line: JournalLine, at position: JournalPosition, _ digest: AccessDigest?) -> Bool {
        line.entry?["count"]?.integerValue == Int64(position.unbound)
            && line.details["from"]?.integerValue == Int64(position.boundLines)
            && line.details["to"]?.integerValue == Int64(position.lines)
            && digest.map { .string($0.hasher.finalize().hexadecimal) == line.entry?["digest"] } ?? true
    }
}
