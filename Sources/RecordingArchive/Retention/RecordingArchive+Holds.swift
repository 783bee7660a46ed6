internal import AuditTrail
internal import TransparencyLog

extension RecordingArchive {
    /// How a call for a release ended.
    public enum ReleaseStep: Sendable, Hashable {
        /// It was recorded; another person has to approve it.
        case requested
        /// The hold keeps nothing any more.
        case released
    }

    /// Keeps recordings from being erased, whatever their retention says, until the hold is released; with each all
    /// recordings of its message.
    ///
    /// - Parameters:
    ///   - caseID: The case that it is for.
    ///   - selection: The recordings.
    ///   - future: Whether recordings that come later and pass the filter are taken in too.
    ///   - reason: Why, for the audit trail.
    /// - Returns: The hold.
    /// - Throws: `ArchiveError`, also where a filter is needed and ids were given.
    public func placeHold(
        case caseID: String, on selection: RecordingSelection, future: Bool, reason: String
    ) throws(ArchiveError) -> Hold {
        try checkWritable()
        var filter: RecordingFilter?
        if case .matching(let matching) = selection { filter = matching }
        guard !future || filter != nil else {
            throw .refused(
                "a hold on future recordings needs a filter that says which; give one instead of ids")
        }
        let id = context.randomID()
        try record(
            try HoldPlaced(
                id, case: caseID, on: try ids(of: selection), filter: filter, takesInComing: future,
                reason: reason))
        try flush()
        return try hold(id: id)
    }

    /// Asks for the release of a hold, or, called by another person after that, releases it.
    ///
    /// - Parameters:
    ///   - id: The hold.
    ///   - reason: Why, for the audit trail.
    /// - Returns: Which of the two it was.
    /// - Throws: `ArchiveError`: `refused` where the same person would do both, which the audit trail tells too.
    public func release(hold id: String, reason: String) throws(ArchiveError) -> ReleaseStep {
        try checkWritable()
        let hold = try hold(id: id)
        guard hold.isActive else {
            throw .refused("the hold \(id) was released at \(hold.releasedAt ?? ""); there is nothing to do")
        }
        guard let person = Person(context.actor) else {
            let why =
                "nothing can be seen of the name of who calls, and a release takes two people; give a name"
            try refuse("release", about: id, why: why)
            throw .refused(why)
        }
        guard let requester = hold.requestedBy else {
            try record(ReleaseRequested(id, reason: reason))
            try flush()
            return .requested
        }
        guard Person(requester) != person else {
            let why =
                "the release of the hold \(id) was asked for by \(requester); another person has to approve it"
            try refuse("release", about: id, why: why)
            throw .refused(why)
        }
        try record(HoldReleased(id, reason: reason))
        try flush()
        return .released
    }

    /// The holds that were ever placed, the oldest first.
    ///
    /// - Returns: The holds, released ones included.
    /// - Throws: `ArchiveError`.
    public nonisolated func holds() async throws(ArchiveError) -> [Hold] {
        try await catalog.read { try Hold.all($0) }
    }

    /// The holds that have taken in a recording, the oldest first.
    ///
    /// - Parameter id: The recording.
    /// - Returns: The holds, released ones included.
    /// - Throws: `ArchiveError`.
    public nonisolated func holds(on id: String) async throws(ArchiveError) -> [Hold] {
        try await catalog.read { try Hold.taking(id, $0) }
    }

    func hold(id: String) throws(ArchiveError) -> Hold {
        guard let hold = try catalog.readNow({ try Hold.with(id: id, $0) }) else { throw .noHold(id: id) }
        return hold
    }

    /// The ids that a selection stands for, each once, in the order of their ingests where it is a filter; with each come
    /// all recordings of its message, better and worse: what is ordered for a message is ordered for all of it.
    func ids(of selection: RecordingSelection) throws(ArchiveError) -> [String] {
        switch selection {
        case .ids(let ids):
            var seen: Set<String> = []
            for id in ids where seen.insert(id).inserted {
                guard try catalog.readNow({ try CatalogQueries.recording($0, id: id) }) != nil else {
                    throw .noRecording(id: id)
                }
            }
            return try withSameMessages(ids.filter { seen.remove($0) != nil })
        case .matching(let filter):
            return try withSameMessages(try catalog.readNow { try CatalogQueries.ids($0, matching: filter) })
        }
    }

    /// Writes down that something was asked for and not done.
    func refuse(_ what: String, about item: String, why: String) throws(ArchiveError) {
        try record(RequestRefused(what, about: item, why: why))
        try flush()
    }
}
