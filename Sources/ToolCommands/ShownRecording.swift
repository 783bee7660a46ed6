internal import AuditTrail
internal import Exporting
internal import Foundation
internal import RecordingArchive
internal import TransparencyLog

/// All that an archive can tell of one recording, gathered for `show`.
struct ShownRecording: Encodable {
    /// How many lines of the journal are shown: the newest.
    private static let lineLimit = 10

    let metadata: RecordingMetadata
    let holds: [Hold]
    /// The entries that the log has; nil where there is no log yet.
    let logSize: UInt64?
    let copies: [RecordingCopy]
    /// The best recording of the message; nil where that is this one.
    let replacedBy: String?
    /// The worse recordings of the message.
    let replaces: [String]
    let audit: [ShownAuditLine]

    var recording: Recording { metadata.recording }

    /// Whether the log has the entry of its ingest.
    var isLogged: Bool { logSize.map { $0 > UInt64(recording.ingestEntry) } ?? false }

    init(_ recording: Recording, in archive: RecordingArchive) async throws {
        metadata = RecordingMetadata(recording, path: archive.absolutePath(of: recording))
        let everHeld = try await archive.holds(on: recording.id)
        holds = everHeld.filter(\.isActive)
        logSize = try archive.logReader()?.size
        copies = try await archive.copies(of: recording)
        (replacedBy, replaces) = try await archive.replacements(of: recording.id)
        let ids = [recording.id] + everHeld.map(\.id)
        audit = try Self.audit(ids, from: Int(recording.sequence), in: archive)
    }

    /// The newest lines of the journal that name one of some ids.
    static func audit(_ ids: [String], from line: Int = 0, in archive: RecordingArchive) throws
        -> [ShownAuditLine]
    {
        var lines: [ShownAuditLine] = []
        try archive.forEachLine(naming: ids, from: line) { line in
            lines.append(ShownAuditLine(line))
            if lines.count > lineLimit { lines.removeFirst() }
        }
        return lines
    }

    private enum Key: String, CodingKey {
        case holdsInForce, logged, logSize, copies, replacedBy, replaces, audit
    }

    private struct HoldRow: Encodable {
        let hold, caseID, since, by: String

        enum CodingKeys: String, CodingKey {
            case hold, caseID = "case", since, by
        }
    }

    private struct CopyRow: Encodable {
        let replica, state: String
    }

    func encode(to encoder: any Encoder) throws {
        try metadata.encode(to: encoder)
        var row = encoder.container(keyedBy: Key.self)
        try row.encode(
            holds.map { HoldRow(hold: $0.id, caseID: $0.caseID, since: $0.placedAt, by: $0.placedBy) },
            forKey: .holdsInForce)
        try row.encode(isLogged, forKey: .logged)
        try row.encode(logSize, forKey: .logSize)
        try row.encode(
            copies.map { CopyRow(replica: $0.replica, state: $0.state.rawValue) }, forKey: .copies)
        try row.encode(replacedBy, forKey: .replacedBy)
        try row.encode(replaces, forKey: .replaces)
        try row.encode(audit, forKey: .audit)
    }
}

/// A line of the journal, as `show` has it.
struct ShownAuditLine: Encodable {
    let line: Int
    let at: String
    let actor: String
    let event: String
    /// What the line says beyond that, in a few words.
    let note: String?

    init(_ line: JournalLine) {
        self.line = line.number
        at = line.at.text
        actor = line.actor
        event = line.event
        let names = ["case", "policy", "date", "how", "format", "what", "why", "ground", "reason"]
        let notes = names.compactMap { line.details[$0]?.stringValue }
        note = notes.isEmpty ? nil : notes.joined(separator: ", ")
    }
}
