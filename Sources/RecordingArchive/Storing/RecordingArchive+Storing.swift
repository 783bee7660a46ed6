internal import AuditTrail
internal import Digests
public import DurableFiles

extension RecordingArchive {
    /// How many ingests may wait before their entries go into the log.
    private static let logInterval = 64

    /// Stores a recording, and returns when neither its file nor what is known of it can be lost.
    ///
    /// Each call makes one more recording, also of a message that is there already: compare
    /// `archivedSources(of:)` with what the PBX lists first. No file is ever overwritten; a name that is taken gets
    /// `-2`, `-3` and so on.
    ///
    /// - Parameters:
    ///   - facts: What is known of the message; `stored` describes the file.
    ///   - file: The FLAC file, complete, begun with `makePendingFile()` or taken over.
    ///   - retention: How long it is kept.
    /// - Returns: The recording.
    /// - Throws: `ArchiveError`. The message counts as not archived then, and can be added again: in the same run
    ///   where the file did not get its name, else after opening anew, which may find it archived after all.
    public func add(
        _ facts: RecordingFacts, file: consuming PendingFile, retention: RetentionPolicy = .forever
    ) throws(ArchiveError) -> Recording {
        try store(facts, .archived, file, retention, report: nil)
    }

    /// Stores a recording whose file is complete at a temporary path.
    ///
    /// - Parameters:
    ///   - facts: What is known of the message; `stored` describes the file.
    ///   - path: The FLAC file, on the archive's file system; it is gone from there afterwards.
    ///   - retention: How long it is kept.
    /// - Returns: The recording.
    /// - Throws: `ArchiveError`; the file may be gone then.
    public func add(
        _ facts: RecordingFacts, fileAt path: String, retention: RetentionPolicy = .forever
    ) throws(ArchiveError) -> Recording {
        try store(facts, .archived, try takeOver(path), retention, report: nil)
    }

    /// Stores a source that holds no audio that can be decoded, as it came, with its report beside it.
    ///
    /// - Parameters:
    ///   - facts: What is known of the message; `stored` describes the file, which is the source itself.
    ///   - path: The source, on the archive's file system; it is gone from there afterwards.
    ///   - report: The content of the report, JSON.
    ///   - retention: How long it is kept.
    /// - Returns: The recording.
    /// - Throws: `ArchiveError`; the file may be gone then.
    public func quarantine(
        _ facts: RecordingFacts, fileAt path: String, report: [UInt8], retention: RetentionPolicy = .forever
    ) throws(ArchiveError) -> Recording {
        try store(facts, .quarantined, try takeOver(path), retention, report: report)
    }

    private func takeOver(_ path: String) throws(ArchiveError) -> PendingFile {
        do throws(FileError) {
            return try PendingFile(takingOver: path, operations: operations)
        } catch {
            throw Self.converted(error, layout)
        }
    }

    private func store(
        _ facts: RecordingFacts, _ state: Recording.State, _ file: consuming PendingFile,
        _ retention: RetentionPolicy, report: [UInt8]?
    ) throws(ArchiveError) -> Recording {
        try checkWritable()
        let folder = Folder.path(ArchiveLayout.folderName(of: state), FileNaming.folder(of: facts))
        try makeDurably(folder)
        let place = try place(
            Folder.path(folder, FileNaming.name(of: facts)), ArchiveLayout.pathExtension(of: state))
        guard let salt = Digest(bytes: context.randomBytes(Digest.byteCount)) else {
            throw .unencodable(path: place.path, reason: "there is no randomness")
        }
        let sidecar = Sidecar(
            id: context.randomID(), state: state,
            ordinal: try catalog.readNow { try CatalogQueries.nextOrdinal($0, facts) }, path: place.path,
            salt: salt, facts: facts, retention: Retention(policy: retention, created: facts.retentionStart),
            holds: [])
        let intent = layout.intent(of: sidecar.id)
        let bytes = try sidecar.bytes()
        let final = layout.absolute(place.path)
        do throws(FileError) {
            try PendingFile.writeFile(bytes, to: intent, replacing: false, operations: operations)
            if let report {
                try PendingFile.writeFile(
                    report, to: Self.reportPath(of: final), replacing: true, temporaryFolder: layout.incoming,
                    permissions: 0o400, operations: operations)
            }
            // Where hard links are not to be had, an empty file of an earlier run may claim the name.
            try file.publish(as: final, replacing: place.isClaimed)
        } catch {
            let reason = Self.converted(error, layout)
            guard (try? withdraw(sidecar)) == true else { throw stop(reason) }
            throw reason
        }
        let recording: Recording
        do throws(ArchiveError) {
            recording = try complete(sidecar, isRepeated: false)
        } catch {
            // The file has its name, so the next start completes what is left; adding it again would make two of one.
            throw stop(error)
        }
        let waiting = Int(recording.ingestEntry) + 1 - (try position(.logged)).entries
        if log != nil, waiting >= Self.logInterval { try flush() }
        return recording
    }

