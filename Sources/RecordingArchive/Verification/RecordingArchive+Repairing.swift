internal import AuditTrail
internal import DurableFiles
internal import TransparencyLog

extension RecordingArchive {
    /// Brings back what a verification found damaged, each thing only from a copy that proves to be what the log tells of,
    /// and replicas that are behind up to date.
    ///
    /// The archive must not be open for writing. What the rest stands on comes first: the journal from a replica, the log
    /// from the journal, sidecars, then the catalog. What was brought back is told to the audit trail and the log.
    ///
    /// - Parameters:
    ///   - findings: What a verification found.
    ///   - path: The archive's folder.
    ///   - replicas: Folders of copies beside those that the archive knows of.
    ///   - key: Names the key that signs the log.
    ///   - context: Clock, randomness, system calls and the actor.
    ///   - report: Is told of each damage, and of each replica that was behind, whether it was brought back.
    /// - Throws: `ArchiveError`. What was brought back by then stays.
    package static func repair(
        _ findings: [ArchiveFinding], at path: String, replicas: [String] = [],
        key: @escaping LogKey.Finder, context: ArchiveContext, report: (ArchiveRepair) -> Void
    ) async throws(ArchiveError) {
        let layout = ArchiveLayout(root: absolute(path))
        let damage = findings.filter(\.kind.isDamage)
        var repair = ArchiveRepairs(
            layout: layout, damage: damage, naming: replicas.map { absolute($0) }, key: key,
            operations: context.operations)
        try restoreFoundation(&repair)
        try await finish(
            repair, behind: findings.filter { $0.kind == .replicaBehind }, at: path, key: key,
            context: context, report: report)
    }

    private static func restoreFoundation(_ repair: inout ArchiveRepairs) throws(ArchiveError) {
        // Who has something else in the place of the lock has no lock, nor can anybody have it.
        let lockPath = repair.layout.lock
        repair.clearPlaces { $0.item == lockPath }
        let lock = try takeLock(repair.layout, repair.operations)
        repair.clearPlaces { _ in true }
        if repair.damage.contains(where: { $0.replica == nil && $0.kind == .listingMissing }) {
            // A link to a folder, for one, with which the archive is not opened for writing.
            try? FileForm.makeRoomForFolder(at: repair.layout.listings, repair.operations)
        }
        try repair.restoreFoundation()
        try repair.restoreSidecars()
        _ = consume lock
    }

    private static func finish(
        _ repair: ArchiveRepairs, behind: [ArchiveFinding], at path: String, key: @escaping LogKey.Finder,
        context: ArchiveContext, report: (ArchiveRepair) -> Void
    ) async throws(ArchiveError) {
        var repair = repair
        try repair.rebuildCatalog(context)
        for done in repair.results { report(done) }
        var told = repair.results.count
        let archive: RecordingArchive
        do throws(ArchiveError) {
            archive = try await open(at: path, access: .write, key: key, context: context)
        } catch {
            // What keeps the archive from being opened is damage, and what hangs on it cannot be brought back either.
            let reason = "the archive cannot be opened for writing yet: \(error)"
            repair.giveUp(reason)
            for result in repair.results[told...] { report(result) }
            for finding in behind { report(ArchiveRepair(of: finding, impossible: reason)) }
            return
        }
        repair.catalog = archive.catalog
        try await archive.recordAgain(repair.repeated)
        let position = try archive.position(.applied)
        repair.spareReplicas(position)
        try repair.restoreFiles()
        try await archive.restoreListings(&repair)
        for replica in repair.restoreReplicas(position) {
            do throws(ArchiveError) {
                _ = try await archive.replicate(to: replica)
            } catch {
                repair.giveUp("the replica at \(replica) cannot be brought up to date: \(error)")
            }
        }
        repair.giveUp(nil)
        for result in repair.results[told...] { report(result) }
        told = repair.results.count
        try await archive.noteRepairs(repair.results.filter(\.isDone))
        for result in try await archive.update(behind) { report(result) }
        try await archive.close()
    }

    /// Brings all replicas up to date.
    ///
    /// - Parameter behind: What was found of those that were behind.
    /// - Returns: What has become of each of these.
    /// - Throws: `ArchiveError` where the replicas are not known.
    private func update(_ behind: [ArchiveFinding]) throws(ArchiveError) -> [ArchiveRepair] {
        var isUpdated: Set<PathKey> = []
        var errors: [PathKey: ArchiveError] = [:]
        for path in try catalog.readNow({ try CatalogQueries.replicas($0) }) {
            do throws(ArchiveError) {
                _ = try replicate(to: path)
                isUpdated.insert(PathKey(path))
            } catch {
                // Where it was not behind before, the next verification tells that it is.
                errors[PathKey(path)] = error
            }
        }
        var repairs: [ArchiveRepair] = []
        for finding in behind {
            let place = PathKey(finding.item)
            if isUpdated.contains(place) {
                repairs.append(ArchiveRepair(updating: finding, from: layout.root))
            } else if let error = errors[place] {
                repairs.append(
                    ArchiveRepair(
                        of: finding,
                        impossible: "the replica at \(finding.item) cannot be brought up to date: \(error)"))
            } else {
                repairs.append(
                    ArchiveRepair(
                        of: finding,
                        impossible:
                            "\(finding.item) is no replica that the archive knows of; name it to replicate, which makes it one"
                    ))
            }
        }
        return repairs
    }

    /// Tells again what lines told that the journal has lost: who did what, and when.
    private func recordAgain(_ lines: [JournalLine]) throws(ArchiveError) {
        for line in lines where line.event != AccessBound.name {
            try record([JournalEvent(repeating: line)], at: line.at.date, as: line.actor)
        }
    }

    private func noteRepairs(_ repairs: [ArchiveRepair]) throws(ArchiveError) {
        guard !repairs.isEmpty else { return }
        // Sidecars from a replica may not show the newest retention and holds.
        try writeSidecars(of: repairs.compactMap(\.record))
        try record(repairs.map { ArchiveRepaired($0) })
        try flush()
    }
}
