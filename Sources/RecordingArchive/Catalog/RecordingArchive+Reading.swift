public import Digests

extension RecordingArchive {
    /// How many messages of an identity the archive has or had: those in quarantine, erased ones, and those that were
    /// listed otherwise when they came included.
    ///
    /// - Parameter identity: What the PBX lists.
    /// - Returns: The number of messages; one of which better audio came later counts once.
    /// - Throws: `ArchiveError`.
    public nonisolated func count(of identity: MessageIdentity) async throws(ArchiveError) -> Int {
        let key = messageKey(of: identity)
        return try await catalog.read { try CatalogQueries.count($0, messageKey: key) }
    }

    /// The sources that the archive has or had of an identity: those in quarantine and erased ones included.
    ///
    /// - Parameter identity: What the PBX lists.
    /// - Returns: The SHA-256 of each.
    /// - Throws: `ArchiveError`.
    public nonisolated func archivedSources(
        of identity: MessageIdentity
    ) async throws(ArchiveError) -> Set<Digest> {
        let key = messageKey(of: identity)
        return try await catalog.read { try CatalogQueries.sources($0, messageKey: key) }
    }

    /// A page of the recordings that a filter lets through, newest first; those without a date count as of 1970.
    ///
    /// - Parameters:
    ///   - filter: The conditions.
    ///   - limit: The most recordings on the page, 1 to 100,000.
    ///   - cursor: Where the page begins: the `next` of the page before; nil for the first.
    /// - Returns: The page.
    /// - Throws: `ArchiveError`.
    public nonisolated func recordings(
        matching filter: RecordingFilter = RecordingFilter(), limit: Int = 100,
        after cursor: RecordingPage.Cursor? = nil
    ) async throws(ArchiveError) -> RecordingPage {
        try await catalog.read { try CatalogQueries.page($0, filter, limit: limit, after: cursor) }
    }

    /// The recording of an id; nil where there is none.
    ///
    /// - Parameter id: 32 lowercase hexadecimal digits.
    /// - Returns: The recording.
    /// - Throws: `ArchiveError`.
    public nonisolated func recording(id: String) async throws(ArchiveError) -> Recording? {
        try await catalog.read { try CatalogQueries.recording($0, id: id) }
    }

    /// The recording whose file has a path; nil where there is none.
    ///
    /// - Parameter path: Relative to the archive, as in `Recording.path`.
    /// - Returns: The recording.
    /// - Throws: `ArchiveError`.
    public nonisolated func recording(path: String) async throws(ArchiveError) -> Recording? {
        try await catalog.read { try CatalogQueries.recording($0, path: path) }
    }

    /// How much the archive holds.
    ///
    /// - Returns: Counts and sums over all recordings.
    /// - Throws: `ArchiveError`.
    public nonisolated func statistics() async throws(ArchiveError) -> ArchiveStatistics {
        try await catalog.read { try CatalogQueries.statistics($0) }
    }
}

extension RecordingArchive {
    /// A setting of the catalog's writing connection, as SQLite itself reports it.
    package nonisolated func catalogSetting(_ pragma: String) async throws(ArchiveError) -> String? {
        try await catalog.read { try CatalogQueries.setting($0, pragma) }
    }

    /// All rows of the catalog's tables as text, in a defined order: equal for two catalogs that hold the same.
    ///
    /// Where the archive is open for writing, the index of words is compared with the rows first.
    package func catalogFingerprint() throws(ArchiveError) -> String {
        guard isWritable else {
            return try catalog.readNow { try CatalogFingerprint.text($0, checkingWords: false) }
        }
        return try catalog.write { try CatalogFingerprint.text($0, checkingWords: true) }
    }
}
