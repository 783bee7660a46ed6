internal import AuditTrail
internal import Digests
internal import GRDB
internal import TransparencyLog

/// The catalog as a ledger: it is what follows from all lines of the journal.
///
/// A line is applied in one transaction with the count of lines that were. All that is read is the line, the catalog
/// as earlier lines left it, for an ingest the recording's sidecar, and the answer that a line tells of.
struct CatalogLedger: CompletenessLedger {
    let database: Database
    /// How many entries the lines had that were applied so far.
    var entries: Int
    /// Reads the sidecar of a recording that is ingested, by its id and the commitment to its facts: nil where it is gone.
    let sidecar: (_ record: String, _ commitment: Digest) throws -> Sidecar?
    /// Finds the answer of a hook, by the recording as the catalog has it and the commitment to the answer: nil where
    /// a later one has taken its place, or it is gone.
    let answer: (_ recording: Sidecar, _ answer: RecordingAnswered) throws -> HookAnswer?

    /// Applies the next line.
    mutating func apply(_ line: JournalLine) throws {
        let place = EventPlace(line, entriesBefore: entries)
        if line.entry != nil { entries += 1 }
        // What anybody can write does nothing, and tells nothing of the time.
        guard line.isSigned else { return }
        let event = try line.archiveEvent()
        try event?.apply(to: &self, at: place)
        guard let event, type(of: event).isWork else { return }
        // All times of the journal are written alike, so the text orders them.
        if try place.at.text > Progress.text(.newestTime, database) ?? "" {
            try Progress.set(.newestTime, place.at.text, database)
        }
    }

    // MARK: Recordings

    func ingest(_ ingest: RecordingIngested, at place: EventPlace) throws {
        guard let entry = place.entry else { throw MalformedEvent(line: place.line) }
        // It is gone where a later line erases the recording; any other loss is for a verification to tell.
        guard let sidecar = try sidecar(ingest.record, ingest.commitment) else { return }
        guard sidecar.id == ingest.record, sidecar.state == ingest.state else {
            throw MalformedEvent(line: place.line)
        }
        let facts = sidecar.facts
        let recording = Recording(
            id: ingest.record, sequence: Int64(place.line), ordinal: sidecar.ordinal, state: ingest.state,
            path: sidecar.path, messageKey: ingest.messageKey, ingestEntry: Int64(entry),
            retention: Retention(policy: ingest.policy, created: facts.retentionStart), facts: facts)
        try CatalogQueries.insert(database, recording, salt: sidecar.salt.hexadecimal)
        try database.execute(
            sql: """
                UPDATE listed SET archived = archived + 1,
                    extension = iif(archived + 1 >= count, NULL, extension),
                    date = iif(archived + 1 >= count, NULL, date),
                    caller = iif(archived + 1 >= count, NULL, caller),
                    length = iif(archived + 1 >= count, NULL, length)
                WHERE pbx = ? AND messageKey = ?
                """,
            arguments: [NULFreeText.encode(facts.identity.pbx), ingest.messageKey])
        for hold in try Hold.active(database, future: true) where try hold.takesIn(recording, database) {
            try addMembers(hold.id, [ingest.record])
        }
    }