    /// Does what is left of an ingest once its intent and its file are on the disk; each step can be done again.
    func complete(_ sidecar: Sidecar, isRepeated: Bool) throws(ArchiveError) -> Recording {
        let final = layout.absolute(sidecar.path)
        let folder = Folder.parent(of: final)
        let bytes = try sidecar.bytes()
        try Self.files(layout) { () throws(FileError) in
            try Folder.refuseLinks(to: folder, below: layout.root, operations: operations)
            // An earlier run may have been killed between naming the file and this.
            try operations.synchronizeFolder(folder)
            try PendingFile.writeFile(
                bytes, to: layout.absolute(Sidecar.path(of: sidecar.path, sidecar.state)), replacing: true,
                temporaryFolder: layout.incoming, permissions: 0o400, operations: operations)
            try DayManifest(folder: folder, operations: operations).add(
                sidecar.facts.stored.sha256, Folder.name(of: final), mayBeThere: isRepeated)
        }
        let key = messageKey(of: sidecar.facts.identity)
        let report =
            sidecar.state == .quarantined ? try FileDigest.of(Self.reportPath(of: final), operations) : nil
        try record(try RecordingIngested(sidecar, messageKey: key, report: report))
        try Self.files(layout) { () throws(FileError) in try operations.remove(layout.intent(of: sidecar.id))
        }
        guard let recording = try catalog.readNow({ try CatalogQueries.recording($0, id: sidecar.id) }) else {
            throw .noRecording(id: sidecar.id)
        }
        return recording
    }

    /// Takes back an ingest whose file has not got its name.
    ///
    /// - Returns: Whether the disk shows that it has not; else the intent stays, for the next start to look again.
    func withdraw(_ sidecar: Sidecar) throws(FileError) -> Bool {
        let file = layout.absolute(sidecar.path)
        try Folder.refuseLinks(to: Folder.parent(of: file), below: layout.root, operations: operations)
        let status = try operations.confirmedStatus(of: file)
        guard status == nil || status?.kind == .file && status?.size == 0 else { return false }
        // Where hard links are not to be had, an empty file claims the name first.
        if status != nil { try operations.remove(file) }
        let report = Self.reportPath(of: file)
        if sidecar.state == .quarantined, try operations.status(of: report) != nil {
            try operations.remove(report)
        }
        let folder = Folder.parent(of: file)
        // The name may have been there for a moment, and must not come back when the intent is gone.
        if try operations.status(of: folder) != nil { try operations.synchronizeFolder(folder) }
        let intent = layout.intent(of: sidecar.id)
        if try operations.status(of: intent) != nil { try operations.remove(intent) }
        return true
    }

    /// Finds the first name that is free, or that an empty file claims.
    private func place(_ stem: String, _ pathExtension: String) throws(ArchiveError) -> (
        path: String, isClaimed: Bool
    ) {
        var number = 1
        while true {
            let path = number == 1 ? "\(stem).\(pathExtension)" : "\(stem)-\(number).\(pathExtension)"
            number += 1
            let hasRow = try catalog.readNow { try CatalogQueries.hasPath($0, path) }
            if hasRow { continue }
            let found = try Self.files(layout) { () throws(FileError) in
                try operations.status(of: layout.absolute(path))
            }
            guard let status = found else { return (path, false) }
            if status.kind == .file, status.size == 0 { return (path, true) }
        }
    }

    private func makeDurably(_ folder: String) throws(ArchiveError) {
        guard !durableFolders.contains(folder) else { return }
        let path = layout.absolute(folder)
        try Self.files(layout) { () throws(FileError) in
            try Folder.makeDurably(path, below: layout.root, operations: operations)
        }
        durableFolders.insert(folder)
    }
}
