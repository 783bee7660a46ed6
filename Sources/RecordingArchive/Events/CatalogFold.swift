internal import AuditTrail
internal import Digests
internal import GRDB
internal import TransparencyLog

/// What each line of the journal does to the catalog: the catalog is the fold of these over all lines.
///
/// A line is applied in one transaction with the count of lines that were. All that is read is the line, the catalog
/// as earlier lines left it, and for an ingest the recording's sidecar.
struct CatalogFold {
    let database: Database
    /// How many entries the lines had that were applied so far.
    var entries: Int
    /// Reads the sidecar of a recording that is ingested, by its id and the commitment to its facts: nil where it is gone.
    let sidecar: (_ record: String, _ commitment: String) throws -> Sidecar?
    /// Finds the answer of a hook, by the recording as the catalog has it and the commitment to the answer: nil where
    /// a later one has taken its place, or it is gone.
    let answer: (_ recording: Sidecar, _ hook: String, _ commitment: String) throws -> HookAnswer?

    /// Applies the next line.
    mutating func apply(_ line: JournalLine) throws {
        let event = Event(line: line, entryIndex: line.entry == nil ? nil : entries)
        if line.entry != nil { entries += 1 }
        guard try CompletenessFold.apply(line, database) else { throw event.malformed }
        switch line.event {
        case "ingest": try ingest(event)
        case "erase": try erase(event)
        case "hold": try hold(event)
        case "release-request": try requestRelease(event)
        case "release": try release(event)
        case "retention": try changeRetention(event)
        case "event": try setEventDate(event)
        case "answer": try takeAnswer(event)
        case "listing": try list(event)
        case "adopt", "replace":
            if line.event == "replace" { try replace(event) }
            try recount(try event.text("messageKey"))
        case "dry-run": try noteDryRun(event)
        case "replica":
            try database.execute(
                sql: "INSERT INTO replica (path, addedAt) VALUES (?, ?) ON CONFLICT DO NOTHING",
                arguments: [try event.text("path"), line.at.text])
        case "verify": try Progress.set(.verification, Self.text(line.details), database)
        default: break
        }
        // A refusal, and the line that binds it, tell of nothing done: by being refused, a clock that is ahead must not
        // become the newest time. All times of the journal are written alike, so the text orders them.
        guard !["refused", "access"].contains(line.event) else { return }
        if try line.at.text > Progress.text(.newestTime, database) ?? "" {
            try Progress.set(.newestTime, line.at.text, database)
        }
    }

