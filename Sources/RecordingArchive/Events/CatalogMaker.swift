internal import AuditTrail
internal import Digests
internal import DurableFiles
internal import GRDB
internal import TransparencyLog

/// Fills a catalog from a journal and sidecars.
struct CatalogMaker {
    /// The archive or replica whose journal is read.
    let journal: ArchiveLayout

    /// Where sidecars, answers and listings are looked for: the archive, and behind it copies of it.
    let places: [ArchiveLayout]

    /// The key that message keys are made with; nil where it is not known.
    let pseudonymKey: Digest?

    let operations: any FileOperations

    /// Whether what cannot be read is passed over: the journal from a damaged line on, and sidecars.
    ///
    /// A catalog without what a disk does not give for the moment, or what another user may not see, must not replace
    /// one that has it; it is good enough to hold the rest against it.
    let isLenient: Bool

    private let progress: (_ lines: Int64) -> Void

    /// What was come upon.
    private(set) var summary = RebuildSummary()

    /// How far the journal was read.
    private(set) var position = JournalPosition.start

    init(
        journal: ArchiveLayout, places: [ArchiveLayout], pseudonymKey: Digest?,
        operations: any FileOperations, isLenient: Bool = false,
        progress: @escaping (_ lines: Int64) -> Void = { _ in }
    ) {
        self.journal = journal
        self.places = places
        self.pseudonymKey = pseudonymKey
        self.operations = operations
        self.isLenient = isLenient
        self.progress = progress
    }

    /// Fills a catalog whose tables are empty, outside of a transaction.
    ///
    /// The closure adds rows of what the journal does not tell, while `sidecar(of:_:_:)` can be asked.
    mutating func fill(
        _ database: Database, completedBy complete: (Database, CatalogMaker) throws -> Void = { _, _ in }
    ) throws {
        try database.execute(
            sql: """
                CREATE TEMP TABLE found (id TEXT, place INTEGER, path TEXT NOT NULL, PRIMARY KEY (id, place)) STRICT;
                CREATE TEMP TABLE lost (id TEXT PRIMARY KEY) STRICT;
                """)
        for place in places.indices { try scan(place, database) }
        try fold(database)
        try complete(database, self)
        // The ingest of what was erased since has no sidecar to tell which PBX listed it.
        try database.execute(
            sql: """
                UPDATE listed SET archived = \(CatalogQueries.archivedCount("listed.messageKey"))
                """)
        summary.recordings = try CatalogQueries.rowCount(database)
        // What was erased and has a sidecar yet is what an erasure did not come to, also where it was damaged.
        try database.execute(
            sql: """
                INSERT OR IGNORE INTO removal (id, place, path, state)
                SELECT found.id, '', found.path, tombstone.state
                FROM found JOIN tombstone ON tombstone.id = found.id WHERE found.place = 0
                """)
        summary.answerless = try summary.answerless.filter {
            try CatalogQueries.recording(database, id: $0) != nil
        }
        summary.lost = try String.fetchAll(
            database, sql: "SELECT id FROM lost WHERE id NOT IN (SELECT id FROM tombstone) ORDER BY id")
        try database.execute(sql: "DROP TABLE temp.found; DROP TABLE temp.lost")
        for place in places {
            try passingOver { try Listing.describe(database, place, key: pseudonymKey, operations) }
        }
    }

    /// Does what may fail where files cannot be read.
    private func passingOver(_ body: () throws -> Void) throws {
        do {
            try body()
        } catch let error as FileError {
            guard isLenient else { throw error }
        }
    }

