internal import AuditTrail
internal import TransparencyLog

extension RecordingArchive {
    /// Gives recordings another retention, which may keep them longer but never shorter.
    ///
    /// - Parameters:
    ///   - selection: The recordings.
    ///   - policy: How long they are kept from now on.
    ///   - reason: Why, for the audit trail.
    /// - Returns: How many recordings there are.
    /// - Throws: `ArchiveError`: `refused` where one would be kept shorter; then none is changed.
    public func extendRetention(
        of selection: RecordingSelection, to policy: RetentionPolicy, reason: String
    ) throws(ArchiveError) -> Int {
        try checkWritable()
        let ids = try ids(of: selection)
        for id in ids {
            let recording = try existing(id)
            let (old, event) = (recording.retention.policy, recording.retention.event)
            guard policy.isAtLeastAsLong(as: old, created: recording.facts.retentionStart, event: event)
            else {
                let why =
                    "the retention of the recording \(id) is \(old), which \(policy) would shorten; "
                    + "a retention can only be extended"
                try refuse("retention", about: id, why: why)
                throw .refused(why)
            }
        }
        guard !ids.isEmpty else { return 0 }
        try record(RetentionChanged(of: ids, to: policy, reason: reason))
        try flush()
        return ids.count
    }

    /// Says when the event happened that the retention of recordings counts from.
    ///
    /// - Parameters:
    ///   - selection: The recordings, whose retention must count from an event.
    ///   - date: The day of the event, in UTC.
    ///   - reason: Why, for the audit trail.
    /// - Returns: How many recordings there are.
    /// - Throws: `ArchiveError`: `refused` where the day would become an earlier one, or the retention counts from
    ///   creation; then none is changed.
    public func setEvent(
        of selection: RecordingSelection, to date: CalendarDate, reason: String
    ) throws(ArchiveError) -> Int {
        try checkWritable()
        let ids = try ids(of: selection)
        for id in ids {
            let retention = try existing(id).retention
            var why: String?
            if case .sinceEvent = retention.policy {
                if let earlier = retention.event, date.description < earlier.description {
                    why =
                        "the event of the recording \(id) was on \(earlier); an earlier day would shorten its "
                        + "retention"
                }
            } else {
                why =
                    "the retention of the recording \(id) is \(retention.policy), which counts from no event"
            }
            if let why {
                try refuse("event", about: id, why: why)
                throw .refused(why)
            }
        }
        guard !ids.isEmpty else { return 0 }
        try record(RetentionEventSet(of: ids, on: date, reason: reason))
        try flush()
        return ids.count
    }

    func existing(_ id: String) throws(ArchiveError) -> Recording {
        guard let recording = try catalog.readNow({ try CatalogQueries.recording($0, id: id) }) else {
            throw .noRecording(id: id)
        }
        return recording
    }
}
