internal import AuditTrail
internal import DurableFiles
internal import TransparencyLog

extension RecordingArchive {
    /// Brings back what a verification found damaged, each thing only from a copy that proves to be what the log tells of.
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
    ///   - report: Is told of each damage whether it was brought back.
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
        try await finish(repair, at: path, key: key, context: context, report: report)
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
        _ repair: ArchiveRepairs, at path: String, key: @escaping LogKey.Finder,
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
            repair.giveUp("the archive cannot be opened for writing yet: \(error)")
            for result in repair.results[told...] { report(result) }
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
        for replica in try await archive.replicas() {
            // A replica that cannot take the newest lines is behind, which the next verification tells.
            _ = try? await archive.replicate(to: replica)
        }
        try await archive.close()
    }

    /// Tells again what lines told that the journal has lost: who did what, and when.
    private func recordAgain(_ lines: [JournalLine]) throws(ArchiveError) {
        for line in lines where line.event != "access" {
            try record([JournalEvent(repeating: line)], at: line.at.date, as: line.actor)
        }
    }

    private func noteRepairs(_ repairs: [ArchiveRepair]) throws(ArchiveError) {
        guard !repairs.isEmpty else { return }
        // Sidecars from a replica may not show the newest retention and holds.
        try writeSidecars(of: repairs.compactMap(\.record))
        try record(repairs.map(JournalEvent.repair))
        try flush()
    }
}