    private func ingest(_ event: Event) throws {
        let record = try event.text("record")
        guard let state = Recording.State(rawValue: try event.entryText("state")),
            let policy = RetentionPolicy(try event.entryText("retention")), let ingestEntry = event.entryIndex
        else { throw event.malformed }
        let messageKey = try event.text("messageKey")
        // It is gone where a later line erases the recording; any other loss is for a verification to tell.
        guard let sidecar = try sidecar(record, try event.entryText("metadata")) else { return }
        guard sidecar.id == record, sidecar.state == state else { throw event.malformed }
        let facts = sidecar.facts
        let recording = Recording(
            id: record, sequence: Int64(event.line.number), ordinal: sidecar.ordinal, state: state,
            path: sidecar.path,
            messageKey: messageKey, ingestEntry: Int64(ingestEntry),
            retention: Retention(policy: policy, created: facts.retentionStart), facts: facts)
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
            arguments: [NULFreeText.encode(facts.identity.pbx), messageKey])
        for hold in try Hold.active(database, future: true) where try hold.takesIn(recording, database) {
            try addMembers(hold.id, [record])
        }
    }

    private func erase(_ event: Event) throws {
        let record = try event.text("record")
        try database.execute(
            sql: """
                INSERT INTO tombstone
                    (id, erasedAt, kind, ground, actor, messageKey, state, ingestEntry, eraseEntry, stored, original)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                record, event.line.at.text, try event.text("kind"), try event.text("ground"),
                event.line.actor,
                try event.text("messageKey"), try event.text("state"), try event.integer("ingest"),
                event.entryIndex, try event.text("stored"), try event.text("original"),
            ])
        // The paths of files that have to go are known until they are gone, here and from each replica.
        try database.execute(
            sql: """
                INSERT INTO removal (id, place, path, state)
                SELECT recording.id, place.path, recording.path, recording.state
                FROM recording, (SELECT '' AS path UNION ALL SELECT path FROM replica) AS place
                WHERE recording.id = ?
                """,
            arguments: [record])
        try database.execute(sql: "DELETE FROM recording WHERE id = ?", arguments: [record])
        // In the same transaction, so that no crash makes it forgotten what is still on the pages.
        if database.changesCount > 0 { try Progress.set(.erasedOnPages, event.line.at.text, database) }
    }

    private func hold(_ event: Event) throws {
        let id = try event.text("hold")
        try database.execute(
            sql: """
                INSERT INTO hold (id, caseID, filter, future, reason, placedBy, placedAt, line)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                id, try event.text("case"), try event.line.details["filter"].map(Self.text),
                try event.boolean("future"), try event.text("reason"), event.line.actor, event.line.at.text,
                event.line.number,
            ])
        try addMembers(id, try event.texts("records"))
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

    private func requestRelease(_ event: Event) throws {
        try database.execute(
            sql: "UPDATE hold SET requestedBy = ?, requestedAt = ? WHERE id = ? AND releasedAt IS NULL",
            arguments: [event.line.actor, event.line.at.text, try event.text("hold")])
    }

    private func release(_ event: Event) throws {
        try database.execute(
            sql: "UPDATE hold SET releasedBy = ?, releasedAt = ? WHERE id = ? AND releasedAt IS NULL",
            arguments: [event.line.actor, event.line.at.text, try event.text("hold")])
    }

    private func changeRetention(_ event: Event) throws {
        guard let policy = RetentionPolicy(try event.text("policy")) else { throw event.malformed }
        try update(event) {
            Retention(policy: policy, event: $0.retention.event, created: $0.facts.retentionStart)
        }
    }

    private func setEventDate(_ event: Event) throws {
        guard let date = CalendarDate(try event.text("date")) else { throw event.malformed }
        try update(event) {
            Retention(policy: $0.retention.policy, event: date, created: $0.facts.retentionStart)
        }
    }

    private func update(_ event: Event, _ change: (Recording) -> Retention) throws {
        for record in try event.texts("records") {
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

    private func takeAnswer(_ event: Event) throws {
        let record = try event.text("record")
        // A recording that is erased later has no row when the catalog is made anew. An answer that a later one of the
        // same hook replaced is nowhere any more; any other loss is for a verification to tell.
        guard let recording = try CatalogQueries.sidecar(database, id: record),
            let answer = try answer(recording, try event.text("hook"), try event.text("answer"))
        else { return }
        let answers = (recording.answers.filter { $0.hook != answer.hook } + [answer])
            .sorted { $0.hook < $1.hook }
        try database.execute(
            sql: "UPDATE recording SET answers = ?, answerWords = ? WHERE id = ?",
            arguments: [try RecordingRow.text(of: answers), RecordingRow.words(answers), record])
    }

    private func list(_ event: Event) throws {
        let pbx = NULFreeText.encode(try event.text("pbx"))
        guard let messages = event.line.pairs("new") else { throw event.malformed }
        for (key, count) in messages {
            try database.execute(
                sql: """
                    INSERT INTO listed (pbx, messageKey, count, archived, firstListed)
                    VALUES (?1, ?2, ?3, \(CatalogQueries.archivedCount("?2")), ?4)
                    ON CONFLICT (pbx, messageKey) DO UPDATE SET count = max(count, excluded.count)
                    """,
                arguments: [pbx, key, count, event.line.at.text])
        }
        try database.execute(
            sql: """
                INSERT INTO contact (pbx, at, messages) VALUES (?, ?, ?)
                ON CONFLICT (pbx) DO UPDATE SET at = excluded.at, messages = excluded.messages
                """,
            arguments: [pbx, event.line.at.text, try event.integer("messages")])
    }

    /// Keeps both recordings of a message for the cases that one of them is for.
    private func replace(_ event: Event) throws {
        let records = [try event.text("record"), try event.text("replaces")]
        for hold in try event.texts("holds") { try addMembers(hold, records) }
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

    private func noteDryRun(_ event: Event) throws {
        for policy in try event.texts("policies") {
            try database.execute(
                sql: """
                    INSERT INTO dryRun (policy, at, line) VALUES (?, ?, ?)
                    ON CONFLICT (policy) DO UPDATE SET at = excluded.at, line = excluded.line
                    """,
                arguments: [policy, event.line.at.text, event.line.number])
        }
    }

    private static func text(_ value: CanonicalJSON) throws -> String {
        String(decoding: try value.encoded(), as: UTF8.self)
    }
}

extension CatalogFold {
    /// A line with its values by name.
    struct Event {
        let line: JournalLine
        let entryIndex: Int?

        var malformed: CatalogContentError {
            CatalogContentError(reason: "line \(line.number) of the journal is not of the form of its event")
        }

        func text(_ name: String) throws -> String {
            guard let value = line.details[name]?.stringValue else { throw malformed }
            return value
        }

        func texts(_ name: String) throws -> [String] {
            guard let values = line.details[name]?.arrayValue else { throw malformed }
            return try values.map {
                guard let value = $0.stringValue else { throw malformed }
                return value
            }
        }

        func integer(_ name: String) throws -> Int64 {
            guard let value = line.details[name]?.integerValue else { throw malformed }
            return value
        }

        func boolean(_ name: String) throws -> Bool {
            guard let value = line.details[name]?.boolValue else { throw malformed }
            return value
        }

        func entryText(_ name: String) throws -> String {
            guard let value = line.entry?[name]?.stringValue else { throw malformed }
            return value
        }
    }
}
