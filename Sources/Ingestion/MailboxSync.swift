package import Foundation
package import PBXClient
package import RecordingArchive
package import Transcoding

/// Brings an archive up to what a PBX lists: every message exactly once, however often it runs and wherever it
/// was killed before.
package struct MailboxSync: Sendable {
    /// How often the mailboxes are listed again because messages moved while they were being fetched.
    private static let mostRounds = 5

    /// How many messages in a row may find the PBX unreachable.
    ///
    /// One alone may be a file that breaks every connection, and must not keep the others on the box.
    private static let mostUnreachable = 3

    private let session: PBXSession
    private let ingest: MessageIngest
    private let archive: RecordingArchive
    private let pbxName: String
    private let box: PBXBox?
    private let width: Int
    private let now: @Sendable () -> Date

    /// Prepares a sync.
    ///
    /// - Parameters:
    ///   - session: The PBX.
    ///   - archive: Where recordings go; open for writing.
    ///   - transcoder: What makes and proves them.
    ///   - pbxName: The PBX's name in identities, folders and tags.
    ///   - box: Where the PBX is, so that it is known again; nil where that does not count.
    ///   - timeZone: The zone that the PBX's clock shows.
    ///   - dateOrder: What comes first in its dates where the year comes last; nil where nobody has said it.
    ///   - retention: How long recordings are kept.
    ///   - jobs: How many messages to transcode at once.
    ///   - now: The clock that dates catalog rows, and by which better audio is looked for; no file depends on it.
    package init(
        session: PBXSession, archive: RecordingArchive, transcoder: Transcoder, pbxName: String,
        box: PBXBox? = nil, timeZone: TimeZone, dateOrder: DateOrder? = nil,
        retention: RetentionPolicy = .undecided, jobs: Int,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.session = session
        self.archive = archive
        self.pbxName = pbxName
        self.box = box
        self.now = now
        // One more than is transcoded keeps the PBX busy while the processors are; it limits its own requests.
        width = jobs + 1
        ingest = MessageIngest(
            session: session, archive: archive, transcoder: transcoder, pool: BlockingPool(width: jobs),
            dates: ListedDates(in: timeZone, order: dateOrder), retention: retention, now: now)
    }

    /// What the rounds of one sync have in common.
    private struct Course {
        var summary = SyncSummary()
        /// The identities with which this sync is done.
        var settled: Set<MessageIdentity> = []
        /// What is known of the others.
        var past: [MessageIdentity: GroupPast] = [:]
        /// The messages as they were listed last in any round.
        var seen: [MessageIdentity: VoicemailListing] = [:]
        /// What the last round listed; nil before the first.
        var latest: [VoicemailListing]?
        /// What of that could not be read.
        var unreadable: [UnreadableEntry] = []
    }

    /// Fetches what the archive lacks, and what it has only in part where it is time to look for better audio.
    ///
    /// A message that fails does not keep the others from being fetched. What makes all further work pointless (a
    /// refused login, a full disk) ends the sync and is part of the summary, as is a cancellation: what is
    /// archived by then stays.
    ///
    /// - Parameters:
    ///   - selection: The mailboxes.
    ///   - report: Is told each event, in no particular order and from several tasks.
    /// - Returns: What has been done.
    package func run(
        _ selection: MailboxSelection, report: @escaping @Sendable (SyncEvent) -> Void
    ) async -> SyncSummary {
        var course = Course()
        do {
            for round in 1...Self.mostRounds {
                let isOver = try await run(
                    selection, isFirst: round == 1, isLast: round == Self.mostRounds, &course, report)
                if isOver || Task.isCancelled { break }
            }
        } catch is CancellationError {
            course.summary.wasCancelled = true
        } catch {
            course.summary.abortedBy = error
        }
        course.summary.wasCancelled = course.summary.wasCancelled || Task.isCancelled
        do {
            if course.latest != nil {
                try await archive.updateListing(of: pbxName)
                try await countMissing(selection, &course, report)
            }
            try await archive.flush()
        } catch {
            course.summary.abortedBy = course.summary.abortedBy ?? error
        }
        return course.summary
    }

    /// Lists the mailboxes and fetches what is wanted; returns whether nothing is left for another round.
    private func run(
        _ selection: MailboxSelection, isFirst: Bool, isLast: Bool, _ course: inout Course,
        _ report: @escaping @Sendable (SyncEvent) -> Void
    ) async throws -> Bool {
        let list = try await session.voicemails(in: selection)
        let listings = list.voicemails
        if isFirst { course.summary.listed = listings.count }
        let identities = listings.map { identity(of: $0) }
        for (identity, listing) in zip(identities, listings) { course.seen[identity] = listing }
        // Before anything is fetched: what never arrives is known to be missing.
        let unreadable = list.unreadable.compactMap(\.message).map { identity(of: $0) }
        try await archive.noteListing(
            of: pbxName, messages(in: listings, before: course.latest) + unreadable, at: box)
        (course.latest, course.unreadable) = (listings, list.unreadable)
        let groups = try await groupsWanted(listings, isFirst: isFirst, &course)
        if isFirst {
            report(
                .listed(
                    messages: listings.count, mailboxes: Set(listings.map(\.extension)).count,
                    wanted: groups.reduce(0) { $0 + $1.listings.count }))
            course.summary.missingExtensions = list.missingExtensions.count
            for entry in list.unreadable {
                if entry.isNameless, let message = entry.message,
                    try await archive.count(of: identity(of: message)) > 0
                {
                    continue
                }
                if try await isAccepted(entry) { continue }
                course.summary.unreadable += 1
                report(.unreadable(entry))
            }
            for number in list.missingExtensions { report(.missingExtension(number)) }
        }
        let round = MessageIngest.Round(listed: archive.listed(identities), isLast: isLast)
        return try await fetch(groups, in: round, &course, report)
    }

    /// Whether somebody has accepted that a message is missing of which no more can be read than an entry has.
    private func isAccepted(_ entry: UnreadableEntry) async throws -> Bool {
        guard let message = entry.message else { return false }
        return try await archive.isAcceptedMissing(identity(of: message))
    }

    private func identity(of listing: VoicemailListing) -> MessageIdentity {
        MessageIdentity(
            pbx: pbxName, extension: listing.extension, listedDate: listing.date, caller: listing.caller,
            listedLength: listing.length)
    }

    /// The messages that a listing stands for, each as often as there must be one.
    ///
    /// A message that is being heard may be seen in both folders; one that was there before, and is still, is another.
    private func messages(
        in listings: [VoicemailListing], before: [VoicemailListing]?
    ) -> [MessageIdentity] {
        let before = Set(before ?? [])
        var counts: [MessageIdentity: [VoicemailStatus?: Int]] = [:]
        var confirmed: [MessageIdentity: Int] = [:]
        for listing in listings {
            counts[identity(of: listing), default: [:]][listing.status, default: 0] += 1
            if before.contains(listing) { confirmed[identity(of: listing), default: 0] += 1 }
        }
        return counts.flatMap { identity, folders in
            let count = max(folders.values.max() ?? 0, confirmed[identity] ?? 0)
            return [MessageIdentity](repeating: identity, count: count)
        }
    }

    private func groupsWanted(
        _ listings: [VoicemailListing], isFirst: Bool, _ course: inout Course
    ) async throws -> [MessageGroup] {
        var byIdentity: [MessageIdentity: [VoicemailListing]] = [:]
        var order: [MessageIdentity] = []
        for listing in listings {
            let identity = identity(of: listing)
            if byIdentity[identity] == nil { order.append(identity) }
            byIdentity[identity, default: []].append(listing)
        }
        var doubtful = try await archive.doubtful(among: order)
        if isFirst {
            // A run that was killed may have stored better audio, and not yet put it in its place.
            for identity in doubtful.keys {
                try await archive.replaceWorse(of: identity, listed: byIdentity[identity]?.count ?? 0)
            }
            doubtful = try await archive.doubtful(among: order)
        }
        var groups: [MessageGroup] = []
        for identity in order where !course.settled.contains(identity) {
            let listings = byIdentity[identity] ?? []
            let past = course.past[identity] ?? GroupPast()
            if try await archive.count(of: identity) < listings.count {
                groups.append(
                    MessageGroup(identity: identity, listings: listings, doubtful: nil, past: past))
                continue
            }
            if isFirst { course.summary.known += listings.count }
            guard let message = doubtful[identity], message.isDue(at: now()) else { continue }
            groups.append(
                MessageGroup(identity: identity, listings: listings, doubtful: message, past: past))
        }
        return groups
    }

    /// Fetches groups side by side, and returns whether nothing is left for another round.
    private func fetch(
        _ groups: [MessageGroup], in round: MessageIngest.Round, _ course: inout Course,
        _ report: @escaping @Sendable (SyncEvent) -> Void
    ) async throws -> Bool {
        var isOver = true
        var unreachable = 0
        var ending: (any Error)?
        await withTaskGroup(of: (MessageIdentity, [SyncItem], MessageIngest.End).self) { tasks in
            var waiting = groups[...]
            var running = 0
            while true {
                if running < width, ending == nil, !Task.isCancelled, let group = waiting.popFirst() {
                    running += 1
                    tasks.addTask {
                        let (items, end) = await ingest.run(group, in: round)
                        return (group.identity, items, end)
                    }
                    continue
                }
                // What has begun is waited for, so that everything that was archived is counted.
                guard let (identity, items, end) = await tasks.next() else { break }
                running -= 1
                for item in items {
                    course.summary.count(item)
                    report(.finished(item))
                    if case .failed(let error as PBXError) = item.outcome, case .unreachable = error {
                        unreachable += 1
                        if unreachable == Self.mostUnreachable { ending = ending ?? error }
                    } else {
                        unreachable = 0
                    }
                }
                switch end {
                case .settled: course.settled.insert(identity)
                case .unsettled(let past):
                    course.past[identity] = past
                    isOver = false
                case .ended(let error): ending = ending ?? error
                }
                if ending != nil { tasks.cancelAll() }
            }
        }
        if let ending { throw ending }
        return isOver
    }

    /// Counts the messages that are listed no more and never came, and tells of those that this sync saw.
    private func countMissing(
        _ selection: MailboxSelection, _ course: inout Course,
        _ report: @escaping @Sendable (SyncEvent) -> Void
    ) async throws {
        let unreadable = course.unreadable.compactMap(\.message)
        let listed = archive.listed(((course.latest ?? []) + unreadable).map { identity(of: $0) })
        // What is missing may be listed where nothing could be read, unless somebody has looked there.
        var hiding: [String?] = []
        for entry in course.unreadable where !entry.isNameless {
            if try await !isAccepted(entry) { hiding.append(entry.extension) }
        }
        for message in try await archive.missing(of: pbxName) where !listed.contains(message.listing) {
            let missing = message.listing
            // Of mailboxes that were not asked for nothing is known.
            if case .extensions(let numbers) = selection, let number = missing.extension,
                !numbers.contains(number)
            {
                continue
            }
            if hiding.contains(nil) || hiding.contains(missing.extension) { continue }
            course.summary.missing += missing.count
            guard let identity = missing.identity, let listing = course.seen[identity] else { continue }
            report(.finished(ingest.missing(listing, identity)))
        }
    }
}
