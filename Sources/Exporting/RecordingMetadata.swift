internal import Digests
package import RecordingArchive
package import Transcoding

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// All that is known of a recording as an object of JSON; its names are those of `sync --json` and `list --json`.
///
/// Every name is present, and what is not known is null.
package struct RecordingMetadata: Encodable {
    private enum Key: String, CodingKey {
        case id, state, pbx, `extension`, caller, date, listedDate, listedLength, readStatus, ordinal
        case warnings, archivedAt, file, pbxFile, size, sha256, verdict, container, codec, sampleRate,
            channels
        case bitsPerSample, frames, duration, findings, output, outputSize, outputSHA256, original, levelMode
        case speech, text, answers
        case levelMethod, levelTarget, levelMeasured, gain, limitedBy, restore, retention, retentionEvent
        case retainUntil, holds, logEntry
    }

    /// The recording.
    package let recording: Recording

    /// The stored file, as the reader finds it.
    package let path: String

    /// The original beside it, as the reader finds it; nil where there is none.
    package let original: String?

    /// Describes a recording.
    package init(_ recording: Recording, path: String, original: String? = nil) {
        self.recording = recording
        self.path = path
        self.original = original
    }

    /// What the inspection found, with its messages.
    ///
    /// - Returns: The findings, in the order of the file.
    /// - Throws: `DecodingError` where the archive has something else.
    package func findings() throws -> [FindingRow] {
        try JSONDecoder().decode([FindingRow].self, from: Data(recording.facts.findings.utf8))
    }

    /// Encodes the object.
    ///
    /// - Parameter encoder: Where it goes.
    /// - Throws: What the encoder throws.
    package func encode(to encoder: any Encoder) throws {
        let facts = recording.facts
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
        try row.encode(recording.ordinal, forKey: .ordinal)
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
        try row.encode(original, forKey: .original)
        try row.encode(facts.level?.mode, forKey: .levelMode)
        try row.encode(facts.level?.method, forKey: .levelMethod)
        try row.encode(facts.level?.target, forKey: .levelTarget)
        try row.encode(facts.level?.measured, forKey: .levelMeasured)
        try row.encode(facts.level?.gain, forKey: .gain)
        try row.encode(facts.level?.limitedBy, forKey: .limitedBy)
        try row.encode(facts.speech, forKey: .speech)
        try row.encode(facts.restore, forKey: .restore)
        try row.encode(recording.retention.policy.description, forKey: .retention)
        try row.encode(recording.retention.event?.description, forKey: .retentionEvent)
        try row.encode(recording.retention.untilText, forKey: .retainUntil)
        try row.encode(recording.holds, forKey: .holds)
        try row.encode(recording.ingestEntry, forKey: .logEntry)
        try row.encode(recording.transcript, forKey: .text)
        try row.encode(recording.answers, forKey: .answers)
    }
}
