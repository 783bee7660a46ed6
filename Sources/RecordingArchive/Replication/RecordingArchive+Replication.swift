internal import AuditTrail
internal import Digests
internal import DurableFiles

extension RecordingArchive {
    /// Lines that go to a replica's journal at a time.
    private static let replicationBatch = 64

    /// The folders of the replicas, in the order of their paths.
    ///
    /// - Returns: Absolute paths.
    /// - Throws: `ArchiveError`.
    public nonisolated func replicas() async throws(ArchiveError) -> [String] {
        try await catalog.read { try CatalogQueries.replicas($0) }
    }

    /// The replicas that count before one, should two paths lead to one folder.
    nonisolated func otherReplicas(before path: String) throws(ArchiveError) -> ArraySlice<String> {
        try catalog.readNow { try CatalogQueries.replicas($0) }.prefix { PathKey($0) != PathKey(path) }
    }

    /// Makes a folder a replica from now on; nothing is copied yet.
    ///
    /// - Parameter path: A folder on another disk, missing or empty, or already a replica of this archive.
    /// - Throws: `ArchiveError`.
    public func addReplica(_ path: String) throws(ArchiveError) {
        try checkWritable()
        let replica = Replica(path: Self.absolute(path), operations: operations)
        let known = try catalog.readNow { try CatalogQueries.replicas($0) }
        let isKnown = try Self.files(replica.layout) { () throws(FileError) in
            let place = try FolderPlace(replica.path, operations)
            for path in known where try place.isSame(as: FolderPlace(path, operations)) { return true }
            return false
        }
        try replica.checkPlace(besides: layout, isKnown ? [] : known)
        guard !isKnown else { return }
        // Nobody could tell the two apart in a list.
        if let other = known.first(where: { $0 == replica.path }) {
            throw .refused(
                "\(replica.path) looks like the replica \(other), and only the encoding of its letters differs; give it "
                    + "another name")
        }
        try checkHeads(of: [replica.path])
        try replica.prepare(try ArchiveDescription.read(layout, operations))
        try record(ReplicaAdded(replica.path))
    }

    /// Brings a replica up to what the archive is now, each item written and read back before it counts.
    ///
    /// - Parameters:
    ///   - path: The replica's folder, as `replicas()` has it.
    ///   - progress: Is told after each batch how many lines are done of how many.
    /// - Returns: What was done.
    /// - Throws: `ArchiveError`; what was copied by then stays.
    public func replicate(
        to path: String, progress: (_ done: Int, _ of: Int) -> Void = { _, _ in }
    ) throws(ArchiveError) -> ReplicationSummary {
        // Its disk may have come back since the archive was opened.
        try checkHeads(of: [path])
        // What the replica gets is settled, and in the log.
        try flush()
        let replica = Replica(path: path, operations: operations)
        var leftovers = ErasedLeftovers(replica: replica)
        // Where a disk is not mounted, its mount point is an empty folder; a replica is never begun twice.
        let isThere = try Self.files(replica.layout) { () throws(FileError) in
            try operations.status(of: replica.layout.description) != nil
        }
        guard isThere else { throw .replicaMissing(path: path) }
        try replica.checkPlace(besides: layout, try otherReplicas(before: path))
        try replica.prepare(try ArchiveDescription.read(layout, operations))
        // Which keys may sign its journal, a replica knows before the lines that they have signed.
        try replica.copyIfThere("verifier-keys.txt", from: layout)
        var summary = ReplicationSummary(path: path)
        let hint = try position(.replica(path))
        let start = try replica.position(hint: hint)
        let end = try position(.applied).lines
        guard start.lines <= end else { throw .replicaAhead(path: path) }
        try checkJournal(isAt: start, for: replica)
        var copies: Journal
        do throws(JournalError) {
            copies = try Journal(
                at: replica.layout.journal, from: start, trusting: trust, operations: operations)
        } catch {
            throw .journal(error)
        }
        if hint == .start, start != .start { try findGaps(in: replica, upTo: start) }
        try fillGaps(of: replica, &summary)
        try forEachBatch(from: start, size: Self.replicationBatch) { (lines, position) throws(ArchiveError) in
            for effect in lines.flatMap(\.effects) {
                try carry(effect, to: replica, &leftovers, &summary)
            }
            do throws(JournalError) {
                try copies.append(copying: lines)
            } catch {
                throw .journal(error)
            }
            try catalog.write { try Progress.set(.replica(path), position, $0) }
            progress(position.lines, end)
        }
        try finishErasures(in: replica, &summary)
        summary.lines = end
        try copyLog(to: replica)
        let position = try position(.applied)
        try catalog.write { try Progress.set(.replicaLog(path), position, $0) }
        return summary
    }

