internal import ByteSources
internal import Digests
internal import DurableFiles
internal import FLACFiles
internal import Foundation
internal import Leveling
internal import PBXClient
internal import RecordingArchive
internal import Transcoding
internal import WaveFiles

/// Takes the messages of one identity from the PBX into the archive.
struct MessageIngest: Sendable {
    /// How a group of messages ended in one round.
    enum End: Sendable {
        /// All that can be done in this sync is done.
        case settled
        /// Some are no longer where they were listed, or fewer came than are listed: another round may find them.
        case unsettled(GroupPast)
        /// Nothing more can be done with this or other messages: the sync ends, for this reason.
        case ended(any Error)
    }

    /// What a round knows beyond the group.
    struct Round: Sendable {
        /// All that is listed.
        let listed: ListedMessages
        /// Whether no further round follows.
        let isLast: Bool
    }

    let session: PBXSession
    let archive: RecordingArchive
    let transcoder: Transcoder
    let pool: BlockingPool
    let dates: ListedDates
    let retention: RetentionPolicy
    let now: @Sendable () -> Date

    /// Fetches every listing of a group, and stores what the archive lacks, or has only worse.
    ///
    /// Listings of one identity are told apart by their audio alone; so they are fetched one after the other.
    ///
    /// - Returns: What became of them, and whether that is all.
    func run(_ group: MessageGroup, in round: Round) async -> (items: [SyncItem], end: End) {
        var items: [SyncItem] = []
        var past = group.past
        past.places = [:]
        do {
            var known = try await archive.archivedSources(of: group.identity)
            var hasMoved = false
            var failures: [any Error] = []
            // A box that swaps two of them with each download gives both in another order.
            let places = group.past.places.isEmpty ? group.listings : group.listings.reversed()
            for listing in places {
                try Task.checkCancellation()
                let date = dates.date(listing.date)
                let isPlausible = try date.map { try archive.isPlausible($0.iso8601, on: now()) } ?? true
                let message = Message(
                    identity: group.identity, listing: listing, date: isPlausible ? date : nil,
                    hasImplausibleDate: !isPlausible)
                do {
                    let (digest, item) = try await run(message, of: group, known: known, in: round)
                    past.places[listing] = digest
                    // Of audio that lies at several places, it is told once.
                    if past.told.insert(digest).inserted { items.append(item) }
                    known.insert(digest)
                } catch PBXError.messageMoved where !round.isLast {
                    hasMoved = true
                } catch  where !Self.endsSync(error) {
                    failures.append(error)
                    items.append(try await failure(error, of: message))
                }
            }
            if hasMoved { return (items, .unsettled(past)) }
            if group.doubtful != nil {
                try await replaceWorse(of: group, &items)
                try await close(group, items, failures)
                return (items, .settled)
            }
            let isComplete = try await archive.count(of: group.identity) >= group.listings.count
            guard failures.isEmpty, !isComplete else { return (items, .settled) }
            // The same audio came from several places. Files may have been renamed meanwhile, which no listing of
            // equal messages shows; where it comes from the same places once more, it is there several times.
            guard past.places == group.past.places else {
                guard round.isLast else { return (items, .unsettled(past)) }
                let error = UnsteadyMessages(
                    listing: group.listings[0], listed: group.listings.count,
                    distinct: Set(past.places.values).count)
                let message = Message(identity: group.identity, listing: group.listings[0], date: nil)
                items.append(try await failure(error, of: message))
                return (items, .settled)
            }
            items += try await repetitions(of: group)
            return (items, .settled)
        } catch {
            return (items, .ended(error))
        }
    }

    /// Tells of a message that is listed no more and never came.
    func missing(_ listing: VoicemailListing, _ identity: MessageIdentity) -> SyncItem {
        Message(identity: identity, listing: listing, date: dates.date(listing.date))
            .item(.missing, SourceReport(file: nil, conversion: .init()), warnings: [])
    }