    func erase(_ erasure: RecordingErased, at place: EventPlace) throws {
        try database.execute(
            sql: """
                INSERT INTO tombstone
                    (id, erasedAt, kind, ground, actor, messageKey, state, ingestEntry, eraseEntry, stored, original)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                erasure.record, place.at.text, erasure.kind, erasure.ground, place.actor, erasure.messageKey,
                erasure.state.rawValue, erasure.ingestEntry, place.entry, erasure.stored.hexadecimal,
                erasure.original.hexadecimal,
            ])
        // The paths of files that have to go are known until they are gone, here and from each replica.
        try database.execute(
            sql: """
                INSERT INTO removal (id, place, path, state)
                SELECT recording.id, place.path, recording.path, recording.state
                FROM recording, (SELECT '' AS path UNION ALL SELECT path FROM replica) AS place
                WHERE recording.id = ?
                """,
            arguments: [erasure.record])
        try database.execute(sql: "DELETE FROM recording WHERE id = ?", arguments: [erasure.record])
        // In the same transaction, so that no crash makes it forgotten what is still on the pages.
        if database.changesCount > 0 { try Progress.set(.erasedOnPages, place.at.text, database) }
    }

    func answer(_ event: RecordingAnswered) throws {
        // A recording that is erased later has no row when the catalog is made anew. An answer that a later one of the
        // same hook replaced is nowhere any more; any other loss is for a verification to tell.
        guard let recording = try CatalogQueries.sidecar(database, id: event.record),
            let answer = try answer(recording, event)
        else { return }
        let answers = (recording.answers.filter { $0.hook != answer.hook } + [answer])
            .sorted { $0.hook < $1.hook }
        try database.execute(
            sql: "UPDATE recording SET answers = ?, answerWords = ? WHERE id = ?",
            arguments: [try RecordingRow.text(of: answers), RecordingRow.words(answers), event.record])
    }

    // MARK: Holds and retention

    func place(_ hold: HoldPlaced, at place: EventPlace) throws {
        try database.execute(
            sql: """
                INSERT INTO hold (id, caseID, filter, future, reason, placedBy, placedAt, line)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                hold.hold, hold.caseID, try hold.filter.map(Self.text), hold.takesInComing, hold.reason,
                place.actor, place.at.text, place.line,
            ])
        try addMembers(hold.hold, hold.records)
    }

    private func addMembers(_ hold: String, _ records: [String]) throws {
        for record in records {
            // A recording that is erased later has no row when the catalog is made anew.
            try database.execute(
                sql: """
                    INSERT INTO holdMember (hold, recording) SELECT ?, position FROM recording WHERE id = ?
                    ON CONFLICT DO NOTHING
                    """,
                arguments: [hold, record])
        }
    }

    func requestRelease(of hold: String, at place: EventPlace) throws {
        try database.execute(
            sql: "UPDATE hold SET requestedBy = ?, requestedAt = ? WHERE id = ? AND releasedAt IS NULL",
            arguments: [place.actor, place.at.text, hold])
    }

    func release(_ hold: String, at place: EventPlace) throws {
        try database.execute(
            sql: "UPDATE hold SET releasedBy = ?, releasedAt = ? WHERE id = ? AND releasedAt IS NULL",
            arguments: [place.actor, place.at.text, hold])
    }

    func setPolicy(_ policy: RetentionPolicy, of records: [String]) throws {
        try update(records) {
            Retention(policy: policy, event: $0.retention.event, created: $0.facts.retentionStart)
        }
    }

    func setEventDate(_ date: CalendarDate, of records: [String]) throws {
        try update(records) {
            Retention(policy: $0.retention.policy, event: date, created: $0.facts.retentionStart)
        }
    }

    private func update(_ records: [String], _ change: (Recording) -> Retention) throws {
        for record in records {
            guard let recording = try CatalogQueries.recording(database, id: record) else { continue }
            let retention = change(recording)
            try database.execute(
                sql: """
                    UPDATE recording SET retentionPolicy = ?, retentionEvent = ?, retainUntil = ? WHERE id = ?
                    """,
                arguments: [
                    retention.policy.description, retention.event?.description, retention.until, record,
                ])
        }
    }

    func rehearse(_ policies: [String], at place: EventPlace) throws {
        for policy in policies {
            try database.execute(
                sql: """
                    INSERT INTO dryRun (policy, at, line) VALUES (?, ?, ?)
                    ON CONFLICT (policy) DO UPDATE SET at = excluded.at, line = excluded.line
                    """,
                arguments: [policy, place.at.text, place.line])
        }
    }

    // MARK: Listed messages

    func list(_ listing: MessagesListed, at place: EventPlace) throws {
        try noteBox(of: listing)
        let pbx = NULFreeText.encode(listing.pbx)
        for message in listing.new {
            try database.execute(
                sql: """
                    INSERT INTO listed (pbx, messageKey, count, archived, firstListed)
                    VALUES (?1, ?2, ?3, \(CatalogQueries.archivedCount("?2")), ?4)
                    ON CONFLICT (pbx, messageKey) DO UPDATE SET count = max(count, excluded.count)
                    """,
                arguments: [pbx, message.key, message.count, place.at.text])
        }
        try database.execute(
            sql: """
                INSERT INTO contact (pbx, at, messages) VALUES (?, ?, ?)
                ON CONFLICT (pbx) DO UPDATE SET at = excluded.at, messages = excluded.messages
                """,
            arguments: [pbx, place.at.text, listing.messages])
    }

    func adopt(_ adoption: ListingAdopted, at place: EventPlace) throws {
        try noteAdoption(adoption, at: place)
        try recount(adoption.messageKey)
    }

    func replace(_ replacement: RecordingReplaced) throws {
        try noteReplacement(replacement)
        // Both recordings of the message are kept for the cases that one of them is for.
        for hold in replacement.holds { try addMembers(hold, [replacement.better, replacement.worse]) }
        try recount(replacement.messageKey)
    }

    /// Counts anew what is archived of a key.
    private func recount(_ messageKey: String) throws {
        try database.execute(
            sql: """
                UPDATE listed SET archived = \(CatalogQueries.archivedCount("listed.messageKey"))
                WHERE messageKey = ?
                """,
            arguments: [messageKey])
        try database.execute(
            sql: """
                UPDATE listed SET extension = NULL, date = NULL, caller = NULL, length = NULL
                WHERE messageKey = ? AND archived >= count
                """,
            arguments: [messageKey])
    }

    // MARK: The archive

    func addReplica(_ path: String, at place: EventPlace) throws {
        try database.execute(
            sql: "INSERT INTO replica (path, addedAt) VALUES (?, ?) ON CONFLICT DO NOTHING",
            arguments: [path, place.at.text])
    }

    // A verification reads in the journal which anchors there must be.
    func keep(_ anchor: AnchorFiles, at place: EventPlace) {}

    func note(_ verification: ArchiveVerified, at place: EventPlace) throws {
        let told = CanonicalJSON.object(verification.details + [.text("at", place.at.text)])
        try Progress.set(.verification, Self.text(told), database)
    }

    private static func text(_ value: CanonicalJSON) throws -> String {
        String(decoding: try value.encoded(), as: UTF8.self)
    }
}
