internal import GRDB

/// The tables of the catalog, one migration for each change.
enum CatalogSchema {
    /// The migration that a catalog may lack and be read all the same.
    private static let newest = "completeness"

    /// Whether a catalog can be read: it has had all changes, or all but the newest, which only adds tables.
    static func isReadable(_ database: Database) throws -> Bool {
        let applied = try migrator.appliedIdentifiers(database)
        return applied.union([newest]).isSuperset(of: migrator.migrations)
    }

    /// Gives a connection that only reads the tables that its catalog lacks, as empty ones that end with it.
    ///
    /// Older versions have left archives on media that nothing writes to any more.
    static func standIn(_ database: Database) throws {
        guard try database.tableExists("listed"), try !database.tableExists("adoption") else { return }
        try database.execute(
            sql: "PRAGMA temp_store = MEMORY; "
                + completeness.replacing("CREATE TABLE", with: "CREATE TEMP TABLE"))
    }

    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("state") { database in
            for part in [recordings, tally, words, holds, journal] { try database.execute(sql: part) }
        }
        migrator.registerMigration("answers") { try $0.execute(sql: answers) }
        migrator.registerMigration(newest) { try $0.execute(sql: completeness + completenessIndexes) }
        return migrator
    }

    // `position` is a ListPosition: rows lie in the order of lists, and so do those of every index. `time` is `date`
    // in seconds since 1970 in UTC, NULL where there is no date. `sequence` is the journal's line of the ingest. `codes`
    // are those of the findings and the warnings, apart from their JSON.
    private static let recordings = """
        CREATE TABLE recording (
            position INTEGER PRIMARY KEY,
            sequence INTEGER NOT NULL UNIQUE,
            id TEXT NOT NULL UNIQUE,
            state TEXT NOT NULL CHECK (state IN ('archived', 'quarantined')),
            path TEXT NOT NULL UNIQUE,
            salt TEXT NOT NULL,
            messageKey TEXT NOT NULL,
            ingestEntry INTEGER NOT NULL,
            retentionPolicy TEXT NOT NULL,
            retentionEvent TEXT,
            retainUntil INTEGER,
            holds INTEGER NOT NULL DEFAULT 0 CHECK (holds >= 0),
            pbx TEXT NOT NULL,
            extension TEXT NOT NULL,
            listedDate TEXT NOT NULL,
            caller TEXT NOT NULL,
            listedLength TEXT NOT NULL,
            ordinal INTEGER NOT NULL,
            readStatus TEXT NOT NULL,
            date TEXT,
            time INTEGER,
            sourceName TEXT NOT NULL,
            sourceSize INTEGER NOT NULL,
            sourceSHA256 TEXT NOT NULL,
            container TEXT,
            codec TEXT,
            verdict TEXT NOT NULL,
            findings TEXT NOT NULL,
            sampleRate INTEGER,
            channels INTEGER,
            bitsPerSample INTEGER,
            frames INTEGER,
            duration REAL,
            milliseconds INTEGER,
            storedSize INTEGER NOT NULL,
            storedSHA256 TEXT NOT NULL,
            levelMode TEXT,
            levelMethod TEXT,
            levelTarget REAL,
            levelMeasured REAL,
            gain REAL,
            limitedBy TEXT,
            restore TEXT,
            warnings TEXT NOT NULL,
            codes TEXT NOT NULL,
            archivedAt TEXT NOT NULL
        ) STRICT;

        CREATE UNIQUE INDEX recordingByMessage
            ON recording (extension, listedDate, caller, listedLength, pbx, sourceSHA256, ordinal);
        CREATE INDEX recordingByMessageKey ON recording (messageKey);
        CREATE INDEX recordingByPBX ON recording (pbx);
        CREATE INDEX recordingByExtension ON recording (extension);
        CREATE INDEX recordingByCaller ON recording (caller);
        CREATE INDEX recordingByVerdict ON recording (verdict);
        CREATE INDEX recordingByState ON recording (state);
        CREATE INDEX recordingByPolicy ON recording (retentionPolicy);
        CREATE INDEX recordingByEnd ON recording (retainUntil);
        CREATE INDEX recordingByHolds ON recording (holds);
        CREATE INDEX recordingByLength ON recording (milliseconds);
        CREATE INDEX recordingWalk ON recording (
            position, verdict, state, extension, caller, pbx, milliseconds, holds, retainUntil, retentionPolicy);
        """

    // Sums of whole numbers, so that they are exact and the same in whatever order rows came. A row is never changed
    // in what is summed, only added and erased.
    private static let tally = """
        CREATE TABLE tally (
            state TEXT NOT NULL,
            verdict TEXT NOT NULL,
            count INTEGER NOT NULL,
            sourceSize INTEGER NOT NULL,
            storedSize INTEGER NOT NULL,
            milliseconds INTEGER NOT NULL,
            PRIMARY KEY (state, verdict)
        ) STRICT, WITHOUT ROWID;

        CREATE TRIGGER recordingTallied AFTER INSERT ON recording BEGIN
            INSERT INTO tally VALUES
                (new.state, new.verdict, 1, new.sourceSize, new.storedSize, ifnull(new.milliseconds, 0))
            ON CONFLICT DO UPDATE SET count = count + 1, sourceSize = sourceSize + new.sourceSize,
                storedSize = storedSize + new.storedSize,
                milliseconds = milliseconds + ifnull(new.milliseconds, 0);
        END;

        CREATE TRIGGER recordingUntallied AFTER DELETE ON recording BEGIN
            UPDATE tally SET count = count - 1, sourceSize = sourceSize - old.sourceSize,
                storedSize = storedSize - old.storedSize,
                milliseconds = milliseconds - ifnull(old.milliseconds, 0)
            WHERE state = old.state AND verdict = old.verdict;
            DELETE FROM tally WHERE state = old.state AND verdict = old.verdict AND count = 0;
        END;
        """

    // The index of words has no copy of the text; a row's words are told to it again when the row goes. Its second
    // column has a word for each of a row's values that filters name and that never change: a search for words and
    // values at once is then one intersection of sorted lists. Its rows are numbered by the negative position, so that
    // lists read it upwards: FTS5 of SQLite 3.40.1 leaves rows out where it seeks downwards. The view uses no
    // table-valued function, since FTS5 takes none in its content.
    private static let words = """
        CREATE VIEW recordingWords (position, place, words, facets) AS SELECT
            position, -position,
            pbx || ' ' || extension || ' ' || caller || ' ' || sourceName || ' ' || verdict || ' ' || codes,
            \(facets)
            FROM recording;

        CREATE VIRTUAL TABLE recordingText USING fts5 (
            words, facets, content = 'recordingWords', content_rowid = 'place',
            tokenize = "unicode61 remove_diacritics 2");

        CREATE TRIGGER recordingWritten AFTER INSERT ON recording BEGIN
            INSERT INTO recordingText (rowid, words, facets)
                SELECT place, words, facets FROM recordingWords WHERE position = new.position;
        END;

        CREATE TRIGGER recordingUnwritten BEFORE DELETE ON recording BEGIN
            INSERT INTO recordingText (recordingText, rowid, words, facets)
                SELECT 'delete', place, words, facets FROM recordingWords WHERE position = old.position;
        END;
        """

    // What hooks have answered, as the sidecar has it, and all texts in it, which the index of words finds too. Both
    // lie at the end of a row, where a scan of the others does not come across them.
    private static let answers = """
        ALTER TABLE recording ADD COLUMN speech TEXT;
        ALTER TABLE recording ADD COLUMN answers TEXT NOT NULL DEFAULT '[]';
        ALTER TABLE recording ADD COLUMN answerWords TEXT NOT NULL DEFAULT '';

        DROP VIEW recordingWords;
        CREATE VIEW recordingWords (position, place, words, facets) AS SELECT
            position, -position,
            pbx || ' ' || extension || ' ' || caller || ' ' || sourceName || ' ' || verdict || ' ' || codes
                || ' ' || answerWords,
            \(facets)
            FROM recording;

        CREATE TRIGGER recordingToBeAnswered BEFORE UPDATE OF answerWords ON recording BEGIN
            INSERT INTO recordingText (recordingText, rowid, words, facets)
                SELECT 'delete', place, words, facets FROM recordingWords WHERE position = old.position;
        END;

        CREATE TRIGGER recordingAnswered AFTER UPDATE OF answerWords ON recording BEGIN
            INSERT INTO recordingText (rowid, words, facets)
                SELECT place, words, facets FROM recordingWords WHERE position = new.position;
        END;
        """

    private static let facets =
        ListFacet.columns.map { "'\($0.prefix)' || hex(\($0.name))" }.joined(separator: " || ' ' || ")
        + " || ' ' || \(ListFacet.lengthExpression)"

    // `recording.holds` counts the holds that are not released. A member is named by the recording's position.
    private static let holds = """
        CREATE TABLE hold (
            id TEXT NOT NULL PRIMARY KEY,
            caseID TEXT NOT NULL,
            filter TEXT,
            future INTEGER NOT NULL CHECK (future IN (0, 1)),
            reason TEXT NOT NULL,
            placedBy TEXT NOT NULL,
            placedAt TEXT NOT NULL,
            line INTEGER NOT NULL,
            requestedBy TEXT,
            requestedAt TEXT,
            releasedBy TEXT,
            releasedAt TEXT
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX holdByCase ON hold (caseID);

        CREATE TABLE holdMember (
            hold TEXT NOT NULL REFERENCES hold (id),
            recording INTEGER NOT NULL REFERENCES recording (position) ON DELETE CASCADE,
            PRIMARY KEY (hold, recording)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX holdMemberByRecording ON holdMember (recording);

        CREATE TRIGGER recordingHeld AFTER INSERT ON holdMember
        WHEN (SELECT releasedAt FROM hold WHERE id = new.hold) IS NULL BEGIN
            UPDATE recording SET holds = holds + 1 WHERE position = new.recording;
        END;

        CREATE TRIGGER holdReleased AFTER UPDATE OF releasedAt ON hold
        WHEN old.releasedAt IS NULL AND new.releasedAt IS NOT NULL BEGIN
            UPDATE recording SET holds = holds - 1
            WHERE position IN (SELECT recording FROM holdMember WHERE hold = new.id);
        END;

        CREATE TRIGGER heldKept BEFORE DELETE ON recording WHEN old.holds > 0 BEGIN
            SELECT RAISE(ABORT, 'a recording under a hold cannot be erased');
        END;
        """

    // What became of listed messages, beyond the rows of recordings. An adoption is a listing that tells of a recording
    // otherwise than it was listed when it came, or once more. Of two recordings of one message the worse is replaced by
    // the better; `final` is the best one at the end of such a row. `refetch` counts how often better audio was looked
    // for in vain, and `acceptance` up to how many messages of an identity may be missing. `box` has the name by which the
    // messages of the PBX at an address were listed last.
    static let completeness = """
        CREATE TABLE adoption (
            line INTEGER PRIMARY KEY,
            record TEXT NOT NULL,
            messageKey TEXT NOT NULL
        ) STRICT;

        CREATE TABLE replacement (
            worse TEXT NOT NULL PRIMARY KEY,
            better TEXT NOT NULL,
            final TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE refetch (
            messageKey TEXT NOT NULL PRIMARY KEY,
            tries INTEGER NOT NULL,
            at TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE acceptance (
            pbx TEXT NOT NULL,
            messageKey TEXT NOT NULL,
            count INTEGER NOT NULL,
            at TEXT NOT NULL,
            actor TEXT NOT NULL,
            reason TEXT NOT NULL,
            PRIMARY KEY (pbx, messageKey)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE box (
            address TEXT NOT NULL PRIMARY KEY,
            pbx TEXT NOT NULL,
            serial TEXT
        ) STRICT, WITHOUT ROWID;
        """

    private static let completenessIndexes = """

        CREATE INDEX adoptionByMessageKey ON adoption (messageKey);
        CREATE INDEX adoptionByRecord ON adoption (record);
        CREATE INDEX replacementByBetter ON replacement (better);
        CREATE INDEX replacementByFinal ON replacement (final);
        CREATE INDEX tombstoneByOriginal ON tombstone (original);
        """

    private static let journal = """
        CREATE TABLE tombstone (
            id TEXT NOT NULL PRIMARY KEY,
            erasedAt TEXT NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('expired', 'request')),
            ground TEXT,
            actor TEXT NOT NULL,
            messageKey TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('archived', 'quarantined')),
            ingestEntry INTEGER NOT NULL,
            eraseEntry INTEGER NOT NULL,
            stored TEXT NOT NULL,
            original TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX tombstoneByMessageKey ON tombstone (messageKey);

        CREATE TABLE listed (
            pbx TEXT NOT NULL,
            messageKey TEXT NOT NULL,
            count INTEGER NOT NULL,
            archived INTEGER NOT NULL,
            firstListed TEXT NOT NULL,
            extension TEXT,
            date TEXT,
            caller TEXT,
            length TEXT,
            PRIMARY KEY (pbx, messageKey)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX listedMissing ON listed (firstListed, messageKey) WHERE archived < count;

        CREATE TABLE contact (
            pbx TEXT NOT NULL PRIMARY KEY,
            at TEXT NOT NULL,
            messages INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE dryRun (
            policy TEXT NOT NULL PRIMARY KEY,
            at TEXT NOT NULL,
            line INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE replica (
            path TEXT NOT NULL PRIMARY KEY,
            addedAt TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE removal (
            id TEXT NOT NULL,
            place TEXT NOT NULL,
            path TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('archived', 'quarantined')),
            PRIMARY KEY (id, place)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE progress (
            name TEXT NOT NULL PRIMARY KEY,
            value ANY NOT NULL
        ) STRICT, WITHOUT ROWID;
        """
}
