internal import AuditTrail
internal import RecordingArchive

/// Which lines of the audit trail are wanted; every condition that is set must hold.
struct AuditFilter {
    /// The first moment wanted, in seconds since 1970-01-01T00:00:00Z.
    var since: Int64?
    /// The first moment no longer wanted, in seconds since 1970-01-01T00:00:00Z.
    var before: Int64?
    /// Kinds of events; all where there are none.
    var events: Set<String> = []
    /// Who did it.
    var person: Person?
    /// The recording that it is about.
    var record: String?
    /// The holds that have taken in the recording: what becomes of them is about it too.
    var holds: Set<String> = []

    /// Whether a line is wanted; lines must come in their order.
    mutating func passes(_ line: AuditLine) -> Bool {
        // First, so that a hold is known also where its placing is not wanted.
        guard record == nil || isAboutRecord(line) else { return false }
        // A line that is not the archive's own has no time, and is not to be overlooked.
        if line.foreignness == nil {
            if let since, line.milliseconds < since * 1000 { return false }
            if let before, line.milliseconds >= before * 1000 { return false }
        }
        return (events.isEmpty || events.contains(line.event))
            && (person == nil || Person(line.actor) == person)
    }

    private mutating func isAboutRecord(_ line: AuditLine) -> Bool {
        guard let record else { return true }
        let hold = line.text("hold")
        if [line.text("record"), line.text("replaces"), line.text("about")].contains(record)
            || line.texts("records").contains(record)
        {
            if let hold { holds.insert(hold) }
            return true
        }
        return (hold ?? line.text("about")).map(holds.contains) ?? false
    }
}
