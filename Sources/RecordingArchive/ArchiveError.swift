public import AuditTrail
public import DurableFiles
public import TransparencyLog

/// Why an archive could not be opened, read or added to.
public enum ArchiveError: Error, Sendable, Hashable {
    /// There is no archive at the path.
    case missing(path: String)
    /// There is an archive at the path already, or a replica of one.
    case exists(path: String)
    /// The folder holds other things, and is no archive.
    case notAnArchive(path: String)
    /// `archive.json` cannot be understood.
    case damagedDescription(path: String)
    /// A later version of the program made or changed the archive.
    case newerFormat(path: String, version: Int, supported: Int)
    /// A version of the program from before the first release made the archive.
    case olderFormat(path: String, version: Int)
    /// Another process writes to the archive: the one of this number, where that is known.
    case inUse(path: String, process: Int32?)
    /// The archive is on a read-only file system, or was opened for reading.
    case readOnly(path: String)
    /// The archive has no catalog.
    case catalogMissing(path: String)
    /// The catalog is no database, or not one of ours.
    case catalogDamaged(path: String, reason: String)
    /// The database refused; after that nothing more is written.
    case catalog(path: String, reason: String)
    /// A file or a folder could not be made, read or published.
    case file(FileError)
    /// The journal could not be read or added to.
    case journal(JournalError)
    /// The journal is gone, and something else in the archive knows of its lines.
    case journalMissing(path: String)
    /// The journal has fewer entries than the log.
    case journalRolledBack(path: String, entries: Int, known: Int)
    /// The transparency log could not be opened or added to.
    case log(LogError)
    /// The signing key could not be made or opened.
    case signing(SigningKeyError)
    /// The key is that of another archive's log.
    case foreignKey(path: String, name: String)
    /// The key has been replaced by a newer one.
    case retiredKey(path: String)
    /// A file of the archive could not be read.
    case unreadable(path: String, reason: String)
    /// No log was begun yet.
    case logMissing(path: String)
    /// An entry about a recording is in the journal and not yet in the log.
    case entryPending(id: String)
    /// The list of verifier keys is gone, and the log was begun.
    case verifierKeysMissing(path: String)
    /// The list of verifier keys holds something else.
    case verifierKeysDamaged(path: String)
    /// A sidecar is missing or is not as it was written.
    case sidecarDamaged(path: String)
    /// The folder is a replica of another archive.
    case foreignReplica(path: String)
    /// The folder has a catalog of its own, as only an archive has.
    case replicaIsArchive(path: String)
    /// The replica is the archive or another replica by another path, or one lies within the other.
    case replicaOverlaps(path: String, other: String)
    /// There is nothing at the replica's path, or only an empty folder.
    case replicaMissing(path: String)
    /// The replica has more than the archive.
    case replicaAhead(path: String)
    /// The replica's journal has another line where the archive's has come to.
    case replicaDiffers(path: String)
    /// The archive's log has fewer entries than its key has signed for a replica: it was set back.
    case olderThanReplica(path: String, entries: UInt64, replica: String, known: UInt64)
    /// The archive's log contradicts what its key has signed for a replica: there are two histories.
    case forkedFromReplica(path: String, entries: UInt64, replica: String, known: UInt64)
    /// What was written to a replica reads back otherwise.
    case copyDiffers(path: String)
    /// Facts that no JSON can hold.
    case unencodable(path: String, reason: String)
    /// There is no recording of that id.
    case noRecording(id: String)
    /// No message of that key is missing.
    case noMissing(key: String)
    /// There is no hold of that id.
    case noHold(id: String)
    /// What was asked for is not allowed, for a reason that is a sentence.
    case refused(String)
}