    /// What makes it pointless to go on with other messages.
    private static func endsSync(_ error: any Error) -> Bool {
        switch error {
        case PBXError.loginRefused, PBXError.locked, PBXError.untrusted, PBXError.otherAPI,
            PBXError.gaveUp, PBXError.file:
            true
        case FLACError.output: true
        case is ArchiveError, is FileError, is CancellationError: true
        default: false
        }
    }

    /// Whether the next sync may well fare better.
    private static func isTransient(_ error: any Error) -> Bool {
        (error as? PBXError)?.isTransient ?? false
    }

    private func failure(_ error: any Error, of message: Message) async throws -> SyncItem {
        let report = SourceReport(file: nil, conversion: .init(), error: "\(error)")
        let isAccepted = try await archive.isAcceptedMissing(message.identity)
        return message.item(isAccepted ? .acceptedMissing(error) : .failed(error), report, warnings: [])
    }

    /// Lets better audio take the place of worse, or remembers that none came.
    private func close(
        _ group: MessageGroup, _ items: [SyncItem], _ failures: [any Error]
    ) async throws {
        let isImproved = items.contains { if case .archived = $0.outcome { true } else { false } }
        if !isImproved, !failures.contains(where: Self.isTransient) {
            try await archive.noteRefetch(of: group.identity)
        }
    }

    /// Lets better audio take the place of worse, once all of a group has been fetched, and says so of what has come.
    private func replaceWorse(of group: MessageGroup, _ items: inout [SyncItem]) async throws {
        let pairs = try await archive.replaceWorse(of: group.identity, listed: group.listings.count)
        for index in items.indices {
            let worse = pairs.filter { $0.better == items[index].record }.map(\.worse)
            if !worse.isEmpty { items[index].outcome = .archived(replacing: worse) }
        }
    }

    /// Takes down that places have the same audio, and tells of each beyond the first.
    private func repetitions(of group: MessageGroup) async throws -> [SyncItem] {
        let count = try await archive.adoptRepetitions(of: group.identity, listed: group.listings.count)
        return group.listings.suffix(count).map { listing in
            let message = Message(
                identity: group.identity, listing: listing, date: dates.date(listing.date))
            return message.item(
                .repeated, SourceReport(file: nil, conversion: .init()), warnings: ["pbx.listed-repeatedly"])
        }
    }

    private func run(
        _ listed: Message, of group: MessageGroup, known: Set<Digest>, in round: Round
    ) async throws -> (Digest, SyncItem) {
        let path = archive.temporaryPath()
        defer { try? FileManager.default.removeItem(atPath: path) }
        let pool = pool
        let fetched = try await session.fetch(listed.listing, to: path, among: group.listings) { path in
            let inspection = try? await pool.run { try WaveInspector().inspect(FileByteSource(path: path)) }
            return ExaminedAudio(
                duration: inspection?.duration, isWhole: inspection.map { $0.verdict < .salvaged } ?? false)
        }
        let message = Message(
            identity: listed.identity, listing: fetched.listing, date: listed.date,
            hasImplausibleDate: listed.hasImplausibleDate)
        let digest = fetched.audio.digest
        let warnings = fetched.warnings.map(\.code) + message.warnings
        let report = SourceReport(file: nil, size: fetched.audio.byteCount, digest: digest)
        guard !known.contains(digest) else {
            var outcome = SyncItem.Outcome.alreadyArchived
            if group.doubtful != nil {
                let inspection = try await pool.run {
                    try WaveInspector().inspect(FileByteSource(path: path))
                }
                outcome = inspection.verdict < .salvaged ? .unchanged : .noBetter(mayBeBetter: false)
            }
            return (digest, message.item(outcome, report, warnings: warnings))
        }
        if group.doubtful == nil, let adopted = try await adopt(digest, path, as: message, in: round) {
            return (digest, message.item(adopted, report, warnings: warnings + ["pbx.listed-otherwise"]))
        }
        return (digest, try await take(message, path, group, warnings))
    }

