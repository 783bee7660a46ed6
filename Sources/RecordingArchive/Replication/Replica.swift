internal import AuditTrail
internal import Digests
internal import DurableFiles

/// A second copy of an archive: the same tree on another disk, without a catalog.
///
/// Its own journal says how far it has come: a line is added to it when all that the line is about was written there
/// and read back. So a replica can be interrupted anywhere, and be of any age.
struct Replica {
    let layout: ArchiveLayout
    let operations: any FileOperations

    init(path: String, operations: any FileOperations) {
        layout = ArchiveLayout(root: path)
        self.operations = operations
    }

    var path: String { layout.root }

    /// Makes sure that the folder is not the archive, or that of another replica, by another path, and none within or around
    /// them: then the disk would hold one copy where two are believed to be.
    ///
    /// Links and mounts can change at any time, so this is asked each time a replica is used.
    ///
    /// - Parameters:
    ///   - archive: The archive.
    ///   - others: The folders of other replicas.
    /// - Throws: `ArchiveError`: `replicaOverlaps`.
    func checkPlace(besides archive: ArchiveLayout, _ others: some Sequence<String>) throws(ArchiveError) {
        let other = try RecordingArchive.files(layout) { () throws(FileError) -> String? in
            let place = try FolderPlace(path, operations)
            if try place.overlaps(FolderPlace(archive.root, operations)) { return archive.root }
            // A folder within may lead to the archive, too, and the archive's own may be mounted elsewhere.
            let folders = try Self.folders(of: archive, operations)
            if try !folders.isDisjoint(with: Self.folders(of: layout, operations)) { return archive.root }
            for other in others where try place.overlaps(FolderPlace(other, operations)) { return other }
            return nil
        }
        if let other { throw .replicaOverlaps(path: path, other: other) }
    }

    /// The folder of an archive or a replica, and those in it that are there.
    private static func folders(
        of layout: ArchiveLayout, _ operations: any FileOperations
    ) throws(FileError) -> Set<FileIdentity> {
        var folders: Set<FileIdentity> = []
        for path in [layout.root] + ArchiveLayout.folders.map(layout.absolute) {
            if let identity = try operations.status(of: path)?.identity { folders.insert(identity) }
        }
        return folders
    }

    /// How far its journal has come.
    ///
    /// - Parameter hint: How far it had come before; it is believed where the replica's journal has that very line.
    /// - Returns: The place behind its last line.
    /// - Throws: `ArchiveError` where the journal is damaged.
    func position(hint: JournalPosition) throws(ArchiveError) -> JournalPosition {
        do throws(JournalError) {
            do throws(JournalError) {
                return try position(from: hint)
            } catch {
                guard case .changed = error else { throw error }
                return try position(from: .start)
            }
        } catch {
            throw .journal(error)
        }
    }

    /// How far the journal of a replica has come that must be there, and be a replica of an archive.
    ///
    /// - Parameters:
    ///   - archive: The archive.
    ///   - id: The archive's id.
    ///   - others: The folders of replicas that count before this one.
    ///   - hint: As for `position(hint:)`.
    /// - Returns: The place behind its last line.
    /// - Throws: `ArchiveError`: `replicaMissing`, `foreignReplica`, `replicaOverlaps`, or what is wrong with its journal.
    func reachedPosition(
        of archive: ArchiveLayout, id: String, besides others: some Sequence<String>, hint: JournalPosition
    ) throws(ArchiveError) -> JournalPosition {
        let status = try RecordingArchive.files(layout) { () throws(FileError) in
            try operations.status(of: layout.description)
        }
        // Where a disk is not mounted, its mount point is an empty folder.
        guard status != nil else { throw .replicaMissing(path: path) }
        guard try ArchiveDescription.read(layout, operations).id == id else {
            throw .foreignReplica(path: path)
        }
        try checkPlace(besides: archive, others)
        return try position(hint: hint)
    }

