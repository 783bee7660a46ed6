internal import TransparencyLog

/// What the retention of recordings counts from has happened.
struct RetentionEventSet: ArchiveEvent {
    static let name = "event"

    let records: [String]
    let date: CalendarDate
    let reason: String

    init(of records: [String], on date: CalendarDate, reason: String) {
        self.records = records
        self.date = date
        self.reason = reason
    }

    init(reading line: EventLine) throws(MalformedEvent) {
        records = try line.texts("records")
        date = try line.need(CalendarDate(try line.text("date")))
        reason = try line.text("reason")
    }

    var details: [CanonicalJSON.Member] {
        [.text("date", date.description), .text("reason", reason), .texts("records", records)]
    }

    var entry: [CanonicalJSON.Member]? { RecordSet.entry(records) + [.text("date", date.description)] }

    func apply(to ledger: inout some Ledger, at place: EventPlace) throws {
        try ledger.setEventDate(date, of: records)
    }

    var effects: [FileEffect] { [.sidecarsRewritten(records)] }

    var sentence: AuditSentence {
        AuditSentence(.recordings(records), .text(date.description), .text(reason))
    }
}
