internal import GRDB

extension RecordingArchive {
    /// The holds that a recording is under now, the oldest first.
    ///
    /// - Parameter id: The recording.
    /// - Returns: The holds that are not released.
    /// - Throws: `ArchiveError`.
    public nonisolated func holds(on id: String) async throws(ArchiveError) -> [Hold] {
        try await catalog.read { database in
            try Hold.everTaking(id, database).compactMap { try Hold.with(id: $0, database) }.filter(
                \.isActive)
        }
    }

    /// The ids of the holds that have ever taken a recording in, released ones included, the oldest first.
    ///
    /// - Parameter id: The recording.
    /// - Returns: The holds' ids.
    /// - Throws: `ArchiveError`.
    package nonisolated func idsOfHolds(everOn id: String) async throws(ArchiveError) -> [String] {
        try await catalog.read { try Hold.everTaking(id, $0) }
    }
}

extension Hold {
    fileprivate static func everTaking(_ record: String, _ database: Database) throws -> [String] {
        try String.fetchAll(
            database,
            sql: """
                SELECT hold.id FROM recording
                JOIN holdMember ON holdMember.recording = recording.position JOIN hold ON hold.id = holdMember.hold
                WHERE recording.id = ? ORDER BY hold.line
                """,
            arguments: [record])
    }
}
