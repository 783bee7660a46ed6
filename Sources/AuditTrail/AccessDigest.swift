internal import Digests
internal import TransparencyLog

/// The access line: an entry that commits to all lines before it, for the sake of those without one.
///
/// Who reads a recording leaves a line, but no entry, as one for each would make the log as long as the archive is
/// often listened to.
enum AccessDigest {
    static let event = "access"

    /// The event whose line, at this position, commits to what is before it.
    static func event(at position: JournalPosition) -> JournalEvent {
        JournalEvent(
            event,
            details: ["from": .integer(Int64(position.boundLines)), "to": .integer(Int64(position.lines))],
            entry: [
                "count": .integer(Int64(position.unbound)),
                "digest": .string(position.boundChain.hexadecimal),
            ])
    }

    /// Whether a line at this position commits to just what is before it, where it is an access line.
    static func isRight(_ line: JournalLine, at position: JournalPosition) -> Bool {
        line.event != event
            || line.entry?["count"]?.integerValue == Int64(position.unbound)
                && line.entry?["digest"]?.stringValue == position.boundChain.hexadecimal
                && line.details["from"]?.integerValue == Int64(position.boundLines)
                && line.details["to"]?.integerValue == Int64(position.lines)
    }
}
