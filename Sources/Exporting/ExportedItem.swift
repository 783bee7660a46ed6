package import RecordingArchive

/// A recording that is to be exported, or was: what has to be remembered of each.
package struct ExportedItem: Sendable, Hashable {
    /// The recording's id.
    package let id: String
    /// The number of the journal's line of its ingest, which orders the bag.
    package let sequence: Int64
    /// The log's entry of its ingest.
    package let entry: Int64
    /// Bytes in its stored file.
    package let size: Int64
    /// Bytes in its original.
    package let originalSize: Int64

    init(_ recording: Recording) {
        id = recording.id
        sequence = recording.sequence
        entry = recording.ingestEntry
        size = recording.facts.stored.size
        originalSize = recording.facts.source.size
    }
}

extension ExportedItem {
    /// The recordings that pass a filter, in the order of their ingests.
    ///
    /// - Parameters:
    ///   - filter: The filter.
    ///   - archive: The archive.
    /// - Returns: The recordings.
    /// - Throws: `ArchiveError`.
    package static func matching(
        _ filter: RecordingFilter, in archive: RecordingArchive
    ) async throws -> [ExportedItem] {
        var items: [ExportedItem] = []
        var cursor: RecordingPage.Cursor?
        repeat {
            try Task.checkCancellation()
            let page = try await archive.recordings(matching: filter, limit: 500, after: cursor)
            items += page.recordings.map { ExportedItem($0) }
            cursor = page.next
        } while cursor != nil
        return items.sorted { $0.sequence < $1.sequence }
    }

    /// The recordings of some ids, each once, in the order of their ingests.
    ///
    /// - Parameters:
    ///   - ids: The ids.
    ///   - archive: The archive.
    ///   - missing: Is told the ids of which there is no recording, in the order given.
    /// - Returns: The recordings.
    /// - Throws: `ArchiveError`.
    package static func named(
        _ ids: [String], in archive: RecordingArchive, missing: (String) -> Void
    ) async throws -> [ExportedItem] {
        var items: [String: ExportedItem] = [:]
        var seen: Set<String> = []
        for id in ids where seen.insert(id).inserted {
            if let recording = try await archive.recording(id: id) {
                items[id] = ExportedItem(recording)
            } else {
                missing(id)
            }
        }
        return items.values.sorted { $0.sequence < $1.sequence }
    }
}