    /// Makes sure that the archive's journal has the line that a replica has come to.
    private func checkJournal(isAt place: JournalPosition, for replica: Replica) throws(ArchiveError) {
        do throws(JournalError) {
            _ = try JournalReader(of: layout, from: place, trusting: trust, operations: operations)
        } catch {
            if case .changed = error { throw .replicaDiffers(path: replica.path) }
            throw .journal(error)
        }
    }

    /// Does in a replica what follows from an event.
    private func carry(
        _ effect: FileEffect, to replica: Replica, _ leftovers: inout ErasedLeftovers,
        _ summary: inout ReplicationSummary
    ) throws(ArchiveError) {
        switch effect {
        case .recordingKept(let record, let report):
            guard let recording = try catalog.readNow({ try CatalogQueries.recording($0, id: record) })
            else { return }
            if let uncopied = try copy(recording, report: report, to: replica) {
                summary.uncopied.append(uncopied)
                try catalog.write { try ReplicaGap.add(record, report, place: replica.path, $0) }
            } else {
                summary.copied += 1
            }
        case .recordingRemoved(let record):
            // A catalog that was made anew no longer knows the paths; the replica's own sidecars do.
            var found = try catalog.readNow { try Removal.of(record, place: replica.path, $0) }
            if found == nil { found = try leftovers.removal(of: record, catalog) }
            guard let removal = found else { return }
            try remove(removal, from: replica, &summary)
            try catalog.write { try Removal.forget(record, place: replica.path, $0) }
        case .sidecarsRewritten(let records): try writeSidecars(of: records, in: replica.layout)
        case .sidecarsOfHoldRewritten(let hold):
            try writeSidecars(of: try catalog.readNow { try Hold.members(of: hold, $0) }, in: replica.layout)
        case .anchorKept(let anchor):
            for (path, digest) in anchor.files {
                // What is damaged here, a verification tells; a replica that has it whole keeps it.
                guard try objection(to: layout.absolute(path), digest) == nil else { continue }
                try replica.copy(path, from: layout, digest: digest, replacing: true)
            }
        // Copied with what else lies beside the journal.
        case .listingWritten: break
        }
    }

    /// Copies a recording with what lies beside it.
    ///
    /// The copy is of what was stored, never of what a disk has made of it since. What is damaged or cannot be read is not
    /// copied, and does not keep all later recordings from being copied.
    ///
    /// - Returns: A file that was not copied; nil where all are as they were stored.
    private func copy(
        _ recording: Recording, report: Digest?, to replica: Replica
    ) throws(ArchiveError) -> ReplicationSummary.Uncopied? {
        let digest = recording.facts.stored.sha256
        var files = [(recording.path, digest)]
        if let report { files.append((Self.reportPath(of: recording.path), report)) }
        var uncopied: ReplicationSummary.Uncopied?
        try Self.files(replica.layout) { () throws(FileError) in
            try Folder.makeDurably(
                Folder.parent(of: replica.layout.absolute(recording.path)), below: replica.path,
                operations: operations)
        }
        for (path, digest) in files {
            if let reason = try objection(to: layout.absolute(path), digest) {
                uncopied = uncopied ?? .init(path: layout.absolute(path), reason: reason)
            } else {
                try replica.copy(path, from: layout, digest: digest, replacing: false)
            }
        }
        try writeSidecars(of: [recording.id], in: replica.layout)
        let file = replica.layout.absolute(recording.path)
        let folder = Folder.parent(of: file)
        try Self.files(replica.layout) { () throws(FileError) in
            try DayManifest(folder: folder, operations: operations).add(
                digest, Folder.name(of: file), mayBeThere: true)
        }
        return uncopied
    }

    /// Why a file is not to be copied; nil where it has the bytes that were stored.
    private func objection(
        to file: String, _ digest: Digest
    ) throws(ArchiveError) -> ReplicationSummary.Uncopied.Reason? {
        do throws(ArchiveError) {
            return try FileDigest.of(file, operations) == digest ? nil : .altered
        } catch {
            // With too many files open, no other one can be read either.
            guard case .file(let error) = error, error.kind != .tooManyOpen else { throw error }
            return error.kind == .missing ? .missing : .unreadable(error)
        }
    }

