import Foundation
import RecordingArchive
import TestSupport
import Testing

extension ScratchArchive {
    /// The entries of the journal's lines, cut out of their bytes by hand.
    func journalEntries() -> [String] {
        folder.lines("archive/journal/000000.jsonl").compactMap { line in
            line.range(of: #","entry":"#).map { String(line[$0.upperBound...].dropLast()) }
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