extension ArchiveError: CustomStringConvertible {
    /// One sentence that names the archive and says what to do.
    public var description: String {
        switch self {
        case .missing(let path):
            "there is no archive at \(path). Is its disk mounted? `voxkeep init \(path)` makes one"
        case .exists(let path):
            "there is an archive at \(path) already, or a replica of one; choose an empty folder, or a new one"
        case .notAnArchive(let path):
            "\(path) holds other files and is no archive; choose an empty folder, a new one, or an archive"
        case .damagedDescription(let path):
            "\(path)/archive.json is missing or damaged; restore it from a copy of the archive"
        case .newerFormat(let path, let version, let supported):
            """
            the archive at \(path) has format \(version), and this version of voxkeep knows formats up to \
            \(supported); install a newer version
            """
        case .inUse(let path, let process?):
            "the archive at \(path) is in use by process \(process); wait until it has ended"
        case .inUse(let path, nil):
            "the archive at \(path) is in use by another process; wait until it has ended"
        case .readOnly(let path):
            "the archive at \(path) is read-only; mount it for writing or choose another one"
        case .catalogMissing(let path):
            "the archive at \(path) has lost its catalog.sqlite; run rebuild-catalog, which makes it anew from journal and "
                + "sidecars"
        case .catalogDamaged(let path, let reason):
            "the catalog of the archive at \(path) is damaged (\(reason)); run rebuild-catalog, which makes it anew "
                + "from journal and sidecars"
        case .catalog(let path, let reason):
            "the catalog of the archive at \(path) could not be used (\(reason)); check the disk and run again"
        case .file(let error):
            error.description
        case .olderFormat(let path, let version):
            """
            the archive at \(path) has format \(version): it was made by an earlier version of Voxkeep, which had no \
            release; sync into a new archive, or restore the originals with the version that made it
            """
        case .journal(let error):
            error.description
        case .journalMissing(let path):
            "the archive at \(path) has lost its journal, by which it goes; run verify --repair, which brings it back from "
                + "a replica, named with --replica where it is not found"
        case .journalRolledBack(let path, let entries, let known):
            "the journal of the archive at \(path) has \(entries) entries, but its log has \(known); "
                + "restore the newest copy of the archive"
        case .log(let error):
            error.description
        case .signing(.missing(let path)):
            "there is no key at \(path), which signs the archive's log; name it with --key-file, or restore it from its "
                + "backup"
        case .signing(let error):
            error.description
        case .foreignKey(let path, let name):
            "the key at \(path) signs the log \(name), which is another archive's; name the right one with --key-file"
        case .retiredKey(let path):
            "the key at \(path) was replaced by another; name the newest one with --key-file"
        case .unreadable(let path, let reason):
            "\(path) cannot be read (\(reason)); check the disk, and restore it from a copy"
        case .logMissing(let path):
            "the archive at \(path) has no log yet; run init once more, which begins it"
        case .entryPending(let id):
            "the entry of the recording \(id) is not in the log yet; run sync with the log's key, which adds it"
        case .verifierKeysMissing(let path):
            "\(path) is missing, although the log was begun; run verify --repair, which brings it back"
        case .verifierKeysDamaged(let path):
            "\(path) holds something that is no verifier key; restore it from a copy of the archive"
        case .sidecarDamaged(let path):
            "\(path) is missing or was changed; run verify, and restore it from a copy"
        case .foreignReplica(let path):
            "\(path) is a replica of another archive; choose an empty folder or this archive's own replica"
        case .replicaIsArchive(let path):
            "\(path) is an archive of its own and no replica; choose an empty folder"
        case .replicaOverlaps(let path, let other):
            "\(path) and \(other) are one folder, or one lies within the other, so there is no second copy; "
                + "choose a folder on another disk"
        case .replicaMissing(let path):
            "the replica at \(path) is not there; mount its disk, then run replicate"
        case .replicaAhead(let path):
            "the replica at \(path) has more than the archive, which is an older copy of itself; run verify --repair, "
                + "which brings back what the replica has"
        case .replicaDiffers(let path):
            "the journal of the replica at \(path) is not the archive's; run verify, which tells which of the two is right"
        case .olderThanReplica(let path, let entries, let replica, let known):
            "the archive at \(path) was set back: its log has \(entries) entries, and its key has signed \(known) for the "
                + "replica at \(replica); run verify --repair, which brings the newer state back from there"
        case .forkedFromReplica(let path, let entries, let replica, let known):
            "the key of the archive at \(path) has signed two histories: the archive's log (\(entries) entries) and that of "
                + "the replica at \(replica) (\(known)) contradict one another; keep both, find out which one is right, and "
                + "move the other one away before anything is written again"
        case .copyDiffers(let path):
            "what was written to \(path) reads back otherwise; check that disk, then run replicate"
        case .unencodable(let path, let reason):
            "the facts of \(path) cannot be written as JSON (\(reason)); please report it"
        case .noRecording(let id):
            "the archive has no recording \(id); list shows those that it has"
        case .noMissing(let key):
            "the archive lacks no message \(key), or that is accepted already; missing shows those that it lacks"
        case .noHold(let id):
            "the archive has no hold \(id); holds --all shows those that it has"
        case .refused(let sentence):
            sentence
        }
    }
}
