internal import GRDB

/// The tables of the catalog, one migration for each change.
enum CatalogSchema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("recordings") { database in
            try database.execute(sql: recordings)
        }
        return migrator
    }

    // `time` is `date` in seconds since 1970 in UTC, 0 where there is no date. It and `sequence` order every list,
    // so each index that serves a filter ends in it (and in `sequence`, as every index of SQLite does).
    private static let recordings = """
        CREATE TABLE recording (
            sequence INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            state TEXT NOT NULL CHECK (state IN ('archived', 'quarantined')),
            path TEXT NOT NULL UNIQUE,
            pbx TEXT NOT NULL,
            extension TEXT NOT NULL,
            listedDate TEXT NOT NULL,
            caller TEXT NOT NULL,
            listedLength TEXT NOT NULL,
            ordinal INTEGER NOT NULL,
            readStatus TEXT NOT NULL,
            date TEXT,
            time INTEGER NOT NULL,
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
            archivedAt TEXT NOT NULL
        ) STRICT;

        CREATE UNIQUE INDEX recordingByMessage
            ON recording (extension, listedDate, caller, listedLength, pbx, sourceSHA256, ordinal);
        CREATE INDEX recordingByTime ON recording (time);
        CREATE INDEX recordingByPBX ON recording (pbx, time);
        CREATE INDEX recordingByExtension ON recording (extension, time);
        CREATE INDEX recordingByCaller ON recording (caller, time);
        CREATE INDEX recordingByVerdict ON recording (verdict, time);
        CREATE INDEX recordingByState ON recording (state, time);
        """
}