    private func position(from start: JournalPosition) throws(JournalError) -> JournalPosition {
        var reader = try JournalReader(of: layout, from: start, operations: operations)
        while try reader.next() != nil {}
        return reader.position
    }

    /// Makes sure that the folder is a replica of an archive; makes it one where it is missing or empty.
    func prepare(_ description: ArchiveDescription) throws(ArchiveError) {
        let names = try RecordingArchive.files(layout) { () throws(FileError) -> [String] in
            try Folder.makeDurably(layout.root, operations: operations)
            return try operations.names(inFolder: layout.root)
        }
        if names.contains("archive.json") {
            let found = try ArchiveDescription.read(layout, operations)
            guard found.id == description.id else { throw .foreignReplica(path: path) }
            guard !names.contains("catalog.sqlite") else { throw .replicaIsArchive(path: path) }
        } else {
            // These are what a run makes first; with lines in the journal, a description was there and is lost.
            let journal = try RecordingArchive.files(layout) { () throws(FileError) -> [String] in
                names.contains("journal") ? try operations.names(inFolder: layout.journal) : []
            }
            guard Set(names).isSubset(of: ["incoming", "journal"]), journal.isEmpty else {
                throw .notAnArchive(path: path)
            }
        }
        try RecordingArchive.files(layout) { () throws(FileError) in
            try layout.refuseLinks(operations)
            for folder in [layout.incoming, layout.journal] {
                try Folder.makeDurably(folder, operations: operations)
            }
            _ = try TemporaryName.removeStale(
                inFolder: layout.incoming, isLocked: true, operations: operations)
        }
        if !names.contains("archive.json") { try description.write(layout, operations) }
    }

    /// Copies a file of the archive, unless it is there with the same bytes, and reads back what was written.
    ///
    /// - Throws: `ArchiveError`: `copyDiffers` where what came to be is not what was to be copied.
    func copy(
        _ relative: String, from source: ArchiveLayout, digest expected: Digest? = nil, replacing: Bool
    ) throws(ArchiveError) {
        let (from, to) = (source.absolute(relative), layout.absolute(relative))
        let digest: Digest
        if let expected { digest = expected } else { digest = try FileDigest.of(from, operations) }
        let status = try RecordingArchive.files(layout) { () throws(FileError) in
            try operations.status(of: to, followingLinks: false)
        }
        // What cannot be read there gives way like what has other bytes.
        if status?.kind == .file, let found = try? FileDigest.of(to, operations), found == digest { return }
        var hasher = SHA256Hasher()
        let pending = try RecordingArchive.files(layout) { () throws(FileError) -> PendingFile in
            try Folder.makeDurably(Folder.parent(of: to), below: path, operations: operations)
            let pending = try PendingFile(
                inFolder: layout.incoming, permissions: expected == nil ? 0o600 : 0o400,
                operations: operations)
            try ReadableFile(path: from, operations: operations).forEachPiece { (piece) throws(FileError) in
                hasher.update(piece)
                try pending.write(piece)
            }
            try pending.synchronize()
            return pending
        }
        guard hasher.finalize() == digest else {
            throw .unreadable(path: from, reason: "it reads otherwise than a moment before")
        }
        guard try FileDigest.of(pending.path, operations) == digest else { throw .copyDiffers(path: to) }
        do throws(FileError) {
            // A file of other bytes under the final name of a recording is damage, and gives way to the verified copy.
            try pending.publish(as: to, replacing: replacing || status != nil)
        } catch {
            throw RecordingArchive.converted(error, layout)
        }
    }

    /// Copies a file that may be replaced later, where the archive has it.
    func copyIfThere(_ relative: String, from source: ArchiveLayout) throws(ArchiveError) {
        let status = try RecordingArchive.files(source) { () throws(FileError) in
            try operations.status(of: source.absolute(relative), followingLinks: false)
        }
        guard status?.kind == .file else { return }
        try copy(relative, from: source, replacing: true)
    }
}
