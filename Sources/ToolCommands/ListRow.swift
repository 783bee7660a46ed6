internal import Digests
internal import Foundation
internal import RecordingArchive
internal import Transcoding

/// A recording as a row of JSON; its names are those of `sync --json`, as far as both have them.
struct ListRow: Encodable {
    let recording: Recording
    let archive: RecordingArchive

    private enum Key: String, CodingKey {
        case id, state, pbx, `extension`, caller, date, listedDate, listedLength, readStatus, warnings,
            archivedAt
        case file, pbxFile, size, sha256, verdict, container, codec, sampleRate, channels, bitsPerSample,
            frames
        case duration, findings, output, outputSize, outputSHA256, levelMode, levelMethod, levelTarget
        case levelMeasured, gain, limitedBy, restore
        case holds, retention, retainUntil
    }

    func encode(to encoder: any Encoder) throws {
        let facts = recording.facts
        let path = archive.absolutePath(of: recording)
        let isArchived = recording.state == .archived
        var row = encoder.container(keyedBy: Key.self)
        try row.encode(recording.id, forKey: .id)
        try row.encode(recording.state.rawValue, forKey: .state)
        try row.encode(facts.identity.pbx, forKey: .pbx)
        try row.encode(facts.identity.extension, forKey: .extension)
        try row.encode(facts.identity.caller, forKey: .caller)
        try row.encode(facts.date, forKey: .date)
        try row.encode(facts.identity.listedDate, forKey: .listedDate)
        try row.encode(facts.identity.listedLength, forKey: .listedLength)
        try row.encode(facts.readStatus, forKey: .readStatus)
        try row.encode(facts.warnings, forKey: .warnings)
        try row.encode(facts.archivedAt, forKey: .archivedAt)
        try row.encode(isArchived ? nil : path, forKey: .file)
        try row.encode(facts.source.name, forKey: .pbxFile)
        try row.encode(facts.source.size, forKey: .size)
        try row.encode(facts.source.sha256.hexadecimal, forKey: .sha256)
        try row.encode(facts.verdict, forKey: .verdict)
        try row.encode(facts.source.container, forKey: .container)
        try row.encode(facts.source.codec, forKey: .codec)
        try row.encode(facts.audio?.sampleRate, forKey: .sampleRate)
        try row.encode(facts.audio?.channels, forKey: .channels)
        try row.encode(facts.audio?.bitsPerSample, forKey: .bitsPerSample)
        try row.encode(facts.audio?.frames, forKey: .frames)
        try row.encode(facts.audio?.duration, forKey: .duration)
        try row.encode(try findings(), forKey: .findings)
        try row.encode(isArchived ? path : nil, forKey: .output)
        try row.encode(isArchived ? facts.stored.size : nil, forKey: .outputSize)
        try row.encode(isArchived ? facts.stored.sha256.hexadecimal : nil, forKey: .outputSHA256)
        try row.encode(facts.level?.mode, forKey: .levelMode)
        try row.encode(facts.level?.method, forKey: .levelMethod)
        try row.encode(facts.level?.target, forKey: .levelTarget)
        try row.encode(facts.level?.measured, forKey: .levelMeasured)
        try row.encode(facts.level?.gain, forKey: .gain)
        try row.encode(facts.level?.limitedBy, forKey: .limitedBy)
        try row.encode(facts.restore, forKey: .restore)
        try row.encode(recording.holds, forKey: .holds)
        try row.encode(recording.retention.policy.description, forKey: .retention)
        try row.encode(recording.retention.untilText, forKey: .retainUntil)
    }

    private func findings() throws -> [FindingRow] {
        try JSONDecoder().decode([FindingRow].self, from: Data(recording.facts.findings.utf8))
    }
}
