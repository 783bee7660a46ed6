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
    /// How a message ended.
    enum Result: Sendable {
        case finished(SyncItem)
        /// It is no longer where it was listed.
        case moved
        /// Nothing more can be done with this or other messages: the sync ends, for this reason.
        case ended(any Error)
    }

    let session: PBXSession
    let archive: RecordingArchive
    let transcoder: Transcoder
    let pool: BlockingPool
    let dates: ListedDates
    let retention: RetentionPolicy
    let now: @Sendable () -> Date

    /// Fetches every listing of an identity, and stores those whose audio the archive lacks.
    ///
    /// Listings of one identity are told apart by their audio alone, and equal audio is counted; so they are
    /// fetched one after the other.
    ///
    /// - Returns: How each ended, up to one that ends the sync.
    func run(
        _ listings: [VoicemailListing], of identity: MessageIdentity, mayMove: Bool
    ) async -> [Result] {
        var results: [Result] = []
        do {
            var unclaimed = try await archive.archivedSources(of: identity)
            for listing in listings {
                try Task.checkCancellation()
                let date = dates.date(listing.date)
                let isPlausible = try date.map { try archive.isPlausible($0.iso8601, on: now()) } ?? true
                let message = Message(
                    identity: identity, listing: listing, date: isPlausible ? date : nil,
                    hasImplausibleDate: !isPlausible)
                do {
                    let item = try await run(message, among: listings, unclaimed: &unclaimed)
                    results.append(.finished(item))
                } catch PBXError.messageMoved where mayMove {
                    results.append(.moved)
                } catch  where !Self.endsSync(error) {
                    let report = SourceReport(file: nil, conversion: .init(), error: "\(error)")
                    results.append(.finished(message.item(.failed(error), report, warnings: [])))
                }
            }
        } catch {
            results.append(.ended(error))
        }
        return results
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

    private func run(
        _ listed: Message, among listings: [VoicemailListing], unclaimed: inout [Digest: Int]
    ) async throws -> SyncItem {
        let path = archive.temporaryPath()
        defer { try? FileManager.default.removeItem(atPath: path) }
        let pool = pool
        let fetched = try await session.fetch(listed.listing, to: path, among: listings) { path in
            let inspection = try? await pool.run { try WaveInspector().inspect(FileByteSource(path: path)) }
            return ExaminedAudio(
                duration: inspection?.duration, isWhole: inspection.map { $0.verdict < .salvaged } ?? false)
        }
        let message = Message(
            identity: listed.identity, listing: fetched.listing, date: listed.date,
            hasImplausibleDate: listed.hasImplausibleDate)
        let digest = fetched.audio.digest
        let warnings = fetched.warnings.map(\.code) + message.warnings
        if let count = unclaimed[digest], count > 0 {
            unclaimed[digest] = count - 1
            let report = SourceReport(file: nil, size: fetched.audio.byteCount, digest: digest)
            return message.item(.alreadyArchived, report, warnings: warnings)
        }

        let transcoder = transcoder
        let analysis = try await pool.run { try transcoder.analyze(FileByteSource(path: path)) }
        let facts = message.facts(analysis, warnings: warnings, archivedAt: now().formatted(.iso8601))
        let report = SourceReport(
            file: nil, size: analysis.inspection.size, digest: analysis.digest,
            inspection: analysis.inspection,
            conversion: .init())
        guard analysis.inspection.verdict != .rejected else {
            return try await quarantine(message, path, facts, report)
        }
        return try await store(message, path, analysis, facts, report)
    }

    private func store(
        _ message: Message, _ path: String, _ analysis: SourceAnalysis, _ facts: RecordingFacts,
        _ report: SourceReport
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
        return message.item(.archived, report, warnings: facts.warnings)
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
