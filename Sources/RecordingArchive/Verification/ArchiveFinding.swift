internal import DurableFiles

/// One difference between what an archive holds and what it should hold.
///
/// Two are equal where what they are about is the same to a file system: copies in two folders whose names differ only in
/// how a letter is encoded are two.
public struct ArchiveFinding: Sendable, Hashable {
    /// What differs.
    ///
    /// The raw values are codes for programs, and never change.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// The log's files, or the log as a whole, are not what was signed or known.
        case logDamaged = "log.damaged"
        /// An entry of the log is not the one that was signed.
        case logEntryAltered = "log.entry-altered"
        /// A file in the log's folder is no part of a log.
        case logStray = "log.stray"
        /// The checkpoint is missing, not signed by a known key, or signed wrongly.
        case logSignature = "log.signature"
        /// The log has fewer entries than it is known to have had.
        case logRolledBack = "log.rolled-back"
        /// The key has signed two histories: the archive's log and that of a replica contradict one another.
        case logForked = "log.forked"
        /// Entries are in the journal that are not yet in the log.
        case logPending = "log.pending"
        /// A line of the journal was changed, or lines are missing.
        case journalDamaged = "journal.damaged"
        /// A line of the journal was made by somebody without the archive's key; it was not applied.
        case journalForeign = "journal.foreign"
        /// A line of the journal has another entry than the log.
        case journalDiffers = "journal.differs"
        /// The archive's description is not the one that its log and its rows were made with.
        case descriptionAltered = "archive.altered"
        /// The catalog is missing, or is no sound database.
        case catalogDamaged = "catalog.damaged"
        /// The catalog has not taken in the newest lines of the journal.
        case catalogBehind = "catalog.behind"
        /// The log has an ingest of which the catalog has no row.
        case rowMissing = "catalog.row-missing"
        /// A row of the catalog says otherwise than the log.
        case rowAltered = "catalog.row-altered"
        /// A row of the catalog has no ingest in the log.
        case rowStray = "catalog.row-stray"
        /// A recording's file is missing.
        case fileMissing = "file.missing"
        /// A recording's file has other bytes than were stored.
        case fileAltered = "file.altered"
        /// A recording's file, or any other file or folder, cannot be read, which says nothing of what it holds.
        case fileUnreadable = "file.unreadable"
        /// A file that belongs to no recording.
        case fileStray = "file.stray"
        /// In the place of a file or a folder of the archive is something else.
        case obstructed = "file.obstructed"
        /// The audio does not decode to the samples whose MD5 the file holds, or does not decode at all.
        case audioDamaged = "audio.damaged"
        /// What the file restores to is not the original.
        case originalDiffers = "original.differs"
        /// A recording's sidecar is missing.
        case sidecarMissing = "sidecar.missing"
        /// A recording's sidecar was changed.
        case sidecarAltered = "sidecar.altered"
        /// A recording's sidecar cannot be read, which says nothing of what it holds.
        case sidecarUnreadable = "sidecar.unreadable"
        /// A recording's sidecar does not show its newest retention and holds yet.
        case sidecarOutdated = "sidecar.outdated"
        /// What a hook has answered about a recording is lost, or was changed.
        case answerLost = "answer.lost"
        /// A day's manifest lists other files than the archive holds.
        case manifestDiffers = "manifest.differs"
        /// The file with what a PBX has listed and the archive lacks is missing.
        case listingMissing = "listing.missing"
        /// What a PBX has listed and the archive lacks is not what was written down.
        case listingAltered = "listing.altered"
        /// The file with what a PBX has listed and the archive lacks cannot be read, which says nothing of what it holds.
        case listingUnreadable = "listing.unreadable"
        /// What a PBX has listed and the archive lacks was written down before the newest of it was listed or archived.
        case listingOutdated = "listing.outdated"
        /// A file of an erased recording is still there.
        case erasureUnfinished = "erasure.unfinished"
        /// A file has the bytes of a recording that was erased.
        case erasureUndone = "erasure.undone"
        /// A file that a run did not live to finish.
        case leaving = "file.unfinished"
        /// The room on the disk is missing that erasures need when it is full.
        case reserveMissing = "reserve.missing"
        /// A replica cannot be reached.
        case replicaUnreachable = "replica.unreachable"
        /// A replica lacks the newest lines of the journal.
        case replicaBehind = "replica.behind"
        /// Something looked wrong while a writer was about, and could not be looked at in peace.
        case unsettled = "verify.unsettled"
        /// An anchor does not fit the log, or its time stamp is not to be trusted.
        case anchorInvalid = "anchor.invalid"

        /// Whether the archive is not as it should be; the others are work that the next run completes, or not certain.
        public var isDamage: Bool {
            switch self {
            case .logPending, .catalogBehind, .sidecarOutdated, .listingOutdated, .erasureUnfinished,
                .leaving,
                .replicaBehind, .reserveMissing, .unsettled:
                false
            default: true
            }
        }

        /// What a repair takes it from.
        public var source: Source? {
            switch self {
            case .obstructed, .logDamaged, .logEntryAltered, .logSignature, .catalogDamaged, .rowMissing,
                .rowAltered,
                .rowStray,
                .sidecarMissing, .sidecarAltered, .sidecarUnreadable, .manifestDiffers, .answerLost,
                .listingMissing, .listingAltered, .listingUnreadable:
                .archive
            case .logRolledBack, .journalDamaged, .journalDiffers, .descriptionAltered, .fileMissing,
                .fileAltered,
                .fileUnreadable, .audioDamaged, .originalDiffers:
                .copy
            case .logPending, .catalogBehind, .sidecarOutdated, .listingOutdated, .erasureUnfinished,
                .leaving,
                .replicaBehind, .reserveMissing, .unsettled, .logStray, .logForked, .journalForeign,
                .fileStray,
                .erasureUndone, .replicaUnreachable, .anchorInvalid:
                nil
            }
        }
    }

    /// Where a repair can find what a damaged thing was.
    public enum Source: Sendable, Hashable {
        /// Another part of the archive tells it, as a rule.
        case archive
        /// Only a copy of the archive has it.
        case copy
    }

    /// What differs.
    public let kind: Kind

    /// The file, row or entry that it is about: a path where there is one, else an id or a number.
    public let item: String

    /// The replica that it is about; nil for the archive itself.
    public let replica: String?

    /// The recording that it is about; nil where it is about none.
    public let record: String?

    /// One sentence that names the item and says what to do.
    public let message: String

    /// Makes a finding from its parts.
    public init(
        _ kind: Kind, item: String, replica: String? = nil, record: String? = nil, _ message: String
    ) {
        self.kind = kind
        self.item = item
        self.replica = replica
        self.record = record
        self.message = message
    }

    /// Whether both are about the same thing and say the same.
    public static func == (one: ArchiveFinding, other: ArchiveFinding) -> Bool {
        one.kind == other.kind && PathKey(one.item) == PathKey(other.item)
            && one.replica.map(PathKey.init) == other.replica.map(PathKey.init) && one.record == other.record
            && one.message == other.message
    }

    /// Hashes what it is about.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(kind)
        hasher.combine(PathKey(item))
        hasher.combine(replica.map(PathKey.init))
    }
}
