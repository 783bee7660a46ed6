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
    private let width: Int

    /// Prepares a sync.
    ///
    /// - Parameters:
    ///   - session: The PBX.
    ///   - archive: Where recordings go; open for writing.
    ///   - transcoder: What makes and proves them.
    ///   - pbxName: The PBX's name in identities, folders and tags.
    ///   - timeZone: The zone that the PBX's clock shows.
    ///   - dateOrder: What comes first in its dates where the year comes last; nil where nobody has said it.
    ///   - retention: How long recordings are kept.
    ///   - jobs: How many messages to transcode at once.
    ///   - now: The clock that dates catalog rows; no file depends on it.
    package init(
        session: PBXSession, archive: RecordingArchive, transcoder: Transcoder, pbxName: String,
        timeZone: TimeZone, dateOrder: DateOrder? = nil, retention: RetentionPolicy = .forever, jobs: Int,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.session = session
        self.archive = archive
        self.pbxName = pbxName
        // One more than is transcoded keeps the PBX busy while the processors are; it limits its own requests.
        width = jobs + 1
        ingest = MessageIngest(
            session: session, archive: archive, transcoder: transcoder, pool: BlockingPool(width: jobs),
            dates: ListedDates(in: timeZone, order: dateOrder), retention: retention, now: now)
    }

    /// Fetches what the archive lacks.
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
        var summary = SyncSummary()
        var settled: Set<MessageIdentity> = []
        do {
            for round in 1...Self.mostRounds {
                let list = try await session.voicemails(in: selection)
                let listings = list.voicemails
                // Before anything is fetched: what never arrives is known to be missing.
                try await archive.noteListing(of: pbxName, listings.map { identity(of: $0) })
                let groups = try await groupsWanted(
                    listings, settled: settled, summary: &summary, round: round)
                if round == 1 {
                    report(
                        .listed(
                            messages: listings.count, mailboxes: Set(listings.map(\.extension)).count,
                            wanted: groups.reduce(0) { $0 + $1.listings.count }))
                    summary.unreadable = list.unreadable.count
                    summary.missingExtensions = list.missingExtensions.count
                    for entry in list.unreadable { report(.unreadable(entry)) }
                    for number in list.missingExtensions { report(.missingExtension(number)) }
                }
                let isLast = round == Self.mostRounds
                let moved = try await fetch(groups, mayMove: !isLast, settled: &settled) { item in
                    summary.count(item)
                    report(.finished(item))
                }
                if !moved || Task.isCancelled { break }
            }
        } catch is CancellationError {
            summary.wasCancelled = true
        } catch {
            summary.abortedBy = error
        }
        summary.wasCancelled = summary.wasCancelled || Task.isCancelled
        do {
            if summary.listed > 0 { try await archive.updateListing(of: pbxName) }
            try await archive.flush()
        } catch {
            summary.abortedBy = summary.abortedBy ?? error
        }
        return summary
    }

    private func identity(of listing: VoicemailListing) -> MessageIdentity {
        MessageIdentity(
            pbx: pbxName, extension: listing.extension, listedDate: listing.date, caller: listing.caller,
            listedLength: listing.length)
    }

    /// The listings of one identity, of which the archive has fewer.
    private struct Group: Sendable {
        let identity: MessageIdentity
        let listings: [VoicemailListing]
    }

    private func groupsWanted(
        _ listings: [VoicemailListing], settled: Set<MessageIdentity>, summary: inout SyncSummary, round: Int
    ) async throws -> [Group] {
        var byIdentity: [MessageIdentity: [VoicemailListing]] = [:]
        var order: [MessageIdentity] = []
        for listing in listings {
            let identity = identity(of: listing)
            if byIdentity[identity] == nil { order.append(identity) }
            byIdentity[identity, default: []].append(listing)
        }
        if round == 1 { summary.listed = listings.count }
        var groups: [Group] = []
        for identity in order where !settled.contains(identity) {
            let listings = byIdentity[identity] ?? []
            if try await archive.count(of: identity) < listings.count {
                groups.append(Group(identity: identity, listings: listings))
            } else if round == 1 {
                summary.known += listings.count
            }
        }
        return groups
    }

    /// Fetches groups side by side, and returns whether a message moved meanwhile.
    private func fetch(
        _ groups: [Group], mayMove: Bool, settled: inout Set<MessageIdentity>, _ count: (SyncItem) -> Void
    ) async throws -> Bool {
        var hasMoved = false
        var unreachable = 0
        var ending: (any Error)?
        await withTaskGroup(of: (MessageIdentity, [MessageIngest.Result]).self) { tasks in
            var waiting = groups[...]
            var running = 0
            while true {
                if running < width, ending == nil, !Task.isCancelled, let group = waiting.popFirst() {
                    running += 1
                    tasks.addTask {
                        (
                            group.identity,
                            await ingest.run(group.listings, of: group.identity, mayMove: mayMove)
                        )
                    }
                    continue
                }
                // What has begun is waited for, so that everything that was archived is counted.
                guard let (identity, results) = await tasks.next() else { break }
                running -= 1
                var groupHasMoved = false
                for result in results {
                    switch result {
                    case .finished(let item):
                        count(item)
                        if case .failed(let error as PBXError) = item.outcome, case .unreachable = error {
                            unreachable += 1
                            if unreachable == Self.mostUnreachable { ending = ending ?? error }
                        } else {
                            unreachable = 0
                        }
                    case .moved: groupHasMoved = true
                    case .ended(let error): ending = ending ?? error
                    }
                }
                if ending != nil { tasks.cancelAll() }
                if groupHasMoved { hasMoved = true } else { settled.insert(identity) }
            }
        }
        if let ending { throw ending }
        return hasMoved
    }
}
