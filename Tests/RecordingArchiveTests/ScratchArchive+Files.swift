import FileFaults
import Foundation
import RecordingArchive
import TestSupport
import Testing

extension ScratchArchive {
    /// The entries of the journal's lines, cut out of their bytes by hand.
    func journalEntries() -> [String] {
        folder.lines("archive/journal/000000.jsonl").compactMap { line in
            guard let start = line.range(of: #","entry":"#),
                let end = line.range(of: #","key":""#, options: .backwards)
            else { return nil }
            return String(line[start.upperBound..<end.lowerBound])
        }
    }

    /// The entries of the log's bundle, each of which has its length in two bytes before it; no log of a test fills one.
    func logEntries() throws -> [String] {
        let partial = folder("archive/log/tile/entries/000.p")
        let widths = try FileManager.default.contentsOfDirectory(atPath: partial).compactMap { Int($0) }
        // The shorter bundles of earlier checkpoints stay until there is a full one.
        let width = try #require(widths.max())
        var bytes = try Data(contentsOf: URL(filePath: "\(partial)/\(width)"))[...]
        var entries: [String] = []
        while let high = bytes.popFirst(), let low = bytes.popFirst() {
            let length = Int(high) << 8 | Int(low)
            entries.append(String(decoding: bytes.prefix(length), as: UTF8.self))
            bytes = bytes.dropFirst(length)
        }
        return entries
    }

    /// Whether entry k of the log is that of the k-th line that has one, and the checkpoint counts them all.
    func journalAgreesWithLog() throws -> Bool {
        let size = folder.lines("archive/log/checkpoint").dropFirst().first
        let entries = journalEntries()
        return try logEntries() == entries && size == String(entries.count)
    }
}

extension ScratchArchive {
    /// All rows of the catalog as an independent program reads them, in the order of their keys.
    ///
    /// Without what is only remembered of replicas, which their own files tell too: how far each has come, and what it
    /// has yet to remove. Of the index of words, the rows of one word.
    func dump(withProgress: Bool = true) throws -> String {
        let tables = try folder.sqlite(
            """
            SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'recordingText%'
                AND name NOT LIKE 'sqlite_%' AND name NOT IN ('progress', 'removal') ORDER BY name
            """
        ).split(separator: "\n")
        #expect(tables.count > 9)
        var queries = tables.map { "SELECT '\($0)'; SELECT * FROM \($0);" }
        queries.append("SELECT * FROM removal WHERE place = '';")
        if withProgress {
            queries.append("SELECT * FROM progress WHERE name NOT LIKE 'replica%' ORDER BY 1;")
        }
        queries.append("SELECT rowid FROM recordingText('office') ORDER BY 1;")
        return try folder.sqlite(queries.joined(separator: "\n"))
    }

    /// How many file operations it takes to open a copy for writing.
    func operationsOfOpening() async throws -> Int {
        let operations = FaultyFileOperations()
        _ = try await ScratchArchive(copying: self).open(operations: operations)
        return operations.trace.count
    }

    /// Makes the catalog anew, and lets the next run do what it has to do.
    func rebuild() async throws -> RebuildSummary {
        let summary = try RecordingArchive.rebuildCatalog(at: path, context: context())
        let archive = try await open()
        try await archive.close()
        return summary
    }

    func removeCatalog() throws {
        for name in folder.files() where name.hasPrefix("archive/catalog.sqlite") {
            try FileManager.default.removeItem(atPath: folder(name))
        }
    }
}
