package import PBXClient
package import Transcoding
internal import WaveFiles

/// What a sync tells while it runs.
package enum SyncEvent: Sendable {
    /// The PBX has listed its messages.
    case listed(messages: Int, mailboxes: Int, wanted: Int)
    /// The PBX lists something that cannot be read, so that its message stays there.
    case unreadable(UnreadableEntry)
    /// The PBX does not know an extension that was asked for.
    case missingExtension(String)
    /// A message has been dealt with.
    case finished(SyncItem)
}

/// What became of one message.
package struct SyncItem: Sendable {
    /// How a message ended.
    package enum Outcome: Sendable {
        /// Its recording is in the archive; in the place of worse ones of the same message, by their ids.
        case archived(replacing: [String])
        /// Its source holds no audio, and lies in quarantine with its report.
        case quarantined
        /// It was fetched, and the archive has it already.
        case alreadyArchived
        /// It was fetched again, and what came is no better than what the archive has; or may be better, where nothing tells
        /// of which of several messages that are listed alike it is.
        case noBetter(mayBeBetter: Bool)
        /// It was fetched again, and what came is audio that the archive has, and wants no better of.
        case unchanged
        /// It is listed otherwise than when it came, in a way that is named: the archive has it, under this id.
        case adopted(record: String, difference: String)
        /// It is listed once more than there are such messages: the same audio lies at another place.
        case repeated
        /// It could not be fetched or stored; the next sync tries again.
        case failed(any Error)
        /// It could not be fetched, and somebody has accepted that it is missing; the next sync tries again.
        case acceptedMissing(any Error)
        /// It was listed, and is listed no more before it could be fetched.
        case missing
    }

    /// The code of a listed date that no message can be from.
    package static let implausibleDate = "date.implausible"
    /// The code of a listed date that names another day where day and month are read the other way round.
    package static let unorderedDate = "date.unordered"

    /// The message as it was listed.
    package let listing: VoicemailListing
    /// When it was left, with the offset from UTC; nil where the listed date is none, or one that cannot be.
    package let date: String?
    /// How it ended.
    package var outcome: Outcome
    /// The id of the recording that was made of it.
    package var record: String?
    /// What its source is and what was made of it; paths are those of the archive.
    package var report: SourceReport
    /// The codes of what was odd about it: `pbx.duration-mismatch`, `date.nonexistent` and the like.
    package let warnings: [String]
}

/// What a sync has done.
package struct SyncSummary: Sendable {
    /// Messages that the PBX listed.
    package var listed = 0
    /// Listed messages that the archive had before.
    package var known = 0
    /// Recordings added.
    package var archived = 0
    /// Recordings added of a source whose audio is missing in part or doubtful.
    package var salvaged = 0
    /// Recordings added in the place of worse ones.
    package var improved = 0
    /// Sources without audio put into quarantine.
    package var quarantined = 0
    /// Of what was added, those whose listed date cannot be: they are undated, and kept from now on.
    package var implausiblyDated = 0
    /// Of what was added, those in whose listed date day and month cannot be told apart: they are undated.
    package var unorderedDates = 0
    /// Messages fetched that the archive had already.
    package var alreadyArchived = 0
    /// Messages that the archive had, and that are listed in another form now.
    package var adopted = 0
    /// Listings of one message beyond the first.
    package var repeated = 0
    /// Messages that could not be fetched or stored.
    package var failed: Int { failures.count }
    /// Why the messages failed, in no particular order.
    package var failures: [any Error] = []
    /// Listed entries that cannot be read.
    package var unreadable = 0
    /// Extensions that were asked for beside others, and are not there.
    package var missingExtensions = 0
    /// Messages that could not be fetched, and that somebody has accepted as missing.
    package var acceptedMissing = 0
    /// Messages that are listed no more and that the archive never got, and of which nobody has accepted that; those of
    /// earlier syncs included.
    package var missing = 0
    /// What ended the sync early; nil where it ran to its end.
    package var abortedBy: (any Error)?
    /// Whether the sync was cancelled.
    package var wasCancelled = false

    /// Makes the summary of a sync that has done nothing.
    package init(abortedBy error: (any Error)? = nil) {
        abortedBy = error
    }

    /// Listed messages that nothing has become of yet.
    package var left: Int {
        max(
            0,
            listed - known - archived - quarantined - alreadyArchived - adopted - repeated - failed
                - acceptedMissing)
    }

    /// Whether somebody should look at what came out.
    package var needsAttention: Bool {
        salvaged + quarantined + repeated + failed + missing + unreadable + missingExtensions > 0
    }

    mutating func count(_ item: SyncItem) {
        switch item.outcome {
        case .archived, .quarantined:
            if item.warnings.contains(SyncItem.implausibleDate) { implausiblyDated += 1 }
            if item.warnings.contains(SyncItem.unorderedDate) { unorderedDates += 1 }
        default: break
        }
        switch item.outcome {
        case .archived(let worse):
            if worse.isEmpty { archived += 1 } else { improved += 1 }
            if item.report.inspection?.verdict == .salvaged { salvaged += 1 }
        case .quarantined: quarantined += 1
        case .alreadyArchived: alreadyArchived += 1
        // The archive had it, and was counted as having it.
        case .noBetter, .unchanged: break
        case .adopted: adopted += 1
        case .repeated: repeated += 1
        case .failed(let error): failures.append(error)
        case .acceptedMissing: acceptedMissing += 1
        // It is counted with those of earlier syncs, in the end.
        case .missing: break
        }
    }
}
