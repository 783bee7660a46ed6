internal import Digests
internal import RecordingArchive
internal import Transcoding

/// The table of recordings as CSV (RFC 4180): UTF-8, a header, lines that end in CR LF.
///
/// Values are written as they are. A caller such as `+441632960961` begins with a character that spreadsheets take for
/// a formula, and is data all the same: to alter it would make the table wrong for every program that reads it.
enum MetadataTable {
    private static let columns = [
        "id", "date", "pbx", "extension", "caller", "duration", "verdict", "findings", "warnings", "state",
        "file", "fileSize", "fileSHA256", "original", "pbxFile", "size", "sha256", "container", "codec",
        "sampleRate", "channels", "bitsPerSample", "frames", "listedDate", "listedLength", "readStatus",
        "ordinal", "levelMode", "levelMethod", "levelTarget", "levelMeasured", "gain", "limitedBy", "restore",
        "archivedAt", "retention", "retentionEvent", "retainUntil", "holds", "logEntry", "text",
    ]

    static var header: String { line(columns) }

    static func row(_ metadata: RecordingMetadata) throws -> String {
        let recording = metadata.recording
        let facts = recording.facts
        let codes = try metadata.findings().map(\.code)
        return line(
            [
                recording.id, text(facts.date), facts.identity.pbx, facts.identity.extension,
                facts.identity.caller, text(facts.audio?.duration), facts.verdict,
                codes.joined(separator: " "), facts.warnings.joined(separator: " "),
                recording.state.rawValue, metadata.path, "\(facts.stored.size)",
                facts.stored.sha256.hexadecimal, text(metadata.original), facts.source.name,
                "\(facts.source.size)", facts.source.sha256.hexadecimal, text(facts.source.container),
                text(facts.source.codec), text(facts.audio?.sampleRate), text(facts.audio?.channels),
                text(facts.audio?.bitsPerSample), text(facts.audio?.frames), facts.identity.listedDate,
                facts.identity.listedLength, facts.readStatus, "\(recording.ordinal)",
            ] + level(facts) + [
                facts.archivedAt, recording.retention.policy.description,
                text(recording.retention.event), text(recording.retention.untilText),
                "\(recording.holds)", "\(recording.ingestEntry)", recording.transcript ?? "",
            ])
    }

    private static func level(_ facts: RecordingFacts) -> [String] {
        let level = facts.level
        return [
            text(level?.mode), text(level?.method), text(level?.target), text(level?.measured),
            text(level?.gain), text(level?.limitedBy), text(facts.restore),
        ]
    }

    private static func text(_ value: (some CustomStringConvertible)?) -> String { value?.description ?? "" }

    static func line(_ fields: [String]) -> String {
        fields.map(field).joined(separator: ",") + "\r\n"
    }

    /// A field, in quotation marks where it has a comma, a quotation mark or a line break.
    private static func field(_ text: String) -> String {
        guard text.utf8.contains(where: { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }) else { return text }
        var quoted = "\""
        for scalar in text.unicodeScalars {
            if scalar == "\"" { quoted.unicodeScalars.append(scalar) }
            quoted.unicodeScalars.append(scalar)
        }
        return quoted + "\""
    }
}
