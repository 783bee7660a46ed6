internal import Foundation
internal import RecordingArchive
internal import Transcoding

/// What lies beside a source in quarantine: the row of its inspection, and the facts of its message.
struct QuarantineReport {
    let report: SourceReport
    let facts: RecordingFacts

    private enum Key: String, CodingKey {
        case message
    }

    private struct Content: Encodable {
        let report: SourceReport
        let facts: RecordingFacts

        func encode(to encoder: any Encoder) throws {
            try report.encode(to: encoder)
            var row = encoder.container(keyedBy: Key.self)
            try row.encode(facts, forKey: .message)
        }
    }

    /// The file's bytes: JSON, with its names in a fixed order.
    func encoded() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
        return Array(try encoder.encode(Content(report: report, facts: facts))) + Array("\n".utf8)
    }
}
