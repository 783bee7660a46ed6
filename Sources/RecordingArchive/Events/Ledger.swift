internal import TransparencyLog

/// What follows from the lines of a journal, taken in one after the other: the catalog, and what a verification remembers.
///
/// Each ledger says what it makes of each thing that can happen; what it has no use for it passes over in so many words.
protocol Ledger {
    mutating func ingest(_ ingest: RecordingIngested, at place: EventPlace) throws
    mutating func erase(_ erasure: RecordingErased, at place: EventPlace) throws
    mutating func answer(_ answer: RecordingAnswered) throws
    mutating func place(_ hold: HoldPlaced, at place: EventPlace) throws
    mutating func requestRelease(of hold: String, at place: EventPlace) throws
    mutating func release(_ hold: String, at place: EventPlace) throws
    mutating func setPolicy(_ policy: RetentionPolicy, of records: [String]) throws
    mutating func setEventDate(_ date: CalendarDate, of records: [String]) throws
    mutating func rehearse(_ policies: [String], at place: EventPlace) throws
    mutating func list(_ listing: MessagesListed, at place: EventPlace) throws
    mutating func adopt(_ adoption: ListingAdopted, at place: EventPlace) throws
    mutating func replace(_ replacement: RecordingReplaced) throws
    mutating func countRefetch(of messageKey: String, at place: EventPlace) throws
    mutating func accept(_ acceptance: MissingAccepted, at place: EventPlace) throws
    mutating func addReplica(_ path: String, at place: EventPlace) throws
    mutating func keep(_ anchor: AnchorFiles, at place: EventPlace) throws
    mutating func set(_ setting: ArchiveSetting, to value: CanonicalJSON) throws
    mutating func note(_ verification: ArchiveVerified, at place: EventPlace) throws
}
