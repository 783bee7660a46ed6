internal import Digests
internal import GRDB
internal import TransparencyLog

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// A recording as a row of the catalog.
struct RecordingRow: FetchableRecord, PersistableRecord {
    static let databaseTableName = "recording"

    let recording: Recording

    /// 64 hexadecimal digits, hashed with the metadata so that the commitment to them can be forgotten.
    let salt: String

    init(_ recording: Recording, salt: String) {
        self.recording = recording
        self.salt = salt
    }

    /// Writes all columns but `holds`, which the rows of `holdMember` count.
    func encode(to container: inout PersistenceContainer) throws {
        let facts = recording.facts
        let time = facts.date.flatMap(MessageDate.init)?.unixSeconds
        guard let position = ListPosition(time: time, sequence: recording.sequence) else {
            throw CatalogContentError(reason: "the journal has more lines than a catalog can number")
        }
        container["position"] = position.number
        container["sequence"] = recording.sequence
        container["id"] = recording.id
        container["state"] = recording.state.rawValue
        container["path"] = recording.path
        container["salt"] = salt
        container["messageKey"] = recording.messageKey
        container["ingestEntry"] = recording.ingestEntry
        container["retentionPolicy"] = recording.retention.policy.description
        container["retentionEvent"] = recording.retention.event?.description
        container["retainUntil"] = recording.retention.until
        container["pbx"] = NULFreeText.encode(facts.identity.pbx)
        container["extension"] = NULFreeText.encode(facts.identity.extension)
        container["listedDate"] = NULFreeText.encode(facts.identity.listedDate)
        container["caller"] = NULFreeText.encode(facts.identity.caller)
        container["listedLength"] = NULFreeText.encode(facts.identity.listedLength)
        container["ordinal"] = recording.ordinal
        container["readStatus"] = NULFreeText.encode(facts.readStatus)
        container["date"] = facts.date.map(NULFreeText.encode)
        container["time"] = time
        container["sourceName"] = NULFreeText.encode(facts.source.name)
        container["sourceSize"] = facts.source.size
        container["sourceSHA256"] = facts.source.sha256.hexadecimal
        container["container"] = facts.source.container
        container["codec"] = facts.source.codec
        container["verdict"] = facts.verdict
        container["findings"] = facts.findings
        container["sampleRate"] = facts.audio?.sampleRate
        container["channels"] = facts.audio?.channels
        container["bitsPerSample"] = facts.audio?.bitsPerSample
        container["frames"] = facts.audio?.frames
        container["duration"] = facts.audio?.duration
        container["milliseconds"] = Self.milliseconds(facts.audio)
        container["storedSize"] = facts.stored.size
        container["storedSHA256"] = facts.stored.sha256.hexadecimal
        container["levelMode"] = facts.level?.mode
        container["levelMethod"] = facts.level?.method
        container["levelTarget"] = facts.level?.target
        container["levelMeasured"] = facts.level?.measured
        container["gain"] = facts.level?.gain
        container["limitedBy"] = facts.level?.limitedBy
        container["restore"] = facts.restore
        container["warnings"] = String(decoding: try JSONEncoder().encode(facts.warnings), as: UTF8.self)
        container["codes"] = Self.codes(facts)
        container["archivedAt"] = facts.archivedAt
        container["speech"] = try facts.speech.map(Self.json)
        container["answers"] = try Self.text(of: recording.answers)
        container["answerWords"] = Self.words(recording.answers)
    }

