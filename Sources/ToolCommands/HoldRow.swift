internal import Foundation
internal import RecordingArchive

/// A hold as a row of JSON, and as lines for people.
struct HoldRow: Encodable {
    private let hold: Hold

    private enum Key: String, CodingKey {
        case hold, `case`, state, recordings, future, filter, reason, placedBy, placedAt, requestedBy,
            requestedAt
        case releasedBy, releasedAt
    }

    init(_ hold: Hold) {
        self.hold = hold
    }

    func encode(to encoder: any Encoder) throws {
        var row = encoder.container(keyedBy: Key.self)
        try row.encode(hold.id, forKey: .hold)
        try row.encode(hold.caseID, forKey: .case)
        try row.encode(
            hold.releasedAt != nil ? "released" : hold.requestedAt != nil ? "release-requested" : "in-force",
            forKey: .state)
        try row.encode(hold.recordings, forKey: .recordings)
        try row.encode(hold.future, forKey: .future)
        try row.encode(
            try hold.filter.map { try JSONDecoder().decode(RecordingFilter.self, from: Data($0.utf8)) },
            forKey: .filter)
        try row.encode(hold.reason, forKey: .reason)
        try row.encode(hold.placedBy, forKey: .placedBy)
        try row.encode(hold.placedAt, forKey: .placedAt)
        try row.encode(hold.requestedBy, forKey: .requestedBy)
        try row.encode(hold.requestedAt, forKey: .requestedAt)
        try row.encode(hold.releasedBy, forKey: .releasedBy)
        try row.encode(hold.releasedAt, forKey: .releasedAt)
    }

    /// What is printed for people, for a terminal of 80 columns.
    func lines(style: TerminalStyle) -> [String] {
        let mark = hold.isActive ? style.yellow("in force") : style.dim("released")
        let count =
            Quantities.count(hold.recordings, "recording") + (hold.future ? ", and those to come" : "")
        var lines = ["\(style.bold(hold.id))  \(mark)"]
        lines += Self.fact("case", hold.caseID)
        lines += Self.fact(hold.isActive ? "keeps" : "kept", count)
        if let filter = hold.filter { lines += Self.fact("filter", filter) }
        lines += Self.fact("placed", "\(Self.time(hold.placedAt)) by \(hold.placedBy)")
        lines += Self.fact("reason", hold.reason)
        if let person = hold.requestedBy, let time = hold.requestedAt {
            lines += Self.fact(
                "release",
                "asked for \(Self.time(time)) by \(person)"
                    + (hold.isActive ? "; another person has to approve it" : ""))
        }
        if let person = hold.releasedBy, let time = hold.releasedAt {
            lines += Self.fact("released", "\(Self.time(time)) by \(person)")
        }
        return lines
    }

    /// A named value, on as many lines as it needs.
    private static func fact(_ name: String, _ value: String) -> [String] {
        value.printable.wrapped(to: 66).enumerated().map { index, line in
            "  \((index == 0 ? name : "").fitted(to: 10)) \(line)"
        }
    }

    /// `2026-11-25 07:10:00Z` of a time with its milliseconds.
    static func time(_ text: String) -> String {
        text.prefix(10) + " " + text.dropFirst(11).prefix(8) + "Z"
    }
}