    /// Looks for the recording of a message that is listed otherwise than when it came.
    private func adopt(
        _ digest: Digest, _ path: String, as message: Message, in round: Round
    ) async throws -> SyncItem.Outcome? {
        let transcoder = transcoder
        let form = ListingForm(dates: dates) {
            let analysis = try? transcoder.analyze(FileByteSource(path: path))
            return analysis?.inspection.findings.contains { $0.code == "signal.silent" } ?? true
        }
        let identity = message.identity
        let adopted = try await archive.adopt(digest, as: identity, among: round.listed) {
            form.others(of: identity)
        } where: { old in
            form.difference(of: old, from: identity)
        }
        return adopted.map { .adopted(record: $0.record, difference: $0.difference) }
    }

    /// Makes a recording of a source that the archive has not got.
    private func take(
        _ message: Message, _ path: String, _ group: MessageGroup, _ warnings: [String]
    ) async throws -> SyncItem {
        let transcoder = transcoder
        let analysis = try await pool.run { try transcoder.analyze(FileByteSource(path: path)) }
        let inspection = analysis.inspection
        let report = SourceReport(
            file: nil, size: inspection.size, digest: analysis.digest, inspection: inspection,
            conversion: .init())
        if let doubtful = group.doubtful {
            let quality = AudioQuality(verdict: inspection.verdict.rawValue, frames: inspection.frames)
            // Of several messages that are listed alike, nothing tells whose cut audio has become longer.
            // Where nothing is doubtful but whether there are fewer messages than are listed, this is one more.
            let worst = doubtful.parts.map(\.quality).min()
            let isBetter = worst.map { $0 < quality } ?? true
            guard isBetter, doubtful.parts.count < 2 || !quality.isDoubtful else {
                return message.item(.noBetter(mayBeBetter: isBetter), report, warnings: warnings)
            }
        }
        let facts = message.facts(analysis, warnings: warnings, archivedAt: now().formatted(.iso8601))
        guard inspection.verdict != .rejected else {
            return try await quarantine(message, path, facts, report)
        }
        return try await store(message, path, group, analysis, facts, report)
    }

    private func store(
        _ message: Message, _ path: String, _ group: MessageGroup, _ analysis: SourceAnalysis,
        _ facts: RecordingFacts, _ report: SourceReport
    ) async throws -> SyncItem {
        let pending = try archive.makePendingFile()
        let (descriptor, flac) = (pending.descriptor, pending.path)
        let transcoder = transcoder
        let (recording, speech) = try await pool.run {
            let recording = try transcoder.encode(
                FileByteSource(path: path), analysis, name: message.listing.plainFileName,
                comments: message.comments, descriptor: descriptor, path: flac)
            return (recording, try RecordingFacts.Speech(inFile: flac))
        }
        let stored = try await archive.add(
            facts.describing(recording, speech, mode: transcoder.options.mode.rawValue), file: pending,
            retention: retention)
        var report = report
        report.conversion = .init(output: Folder.path(archive.path, stored.path), recording: recording)
        var item = message.item(.archived(replacing: []), report, warnings: facts.warnings)
        item.record = stored.id
        return item
    }

    private func quarantine(
        _ message: Message, _ path: String, _ facts: RecordingFacts, _ report: SourceReport
    ) async throws -> SyncItem {
        var report = report
        report.error = report.inspection?.worstFinding
        let content = try QuarantineReport(report: report, facts: facts).encoded()
        let stored = try await archive.quarantine(
            facts, fileAt: path, report: content, retention: retention)
        report.file = Folder.path(archive.path, stored.path)
        return message.item(.quarantined, report, warnings: facts.warnings)
    }
}

/// Messages that are listed alike, of which each round of a sync has found the same audio at other places.
package struct UnsteadyMessages: Error, CustomStringConvertible {
    let listing: VoicemailListing
    let listed: Int
    let distinct: Int

    package var description: String {
        "\(listed) messages are listed alike, and \(distinct) recordings came from their places, which change: run again "
            + "when the mailbox is quiet"
    }
}
