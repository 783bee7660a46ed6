internal import Ingestion
internal import PBXClient
internal import Transcoding

/// A message of a sync as a row of JSON: the names of `SourceReport`, and those of the message.
///
/// `replaces` has the ids of worse recordings of the message, and `adopted` that of the recording of a message that is
/// listed otherwise than when it came, with the `difference` in words.
struct SyncRow: Encodable {
    let item: SyncItem
    let pbxName: String

    private enum Key: String, CodingKey {
        case pbx, `extension`, caller, date, listedDate, listedLength, readStatus, pbxFile, outcome, warnings
        case replaces, adopted, difference
    }

    private var outcome: String {
        switch item.outcome {
        case .archived: "archived"
        case .quarantined: "quarantined"
        case .alreadyArchived, .noBetter, .unchanged: "known"
        case .adopted: "adopted"
        case .repeated: "repeated"
        case .failed: "failed"
        case .acceptedMissing: "accepted"
        case .missing: "missing"
        }
    }

    func encode(to encoder: any Encoder) throws {
        try item.report.encode(to: encoder)
        var row = encoder.container(keyedBy: Key.self)
        try row.encode(pbxName, forKey: .pbx)
        try row.encode(item.listing.extension, forKey: .extension)
        try row.encode(item.listing.caller, forKey: .caller)
        try row.encode(item.date, forKey: .date)
        try row.encode(item.listing.date, forKey: .listedDate)
        try row.encode(item.listing.length, forKey: .listedLength)
        try row.encode(item.listing.status?.rawValue, forKey: .readStatus)
        try row.encode(item.listing.file, forKey: .pbxFile)
        try row.encode(outcome, forKey: .outcome)
        try row.encode(item.warnings, forKey: .warnings)
        var replaced: [String] = []
        var adoption: (record: String, difference: String)?
        switch item.outcome {
        case .archived(let worse): replaced = worse
        case .adopted(let record, let difference): adoption = (record, difference)
        default: break
        }
        try row.encode(replaced, forKey: .replaces)
        try row.encode(adoption?.record, forKey: .adopted)
        try row.encode(adoption?.difference, forKey: .difference)
    }
}
