internal import AuditTrail
internal import Digests
internal import TransparencyLog

/// The events of an archive, each with what the journal says of it and what the log does.
extension JournalEvent {
    private init(_ name: String, details: [CanonicalJSON.Member], entry: [CanonicalJSON.Member]?) {
        self.init(name)
        self.details = details
        self.entry = entry
    }

    static func ingest(
        _ sidecar: Sidecar, messageKey: String, report: Digest?
    ) throws(ArchiveError) -> JournalEvent {
        let facts = sidecar.facts
        var details: [CanonicalJSON.Member] = [
            .init("messageKey", .string(messageKey)), .init("record", .string(sidecar.id)),
        ]
        if let report { details.append(.init("report", .string(report.hexadecimal))) }
        return JournalEvent(
            "ingest", details: details,
            entry: [
                .init("metadata", .string(try sidecar.commitment().hexadecimal)),
                .init("original", .string(facts.source.sha256.hexadecimal)),
                .init("originalSize", .integer(facts.source.size)), .init("record", .string(sidecar.id)),
                .init("retention", .string(sidecar.retention.policy.description)),
                .init("state", .string(sidecar.state.rawValue)),
                .init("stored", .string(facts.stored.sha256.hexadecimal)),
                .init("storedSize", .integer(facts.stored.size)),
            ])
    }

    static func hold(
        id: String, case caseID: String, records: [String], filter: RecordingFilter?, future: Bool,
        reason: String
    ) throws(ArchiveError) -> JournalEvent {
        var details: [CanonicalJSON.Member] = [
            .init("case", .string(caseID)), .init("future", .bool(future)), .init("hold", .string(id)),
            .init("reason", .string(reason)), .init("records", ids(records)),
        ]
        if let filter { details.append(.init("filter", try json(filter))) }
        return JournalEvent(
            "hold", details: details,
            entry: RecordSet.entry(records) + [.init("future", .bool(future)), .init("hold", .string(id))])
    }

    static func releaseRequest(hold: String, reason: String) -> JournalEvent {
        JournalEvent(
            "release-request", details: [.init("hold", .string(hold)), .init("reason", .string(reason))],
            entry: [.init("hold", .string(hold))])
    }

    static func release(hold: String, reason: String) -> JournalEvent {
        JournalEvent(
            "release", details: [.init("hold", .string(hold)), .init("reason", .string(reason))],
            entry: [.init("hold", .string(hold))])
    }

    static func retention(records: [String], policy: RetentionPolicy, reason: String) -> JournalEvent {
        let policy = CanonicalJSON.Member("policy", .string(policy.description))
        return JournalEvent(
            "retention",
            details: [policy, .init("reason", .string(reason)), .init("records", ids(records))],
            entry: RecordSet.entry(records) + [policy])
    }

    static func retentionEvent(records: [String], date: CalendarDate, reason: String) -> JournalEvent {
        let date = CanonicalJSON.Member("date", .string(date.description))
        return JournalEvent(
            "event", details: [date, .init("reason", .string(reason)), .init("records", ids(records))],
            entry: RecordSet.entry(records) + [date])
    }

    static func erase(_ recording: Recording, kind: String, ground: String) -> JournalEvent {
        let record = CanonicalJSON.Member("record", .string(recording.id))
        let kind = CanonicalJSON.Member("kind", .string(kind))
        let digests: [CanonicalJSON.Member] = [
            .init("original", .string(recording.facts.source.sha256.hexadecimal)),
            .init("stored", .string(recording.facts.stored.sha256.hexadecimal)),
        ]
        return JournalEvent(
            "erase",
            details: [
                record, kind, .init("ground", .string(ground)),
                .init("ingest", .integer(recording.ingestEntry)),
                .init("messageKey", .string(recording.messageKey)),
                .init("state", .string(recording.state.rawValue)),
            ] + digests,
            entry: [record, kind] + digests)
    }

    static func refused(what: String, about item: String, why: String) -> JournalEvent {
        JournalEvent(
            "refused",
            details: [
                .init("about", .string(item)), .init("what", .string(what)), .init("why", .string(why)),
            ], entry: nil)
    }

    static func dryRun(policies: [String], count: Int) -> JournalEvent {
        JournalEvent(
            "dry-run",
            details: [
                .init("count", .integer(Int64(count))), .init("policies", ids(policies)),
            ], entry: nil)
    }

    /// A PBX has listed messages; where it is, where that or its name is new.
    static func listing(
        pbx: String, messages: Int, new: [(key: String, count: Int)], box: PBXBox?
    ) -> JournalEvent {
        var details: [CanonicalJSON.Member] = [
            .init("messages", .integer(Int64(messages))), .init("new", pairs(new)),
            .init("pbx", .string(pbx)),
        ]
        if let box { details.append(.init("address", .string(box.address))) }
        if let serial = box?.serial { details.append(.init("serial", .string(serial))) }
        return JournalEvent("listing", details: details, entry: nil)
    }

    /// A recording is what the PBX lists under another key, or once more under its own.
    static func adopt(_ record: String, messageKey: String, reason: String) -> JournalEvent {
        JournalEvent(
            "adopt",
            details: [
                .init("messageKey", .string(messageKey)), .init("reason", .string(reason)),
                .init("record", .string(record)),
            ], entry: nil)
    }

