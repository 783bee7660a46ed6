internal import RecordingArchive

/// The status of an archive as a row of JSON.
struct StatusRow: Encodable {
    let archive: RecordingArchive
    let status: ArchiveStatus

    private enum Key: String, CodingKey {
        case archive, id, expected, archived, quarantined, replaced, erased, erasedPages, missing,
            oldestMissing, acceptedMissing, underWay, duration, storedSize
        case journalProblem, holds, pendingEntries, copies, verification, contacts, freeBytes, daysUntilFull
    }

    private struct Missing: Encodable {
        let pbx: String
        let `extension`: String?
        let date: String?
        let firstListed: String
    }

    private struct Copy: Encodable {
        let path: String
        let reached: Bool
        let linesBehind: Int?
        let recordingsBehind: Int?
        let erasuresBehind: Int
    }

    private struct Verification: Encodable {
        let at: String
        let checked: Int
        let damage: Int
        let deep: Bool
    }

    private struct Contact: Encodable {
        let pbx: String
        let at: String
        let messages: Int
    }

    func encode(to encoder: any Encoder) throws {
        var row = encoder.container(keyedBy: Key.self)
        let statistics = status.statistics
        try row.encode(archive.path, forKey: .archive)
        try row.encode(archive.id, forKey: .id)
        try row.encode(status.expected, forKey: .expected)
        try row.encode(statistics.archived, forKey: .archived)
        try row.encode(statistics.quarantined, forKey: .quarantined)
        try row.encode(status.replaced, forKey: .replaced)
        try row.encode(status.erased, forKey: .erased)
        try row.encode(status.hasErasedPages, forKey: .erasedPages)
        try row.encode(status.missing, forKey: .missing)
        try row.encode(
            status.oldestMissing.map {
                Missing(pbx: $0.pbx, extension: $0.extension, date: $0.date, firstListed: $0.firstListed)
            }, forKey: .oldestMissing)
        try row.encode(status.underWay, forKey: .underWay)
        try row.encode(status.acceptedMissing, forKey: .acceptedMissing)
        try row.encode(statistics.duration, forKey: .duration)
        try row.encode(statistics.storedSize, forKey: .storedSize)
        try row.encode(status.journalProblem, forKey: .journalProblem)
        try row.encode(status.holds, forKey: .holds)
        try row.encode(status.pendingEntries, forKey: .pendingEntries)
        try row.encode(
            status.copies.map {
                Copy(
                    path: $0.path, reached: $0.linesBehind != nil, linesBehind: $0.linesBehind,
                    recordingsBehind: $0.recordingsBehind, erasuresBehind: $0.erasuresBehind)
            }, forKey: .copies)
        try row.encode(
            status.verification.map {
                Verification(at: $0.at, checked: $0.checked, damage: $0.damage, deep: $0.deep)
            }, forKey: .verification)
        try row.encode(
            status.contacts.map { Contact(pbx: $0.pbx, at: $0.at, messages: $0.messages) }, forKey: .contacts)
        try row.encode(status.freeBytes, forKey: .freeBytes)
        try row.encode(status.daysUntilFull, forKey: .daysUntilFull)
    }
}
