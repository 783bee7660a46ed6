internal import RecordingArchive

extension AuditSentence {
    /// What an event says, as one line of a table has it.
    var text: String { parts.map(Self.text).joined(separator: ", ").printable }

    private static func text(of part: Part) -> String {
        switch part {
        case .text(let text): text
        case .recording(let id, let words): words + shortened(id)
        case .hold(let id): shortened(id)
        case .recordings(let ids, let andComing):
            (ids.count == 1 ? shortened(ids[0]) : Quantities.count(ids.count, "recording"))
                + (andComing ? " and those to come" : "")
        }
    }

    private static func shortened(_ id: String) -> String { String(id.prefix(RecordingID.shown)) }
}