    /// Better audio of a message came; the holds are those that kept the worse one, and keep both from now on.
    static func replace(
        _ worse: String, by better: String, messageKey: String, holds: [String]
    ) -> JournalEvent {
        let members: [CanonicalJSON.Member] = [
            .init("record", .string(better)), .init("replaces", .string(worse)),
        ]
        return JournalEvent(
            "replace",
            details: members + [
                .init("holds", ids(holds)), .init("messageKey", .string(messageKey)),
            ], entry: members)
    }

    /// A message was fetched again, and what came was no better.
    static func refetch(messageKey: String) -> JournalEvent {
        JournalEvent("refetch", details: [.init("messageKey", .string(messageKey))], entry: nil)
    }

    /// Somebody knows that messages of a PBX are missing; each key with the number up to which they may be.
    static func accept(pbx: String, messages: [(key: String, count: Int)], reason: String) -> JournalEvent {
        JournalEvent(
            "accept",
            details: [
                .init("messages", pairs(messages)), .init("pbx", .string(pbx)),
                .init("reason", .string(reason)),
            ], entry: RecordSet.entry(messages.map(\.key)))
    }

    static func verify(_ summary: VerificationSummary, from start: UInt64, isDeep: Bool) -> JournalEvent {
        let numbers: [CanonicalJSON.Member] = [
            .init("checked", .integer(Int64(summary.recordings))),
            .init("copies", .integer(Int64(summary.copies))),
            .init("damage", .integer(Int64(summary.damage))), .init("deep", .bool(isDeep)),
            .init("entries", .integer(Int64(summary.entries))), .init("from", .integer(Int64(start))),
        ]
        let findings = summary.findings.map {
            CanonicalJSON.Member($0.key.rawValue, .integer(Int64($0.value)))
        }
        return JournalEvent(
            "verify", details: numbers + [.init("findings", .object(findings))], entry: numbers)
    }

    static func anchor(
        _ name: String, time: String, token: Digest, of checkpoint: [UInt8]
    ) -> JournalEvent {
        let members: [CanonicalJSON.Member] = [
            .init("anchor", .string(name)), .init("time", .string(time)),
            .init("checkpoint", .string(SHA256Hasher.digest(of: checkpoint).hexadecimal)),
            .init("token", .string(token.hexadecimal)),
        ]
        return JournalEvent("anchor", details: members, entry: members)
    }

    /// No path of a file: such a path has an extension and a caller in it.
    static func repair(_ repair: ArchiveRepair) -> JournalEvent {
        let about: [CanonicalJSON.Member] = [
            .init("kind", .string(repair.kind.rawValue)),
            .init("record", repair.record.map { .string($0) } ?? .null),
        ]
        return JournalEvent(
            "repair",
            details: about + [
                .init("replica", repair.replica.map { .string($0) } ?? .null),
                .init("source", .string(repair.source ?? "")),
            ], entry: about)
    }

    static func replica(path: String) -> JournalEvent {
        JournalEvent("replica", details: [.init("path", .string(path))], entry: nil)
    }

    static func answer(_ answer: HookAnswer, to sidecar: Sidecar) throws(ArchiveError) -> JournalEvent {
        let record = CanonicalJSON.Member("record", .string(sidecar.id))
        let commitment = CanonicalJSON.Member(
            "answer", .string(try answer.commitment(salt: sidecar.salt).hexadecimal))
        return JournalEvent(
            "answer", details: [record, commitment, .init("hook", .string(answer.hook))],
            entry: [record, commitment])
    }

    static func read(_ record: String, how: String) -> JournalEvent {
        JournalEvent(
            "read", details: [.init("how", .string(how)), .init("record", .string(record))], entry: nil)
    }

    static func export(_ records: [String], format: String, filter: RecordingFilter?) throws(ArchiveError)
        -> JournalEvent
    {
        let format = CanonicalJSON.Member("format", .string(format))
        var details = [format, .init("records", ids(records))]
        if let filter { details.append(.init("filter", try json(filter))) }
        return JournalEvent("export", details: details, entry: RecordSet.entry(records) + [format])
    }

    private static func ids(_ ids: [String]) -> CanonicalJSON { .array(ids.map { .string($0) }) }

    private static func pairs(_ pairs: [(key: String, count: Int)]) -> CanonicalJSON {
        .array(pairs.map { .array([.string($0.key), .integer(Int64($0.count))]) })
    }

    private static func json(_ filter: RecordingFilter) throws(ArchiveError) -> CanonicalJSON {
        do {
            return try CanonicalJSON(encoding: filter)
        } catch {
            throw .unencodable(path: "a filter", reason: "\(error)")
        }
    }

    static func key(new: String, old: String?, reason: String) -> JournalEvent {
        JournalEvent(
            "key", details: ["reason": .string(reason)],
            entry: ["new": .string(new), "old": old.map { .string($0) } ?? .null])
    }
}

/// A number of records, as an entry binds them without naming them all.
enum RecordSet {
    /// SHA-256 over the ids in ascending order, each followed by a line feed.
    static func digest(_ ids: [String]) -> Digest {
        SHA256Hasher.digest(of: Array(ids.sorted().map { $0 + "\n" }.joined().utf8))
    }

    static func entry(_ ids: [String]) -> [CanonicalJSON.Member] {
        [.init("count", .integer(Int64(ids.count))), .init("digest", .string(digest(ids).hexadecimal))]
    }
}
