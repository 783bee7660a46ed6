internal import AuditTrail
internal import GRDB
internal import TransparencyLog

/// A ledger with the tables of what became of listed messages, see `CatalogSchema.completeness`, and with that of progress, which
/// has the settings.
protocol CompletenessLedger: Ledger {
    var database: Database { get }
}

extension CompletenessLedger {
    func execute(_ sql: String, _ arguments: StatementArguments) throws {
        try database.cachedStatement(sql: sql).execute(arguments: arguments)
    }

    /// Takes in where a PBX is.
    func noteBox(of listing: MessagesListed) throws {
        guard let box = listing.box else { return }
        try execute(
            "INSERT OR REPLACE INTO box (address, pbx, serial) VALUES (?, ?, ?)",
            [
                NULFreeText.encode(box.address), NULFreeText.encode(listing.pbx),
                box.serial.map(NULFreeText.encode),
            ])
    }

    func noteAdoption(_ adoption: ListingAdopted, at place: EventPlace) throws {
        try execute(
            "INSERT OR REPLACE INTO adoption (line, record, messageKey) VALUES (?, ?, ?)",
            [place.line, adoption.record, adoption.messageKey])
    }

    func noteReplacement(_ replacement: RecordingReplaced) throws {
        let (worse, better) = (replacement.worse, replacement.better)
        try execute(
            "INSERT OR IGNORE INTO replacement (worse, better, final) VALUES (?1, ?2, ?2)", [worse, better])
        try execute("UPDATE replacement SET final = ? WHERE final = ?", [better, worse])
        try execute("DELETE FROM refetch WHERE messageKey = ?", [replacement.messageKey])
    }

    func countRefetch(of messageKey: String, at place: EventPlace) throws {
        try execute(
            """
            INSERT INTO refetch (messageKey, tries, at) VALUES (?, 1, ?)
            ON CONFLICT (messageKey) DO UPDATE SET tries = tries + 1, at = excluded.at
            """,
            [messageKey, place.at.text])
    }

    func set(_ setting: ArchiveSetting, to value: CanonicalJSON) throws {
        try Progress.set(.setting(setting), String(decoding: try value.encoded(), as: UTF8.self), database)
    }

    func accept(_ acceptance: MissingAccepted, at place: EventPlace) throws {
        for message in acceptance.messages {
            try execute(
                """
                INSERT OR REPLACE INTO acceptance (pbx, messageKey, count, at, actor, reason)
                VALUES (?, ?, ?, ?, ?, ?)
                """,
                [
                    NULFreeText.encode(acceptance.pbx), message.key, message.count, place.at.text,
                    place.actor,
                    acceptance.reason,
                ])
        }
    }
}
