internal import AuditTrail
internal import DurableFiles
public import Foundation
internal import TransparencyLog

extension RecordingArchive {
    /// Erases recordings on a lawful request, whatever their retention says.
    ///
    /// The audio, the sidecar with its salt and the report go; a tombstone stays, and old proofs stay valid. With a
    /// recording go all others of its message, better and worse. While another process reads the catalog,
    /// its pages keep what was in the row, see `hasErasedPages()`.
    ///
    /// - Parameters:
    ///   - ids: The recordings.
    ///   - ground: Why it is lawful; kept in the audit trail for ever, so it must name no caller.
    /// - Returns: The ids of all that were erased.
    /// - Throws: `ArchiveError`: `refused` where one of them is held; then none is erased.
    @discardableResult
    public func erase(_ ids: [String], ground: String) throws(ArchiveError) -> [String] {
        try checkWritable()
        let ids = try self.ids(of: .ids(ids))
        for id in ids where try existing(id).holds > 0 {
            let why = "the recording \(id) is held and cannot be erased; release its holds first"
            try refuse("erase", about: id, why: why)
            throw .refused(why)
        }
        try erase(ids, kind: "request") { _ in ground }
        return ids
    }

    /// The recordings that are erased when some are: themselves, and all others of their messages.
    ///
    /// - Parameter ids: The recordings.
    /// - Returns: Their ids.
    /// - Throws: `ArchiveError`.
    public func idsGoing(with ids: [String]) throws(ArchiveError) -> [String] {
        try self.ids(of: .ids(ids))
    }

    /// Erases every recording whose retention has ended and that no hold keeps, or only tells which these are.
    ///
    /// - Parameters:
    ///   - filter: Which recordings to look at.
    ///   - isDryRun: Whether to erase nothing; the audit trail remembers which policies were looked at so.
    ///   - witness: The newest time that somebody else vouches for; nil where there is none.
    ///   - tolerance: How many seconds the clock may be ahead of `witness`.
    /// - Returns: What was found.
    /// - Throws: `ArchiveError`: `refused` where the clock cannot be trusted, or a policy was not looked at before.
    public func expire(
        matching filter: RecordingFilter = RecordingFilter(), isDryRun: Bool, witness: Date? = nil,
        tolerance: TimeInterval = 31 * 86_400
    ) throws(ArchiveError) -> Expiry {
        try checkWritable()
        let now = context.now()
        try checkClock(now, witness: witness, tolerance: tolerance)
        var expiry = try due(matching: filter, on: now)
        let policies = expiry.policies.keys.sorted()
        if isDryRun {
            try record(ExpiryRehearsed(of: policies, count: expiry.ids.count))
            try flush()
            return expiry
        }
        let seen = try catalog.readNow { try CatalogQueries.policiesOfDryRuns($0) }
        if let new = policies.first(where: { !seen.contains($0) }) {
            let why =
                "the policy \(new) has never been tried; run expire --dry-run first and read what it would erase"
            try refuse("expire", about: new, why: why)
            throw .refused(why)
        }
        let grounds = Dictionary(uniqueKeysWithValues: expiry.items.map { ($0.id, "retention \($0.policy)") })
        try erase(expiry.ids, kind: "expired") { grounds[$0] ?? "" }
        expiry.wereErased = true
        return expiry
    }

    /// Finds the recordings whose retention has ended.
    ///
    /// - Parameter filter: Which recordings to look at.
    /// - Returns: What was found, of which nothing was erased.
    /// - Throws: `ArchiveError`.
    public func due(matching filter: RecordingFilter) throws(ArchiveError) -> Expiry {
        try due(matching: filter, on: context.now())
    }

    private func due(matching filter: RecordingFilter, on now: Date) throws(ArchiveError) -> Expiry {
        let moment = Int64(now.timeIntervalSince1970)
        // A condition on retention that the caller has set holds too.
        let found = try catalog.readNow { try CatalogQueries.expired($0, matching: filter, before: moment) }
        return Expiry(items: found, wereErased: false)
    }

    private func checkClock(
        _ now: Date, witness: Date?, tolerance: TimeInterval
    ) throws(ArchiveError) {
        var why: String?
        let newest = try catalog.readNow { try Progress.text(.newestTime, $0) }
        if let newest, JournalTime(now).text < newest {
            why =
                "the clock says \(JournalTime(now).text), but the archive was at work at \(newest); "
                + "set the clock right before anything is erased"
        } else if let witness, now.timeIntervalSince(witness) > tolerance {
            why =
                "the clock is \(Int(now.timeIntervalSince(witness) / 86_400)) days ahead of the newest time stamp "
                + "from outside (\(JournalTime(witness).text)); run anchor first, or set the clock right"
        }
        guard let why else { return }
        try refuse("expire", about: "the clock", why: why)
        throw .refused(why)
    }

    private func erase(_ ids: [String], kind: String, ground: (String) -> String) throws(ArchiveError) {
        // Some hundreds at a time, so that what is erased soon has its entry in the log.
        for start in stride(from: 0, to: ids.count, by: batchSize) {
            var events: [any ArchiveEvent] = []
            for id in ids[start..<min(start + batchSize, ids.count)] {
                events.append(RecordingErased(try existing(id), kind: kind, ground: ground(id)))
            }
            try record(events)
            try flush()
        }
        do throws(ArchiveError) {
            try forgetErased()
        } catch {
            // What is erased is erased; when there is room, the next run that writes does the rest.
            guard error.isFullDisk, (try? DiskReserve.isThere(layout, operations)) != true else {
                throw error
            }
        }
        fillReserve()
    }

    /// Takes what was erased off the catalog's pages, where that is still to be done.
    ///
    /// - Parameter patience: How long to wait for another process that reads them, in milliseconds.
    /// - Throws: `ArchiveError`.
    func forgetErased(patience: Int = 2000) throws(ArchiveError) {
        guard try hasErasedPages() else { return }
        // What is left of a catalog that was damaged has the same rows.
        try Self.files(layout) { () throws(FileError) in
            let damaged = layout.damagedCatalog
            if try operations.status(of: damaged) != nil { try operations.remove(damaged) }
        }
        guard try catalog.forgetErased(patience: patience) else { return }
        try catalog.write { try Progress.forget(.erasedOnPages, $0) }
    }

    /// Whether the catalog's files may still have bytes of what was erased, because another process reads them.
    ///
    /// The next run that writes takes them out.
    ///
    /// - Returns: Whether that is so.
    /// - Throws: `ArchiveError`.
    public nonisolated func hasErasedPages() throws(ArchiveError) -> Bool {
        try catalog.readNow { try Progress.text(.erasedOnPages, $0) } != nil
    }

    /// The tombstone of a recording that was erased; nil where there is none.
    ///
    /// - Parameter id: The id that the recording had.
    /// - Returns: The tombstone.
    /// - Throws: `ArchiveError`.
    public nonisolated func tombstone(id: String) async throws(ArchiveError) -> Tombstone? {
        try await catalog.read { try Tombstone.with(id: id, $0) }
    }
}
