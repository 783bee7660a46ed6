internal import AuditTrail
internal import DurableFiles
internal import GRDB
internal import TransparencyLog

/// Holds one row of the catalog against what the journal and the log say of the recording.
struct RowCheck {
    let catalog: Catalog
    let state: JournalState
    let messageKey: (MessageIdentity) -> String

    /// What a row is found to be.
    enum Result {
        case right
        /// Something in it is not what it should be, but not the path.
        case altered
        /// The path is not one that its facts lead to, so the files are somewhere else.
        case misplaced
        /// The message key in the journal is not made with the archive's key.
        case foreignKey
        /// Others have changed the catalog since the journal was read.
        case unknown
    }

    /// Compares every column.
    ///
    /// - Parameters:
    ///   - row: The recording as the catalog has it; its facts are those of the log.
    ///   - line: The line of its ingest.
    ///   - entry: The index of the ingest's entry.
    func run(_ row: Recording, _ line: JournalLine, entry: Int64) throws(ArchiveError) -> Result {
        guard Self.isPlaced(row) else { return .misplaced }
        guard let policy = line.entry?["retention"]?.stringValue.flatMap({ RetentionPolicy($0) }),
            let recordingState = line.entry?["state"]?.stringValue.flatMap({ Recording.State(rawValue: $0) }),
            let key = line.text("messageKey")
        else { return .unknown }
        let retention = try state.retention(of: row.id, ingested: policy, created: row.facts.created)
        let holds = try state.holds(on: row.id, line: line.number) { (filter) throws(ArchiveError) in
            try catalog.readNow { try CatalogQueries.matches($0, filter, sequence: row.sequence) }
        }
        let expected = Recording(
            id: row.id, sequence: Int64(line.number), ordinal: row.ordinal, state: recordingState, path: row.path,
            messageKey: key, ingestEntry: entry, retention: retention, holds: holds?.count ?? row.holds,
            facts: row.facts)
        let (isRight, marks, lines) = try catalog.readNow { database in
            (
                try Self.columns(database, expected) == 1, try Hold.marks(on: row.id, database),
                try Progress.position(.applied, database).lines
            )
        }
        guard lines == state.lines else { return .unknown }
        guard isRight, row == expected, holds.map({ $0 == marks }) ?? true else { return .altered }
        return messageKey(row.facts.identity) == key ? .right : .foreignKey
    }

    /// How many rows have just the columns that a recording is written with.
    private static func columns(_ database: Database, _ recording: Recording) throws -> Int? {
        let columns = try RecordingRow(recording, salt: "").databaseDictionary.filter { $0.key != "salt" }
            .sorted { $0.key < $1.key }
        return try Int.fetchOne(
            database,
            sql: "SELECT COUNT(*) FROM recording WHERE " + columns.map { "\"\($0.key)\" IS ?" }.joined(separator: " AND "),
            arguments: StatementArguments(columns.map(\.value)))
    }

    /// Whether a path is one that the facts lead to: names that are taken get a number behind them.
    static func isPlaced(_ row: Recording) -> Bool {
        let stem = Folder.path(
            Folder.path(ArchiveLayout.folderName(of: row.state), FileNaming.folder(of: row.facts)),
            FileNaming.name(of: row.facts))
        let suffix = "." + ArchiveLayout.pathExtension(of: row.state)
        guard row.path.hasPrefix(stem), row.path.hasSuffix(suffix) else { return false }
        let number = row.path.dropFirst(stem.utf8.count).dropLast(suffix.utf8.count)
        return number.isEmpty || (number.first == "-" && UInt32(number.dropFirst()).map { $0 > 1 } ?? false)
    }
}