    /// Notes where each recording's sidecar is in a place.
    private mutating func scan(_ number: Int, _ database: Database) throws {
        let layout = places[number]
        var damaged: [String] = []
        for state in Recording.State.allCases {
            let suffix = state == .archived ? ".json" : ".record.json"
            try passingOver {
                try FolderWalk.files(
                    below: ArchiveLayout.folderName(of: state), in: layout, operations
                ) { path in
                    guard path.hasSuffix(suffix) else { return }
                    let absolute = layout.absolute(path)
                    guard let sidecar = try readable(absolute), Sidecar.path(of: sidecar.path, state) == path
                    else { return damaged.append(absolute) }
                    try database.execute(
                        sql: "INSERT INTO found (id, place, path) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                        arguments: [sidecar.id, number, sidecar.path])
                }
            }
        }
        if number == 0 { summary.damaged += damaged }
    }

    /// Reads a sidecar; nil where it is none as it was written.
    ///
    /// - Throws: `ArchiveError` where it cannot be read.
    private func readable(_ path: String) throws(ArchiveError) -> Sidecar? {
        do throws(ArchiveError) {
            return try Sidecar.readable(path, operations)
        } catch {
            guard isLenient else { throw error }
            return nil
        }
    }

    /// The sidecar of a recording with the facts of its ingest, wherever it is.
    ///
    /// - Returns: nil where there is none, with the paths of those that say otherwise.
    func sidecar(
        of record: String, _ commitment: String, _ database: Database
    ) throws -> (Sidecar?, damaged: [String]) {
        let rows = try Row.fetchAll(
            database, sql: "SELECT place, path FROM found WHERE id = ? ORDER BY place", arguments: [record])
        var paths = try rows.map { row in
            let path: String = try row.decode(forColumn: "path")
            let state = path.hasSuffix(".flac") ? Recording.State.archived : .quarantined
            return places[try row.decode(forColumn: "place")].absolute(Sidecar.path(of: path, state))
        }
        // An ingest that was cut short after its line has its sidecar as the intent, too.
        if paths.isEmpty, let archive = places.first {
            let intent = archive.intent(of: record)
            if try operations.status(of: intent) != nil { paths.append(intent) }
        }
        var damaged: [String] = []
        for path in paths {
            // The log knows the facts as they were; others must not come into the catalog.
            if let sidecar = try readable(path), try sidecar.commitment().hexadecimal == commitment {
                return (sidecar, damaged)
            }
            damaged.append(path)
        }
        return (nil, damaged)
    }

    private mutating func fold(_ database: Database) throws {
        var damaged: [String] = []
        var lostAnswers: [String: String] = [:]
        let maker = self
        var ledger = CatalogLedger(database: database, entries: 0) { record, commitment in
            let (sidecar, others) = try maker.sidecar(of: record, commitment.hexadecimal, database)
            if let sidecar { return sidecar }
            damaged += others
            try database.execute(
                sql: "INSERT INTO lost (id) VALUES (?) ON CONFLICT DO NOTHING", arguments: [record])
            return nil
        } answer: { recording, event in
            let answer = try maker.answer(to: recording, of: event.hook, event.commitment.hexadecimal)
            lostAnswers["\(recording.id) \(event.hook)"] = answer == nil ? recording.id : nil
            return answer
        }
        defer {
            summary.damaged += damaged
            summary.answerless = Set(lostAnswers.values).sorted()
        }
        var reader = try JournalReader(of: journal, operations: operations)
        var isOver = false
        while !isOver {
            var lines: [JournalLine] = []
            do throws(JournalError) {
                while lines.count < 1000, let line = try reader.next() { lines.append(line) }
                isOver = lines.isEmpty
            } catch {
                guard isLenient else { throw error }
                isOver = true
            }
            position = reader.position
            try database.inTransaction {
                for line in lines { try ledger.apply(line) }
                try Progress.set(.applied, position, database)
                return .commit
            }
            progress(Int64(position.lines))
        }
    }

    private func answer(
        to recording: Sidecar, of hook: String, _ commitment: String
    ) throws -> HookAnswer? {
        for place in places {
            do throws(ArchiveError) {
                let answer = try RecordingArchive.answer(
                    to: recording, of: hook, commitment, place, operations)
                if let answer { return answer }
            } catch {
                guard isLenient else { throw error }
            }
        }
        return nil
    }
}