    /// Finds out what a replica lacks of which a catalog that was made anew knows nothing.
    private func findGaps(in replica: Replica, upTo end: JournalPosition) throws(ArchiveError) {
        try forEachBatch(from: .start) { (lines, _) throws(ArchiveError) in
            for line in lines.prefix(while: { $0.number < end.lines }) {
                guard let ingest = line.telling(RecordingIngested.self),
                    let recording = try catalog.readNow({
                        try CatalogQueries.recording($0, id: ingest.record)
                    })
                else { continue }
                let isThere = try Self.files(replica.layout) { () throws(FileError) in
                    let file = try operations.status(of: replica.layout.absolute(recording.path))
                    guard file?.kind == .file, file?.size == recording.facts.stored.size else { return false }
                    guard ingest.report != nil else { return true }
                    let path = replica.layout.absolute(Self.reportPath(of: recording.path))
                    return try operations.status(of: path)?.kind == .file
                }
                guard !isThere else { continue }
                try catalog.write {
                    try ReplicaGap.add(ingest.record, ingest.report, place: replica.path, $0)
                }
            }
        }
        try catalog.write { try Progress.set(.replica(replica.path), end, $0) }
    }

    /// Copies what could not be copied when its line was carried out, where it can be by now.
    private func fillGaps(of replica: Replica, _ summary: inout ReplicationSummary) throws(ArchiveError) {
        for gap in try catalog.readNow({ try ReplicaGap.all(place: replica.path, $0) }) {
            if let recording = try catalog.readNow({ try CatalogQueries.recording($0, id: gap.record) }) {
                if let uncopied = try copy(recording, report: gap.report, to: replica) {
                    summary.uncopied.append(uncopied)
                    continue
                }
                summary.copied += 1
            }
            try catalog.write { try ReplicaGap.forget(gap.record, place: replica.path, $0) }
        }
    }

    /// Removes what is there still of recordings that were erased before the replica's place in the journal.
    ///
    /// There is such a thing where the catalog was made anew of an archive that had been set back: it has the paths of what
    /// was erased since, and does not know which replicas have done that already.
    private func finishErasures(
        in replica: Replica, _ summary: inout ReplicationSummary
    ) throws(ArchiveError) {
        for (record, removal) in try catalog.readNow({ try Removal.all(place: replica.path, $0) }) {
            // The name may be that of another recording by now.
            if try !catalog.readNow({ try CatalogQueries.hasPath($0, removal.path) }) {
                try remove(removal, from: replica, &summary)
            }
            try catalog.write { try Removal.forget(record, place: replica.path, $0) }
        }
    }

    private func remove(
        _ removal: Removal, from replica: Replica, _ summary: inout ReplicationSummary
    ) throws(ArchiveError) {
        let file = replica.layout.absolute(removal.path)
        let isThere = try Self.files(replica.layout) { () throws(FileError) in
            try operations.status(of: file) != nil
        }
        try Self.removeFiles(of: removal.path, removal.state, in: replica.layout, operations)
        if isThere { summary.removed += 1 }
    }

    /// Copies the log and what else lies beside the journal; the checkpoint last, as the log itself does.
    private func copyLog(to replica: Replica) throws(ArchiveError) {
        try replica.copyIfThere("verifier-keys.txt", from: layout)
        do {
            try FolderWalk.files(below: "listings", in: layout, operations) {
                try replica.copyIfThere($0, from: layout)
            }
            // A tile never changes once it has its name, nor does a file of an anchor.
            for folder in ["anchors", "log/tile"] {
                var there: Set<PathKey> = []
                try FolderWalk.files(below: folder, in: replica.layout, operations) {
                    there.insert(PathKey($0))
                }
                try FolderWalk.files(below: folder, in: layout, operations) { file in
                    guard !there.contains(PathKey(file)) || file == "anchors/authorities.pem" else { return }
                    try replica.copyIfThere(file, from: layout)
                }
            }
        } catch let error as ArchiveError {
            throw error
        } catch let error as FileError {
            throw Self.converted(error, layout)
        } catch {
            throw .unreadable(path: layout.log, reason: "\(error)")
        }
        try replica.copyIfThere("log/checkpoint", from: layout)
    }
}
