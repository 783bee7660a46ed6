internal import AuditTrail
internal import GRDB

/// What the lines of the journal do to the tables of what became of listed messages, see `CatalogSchema.completeness`.
///
/// The catalog and the memory of a verification both have these tables.
enum CompletenessFold {
    /// Applies a line; false where it lacks what it must have, true also for lines that have no part in this.
    static func apply(_ line: JournalLine, _ database: Database) throws -> Bool {
        func execute(_ sql: String, _ arguments: StatementArguments) throws {
            try database.cachedStatement(sql: sql).execute(arguments: arguments)
        }
        switch line.event {
        case "listing":
            guard let address = line.text("address") else { return true }
            guard let pbx = line.text("pbx") else { return false }
            try execute(
                "INSERT OR REPLACE INTO box (address, pbx, serial) VALUES (?, ?, ?)",
                [
                    NULFreeText.encode(address), NULFreeText.encode(pbx),
                    line.text("serial").map(NULFreeText.encode),
                ])
        case "adopt":
            guard let record = line.text("record"), let messageKey = line.text("messageKey") else {
                return false
            }
            try execute(
                "INSERT OR REPLACE INTO adoption (line, record, messageKey) VALUES (?, ?, ?)",
                [line.number, record, messageKey])
        case "replace":
            guard let better = line.text("record"), let worse = line.text("replaces"),
                let messageKey = line.text("messageKey")
            else { return false }
            try execute(
                "INSERT OR IGNORE INTO replacement (worse, better, final) VALUES (?1, ?2, ?2)",
                [worse, better])
            try execute("UPDATE replacement SET final = ? WHERE final = ?", [better, worse])
            try execute("DELETE FROM refetch WHERE messageKey = ?", [messageKey])
        case "refetch":
            guard let messageKey = line.text("messageKey") else { return false }
            try execute(
                """
                INSERT INTO refetch (messageKey, tries, at) VALUES (?, 1, ?)
                ON CONFLICT (messageKey) DO UPDATE SET tries = tries + 1, at = excluded.at
                """,
                [messageKey, line.at.text])
        case "accept":
            guard let pbx = line.text("pbx"), let reason = line.text("reason"),
                let messages = line.pairs("messages")
            else { return false }
            for (key, count) in messages {
                try execute(
                    "INSERT OR REPLACE INTO acceptance (pbx, messageKey, count, at, actor, reason) VALUES (?, ?, ?, ?, ?, ?)",
                    [NULFreeText.encode(pbx), key, count, line.at.text, line.actor, reason])
            }
        default: break
        }
        return true
    }
}
