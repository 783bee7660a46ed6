internal import TransparencyLog

/// A hold keeps recordings for a case until it is released.
struct HoldPlaced: ArchiveEvent {
    static let name = "hold"

    /// The id of the hold.
    let hold: String
    let caseID: String
    let reason: String
    let records: [String]
    /// The filter that chose them; nil where they were named.
    let filter: CanonicalJSON?
    /// Whether recordings that come later and pass the filter are taken in too.
    let takesInComing: Bool

    init(
        _ hold: String, case caseID: String, on records: [String], filter: RecordingFilter?,
        takesInComing: Bool, reason: String
    ) throws(ArchiveError) {
        self.hold = hold
        self.caseID = caseID
        self.reason = reason
        self.records = records
        self.filter = try filter?.canonicalJSON()
        self.takesInComing = takesInComing
    }

    init(reading line: EventLine) throws(MalformedEvent) {
        hold = try line.text("hold")
        caseID = try line.text("case")
        reason = try line.text("reason")
        records = try line.texts("records")
        filter = line.value("filter")
        takesInComing = try line.boolean("future")
    }

    private var shared: [CanonicalJSON.Member] {
        [.init("future", .bool(takesInComing)), .text("hold", hold)]
    }

    var details: [CanonicalJSON.Member] {
        shared + [.text("case", caseID), .text("reason", reason), .texts("records", records)]
            + (filter.map { [.init("filter", $0)] } ?? [])
    }

    var entry: [CanonicalJSON.Member]? { RecordSet.entry(records) + shared }

    func apply(to ledger: inout some Ledger, at place: EventPlace) throws {
        try ledger.place(self, at: place)
    }

    var effects: [FileEffect] { [.sidecarsRewritten(records)] }

    var sentence: AuditSentence {
        AuditSentence(
            .hold(hold), .text("case \(caseID)"), .recordings(records, andComing: takesInComing),
            .text(reason))
    }
}

/// Somebody has asked for the release of a hold; another person has to approve it.
struct ReleaseRequested: ArchiveEvent {
    static let name = "release-request"

    let hold: String
    let reason: String

    init(_ hold: String, reason: String) {
        self.hold = hold
        self.reason = reason
    }

    init(reading line: EventLine) throws(MalformedEvent) {
        hold = try line.text("hold")
        reason = try line.text("reason")
    }

    var details: [CanonicalJSON.Member] { [.text("hold", hold), .text("reason", reason)] }

    var entry: [CanonicalJSON.Member]? { [.text("hold", hold)] }

    func apply(to ledger: inout some Ledger, at place: EventPlace) throws {
        try ledger.requestRelease(of: hold, at: place)
    }

    var sentence: AuditSentence { AuditSentence(.hold(hold), .text(reason)) }
}

/// A hold keeps nothing any more.
struct HoldReleased: ArchiveEvent {
    static let name = "release"

    let hold: String
    let reason: String

    init(_ hold: String, reason: String) {
        self.hold = hold
        self.reason = reason
    }

    init(reading line: EventLine) throws(MalformedEvent) {
        hold = try line.text("hold")
        reason = try line.text("reason")
    }

    var details: [CanonicalJSON.Member] { [.text("hold", hold), .text("reason", reason)] }

    var entry: [CanonicalJSON.Member]? { [.text("hold", hold)] }

    func apply(to ledger: inout some Ledger, at place: EventPlace) throws {
        try ledger.release(hold, at: place)
    }

    var effects: [FileEffect] { [.sidecarsOfHoldRewritten(hold)] }

    var sentence: AuditSentence { AuditSentence(.hold(hold), .text(reason)) }
}

extension RecordingFilter {
    /// The filter as lines have it.
    func canonicalJSON() throws(ArchiveError) -> CanonicalJSON {
        do {
            return try CanonicalJSON(encoding: self)
        } catch {
            throw .unencodable(path: "a filter", reason: "\(error)")
        }
    }
}