    init(row: Row) throws {
        func text(_ column: String) throws -> String {
            NULFreeText.decode(try row.decode(forColumn: column))
        }
        func digest(_ column: String) throws -> Digest {
            guard let digest = Digest(hexadecimal: try row.decode(String.self, forColumn: column)) else {
                throw CatalogContentError(reason: "\(column) is no SHA-256")
            }
            return digest
        }
        guard let state = Recording.State(rawValue: try row.decode(forColumn: "state")) else {
            throw CatalogContentError(reason: "an unknown state")
        }
        let path: String = try row.decode(forColumn: "path")
        guard FileNaming.isConfined(path, state) else { throw CatalogContentError.unconfinedPath }
        let warnings: String = try row.decode(forColumn: "warnings")
        let answers: String = try row.decode(forColumn: "answers")
        let facts = RecordingFacts(
            identity: MessageIdentity(
                pbx: try text("pbx"), extension: try text("extension"), listedDate: try text("listedDate"),
                caller: try text("caller"), listedLength: try text("listedLength")),
            readStatus: try text("readStatus"),
            date: try row.decode(String?.self, forColumn: "date").map(NULFreeText.decode),
            source: RecordingFacts.Source(
                name: try text("sourceName"), size: try row.decode(forColumn: "sourceSize"),
                sha256: try digest("sourceSHA256"), container: try row.decode(forColumn: "container"),
                codec: try row.decode(forColumn: "codec")),
            verdict: try row.decode(forColumn: "verdict"), findings: try row.decode(forColumn: "findings"),
            audio: try Self.audio(row),
            stored: RecordingFacts.StoredFile(
                size: try row.decode(forColumn: "storedSize"), sha256: try digest("storedSHA256")),
            level: try Self.level(row),
            speech: try row.decode(String?.self, forColumn: "speech").map {
                try JSONDecoder().decode(RecordingFacts.Speech.self, from: Data($0.utf8))
            }, restore: try row.decode(forColumn: "restore"),
            warnings: try JSONDecoder().decode([String].self, from: Data(warnings.utf8)),
            archivedAt: try row.decode(forColumn: "archivedAt"))
        recording = Recording(
            id: try row.decode(forColumn: "id"), sequence: try row.decode(forColumn: "sequence"),
            ordinal: try row.decode(forColumn: "ordinal"), state: state, path: path,
            messageKey: try row.decode(forColumn: "messageKey"),
            ingestEntry: try row.decode(forColumn: "ingestEntry"), retention: try Self.retention(row),
            holds: try row.decode(forColumn: "holds"), facts: facts,
            answers: answers == Self.noAnswers
                ? [] : try JSONDecoder().decode([HookAnswer].self, from: Data(answers.utf8)))
        salt = try row.decode(forColumn: "salt")
    }

    private static func retention(_ row: Row) throws -> Retention {
        let event = try row.decode(String?.self, forColumn: "retentionEvent")
        guard let policy = RetentionPolicy(try row.decode(forColumn: "retentionPolicy")),
            event == nil || event.flatMap(CalendarDate.init) != nil
        else {
            throw CatalogContentError(reason: "an unknown retention")
        }
        return Retention(
            policy: policy, event: event.flatMap(CalendarDate.init),
            until: try row.decode(forColumn: "retainUntil"))
    }

    /// What the column `answers` has where there is none, as for most recordings, which then need no decoding.
    private static let noAnswers = "[]"

    /// Answers as the column `answers` has them.
    static func text(of answers: [HookAnswer]) throws -> String {
        answers.isEmpty ? noAnswers : try json(answers)
    }

    private static func json(_ value: some Encodable) throws -> String {
        String(decoding: try CanonicalJSON(encoding: value).encoded(), as: UTF8.self)
    }

    /// Answers as the column `answerWords` has them.
    static func words(_ answers: [HookAnswer]) -> String {
        NULFreeText.encode(answers.map(\.words).joined(separator: " "))
    }

    /// The length in whole milliseconds, so that lengths add up the same in any order.
    private static func milliseconds(_ audio: RecordingFacts.Audio?) -> Int64? {
        audio.flatMap { Int64(exactly: ($0.duration * 1000).rounded()) }
    }

    /// The codes of findings and warnings, with spaces between.
    private static func codes(_ facts: RecordingFacts) -> String {
        struct Finding: Decodable { let code: String }
        let findings = try? JSONDecoder().decode([Finding].self, from: Data(facts.findings.utf8))
        return ((findings ?? []).map(\.code) + facts.warnings).joined(separator: " ")
    }

    private static func audio(_ row: Row) throws -> RecordingFacts.Audio? {
        guard let sampleRate = try row.decode(Int?.self, forColumn: "sampleRate") else { return nil }
        return RecordingFacts.Audio(
            sampleRate: sampleRate, channels: try row.decode(forColumn: "channels"),
            bitsPerSample: try row.decode(forColumn: "bitsPerSample"),
            frames: try row.decode(forColumn: "frames"),
            duration: try row.decode(Double?.self, forColumn: "duration") ?? 0)
    }

    private static func level(_ row: Row) throws -> RecordingFacts.Level? {
        guard let mode = try row.decode(String?.self, forColumn: "levelMode") else { return nil }
        return RecordingFacts.Level(
            mode: mode, method: try row.decode(forColumn: "levelMethod"),
            target: try row.decode(forColumn: "levelTarget"),
            measured: try row.decode(forColumn: "levelMeasured"),
            gain: try row.decode(forColumn: "gain"), limitedBy: try row.decode(forColumn: "limitedBy"))
    }
}

/// A row that this program cannot have written.
struct CatalogContentError: Error {
    /// A catalog that was tampered with must not lead anybody out of the archive.
    static let unconfinedPath = CatalogContentError(reason: "a path is none that a recording can have")

    let reason: String
}
