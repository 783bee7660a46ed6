public import Digests
internal import Foundation
package import TransparencyLog

/// What a verification is to do.
public struct VerificationPlan: Sendable {
    /// Looks at the audio in a FLAC file, and returns the SHA-256 of what it restores to; throws `OriginalMismatch`
    /// where that is not what the file says, and anything else where the audio is damaged.
    public typealias Restoration = @Sendable (_ path: String) throws -> Digest

    /// What a restoration throws where a file says itself that its original was another one.
    public struct OriginalMismatch: Error, Sendable, Hashable {
        /// The SHA-256 of what was restored.
        public let found: Digest

        /// Makes the error.
        public init(found: Digest) {
            self.found = found
        }
    }

    /// The recordings whose files are looked at; nil for all.
    public var filter: RecordingFilter?

    /// Decodes each FLAC file and rebuilds its original, where set.
    public var restoring: Restoration?

    /// The entry of the log to begin at.
    public var start: UInt64 = 0

    /// A file with the verifier keys to trust, one a line; nil for those that the archive keeps.
    public var verifierKeys: String?

    /// Keys of the log whose private parts are at hand, also one that came after the newest that the archive knows.
    package var keysAtHand: [VerifierKey] = []

    /// What is wrong with time stamps, which another module knows how to read; asked at each look.
    package var anchorFindings: @Sendable () -> [ArchiveFinding] = { [] }

    /// The recordings to look at once more; nil for all.
    var records: Set<String>?

    /// Waits for a moment, in which a writer may end; then what looked wrong beside it is looked at again.
    package var pause: @Sendable () -> Void = { Thread.sleep(forTimeInterval: 0.25) }

    /// When to stop; asked between recordings.
    public var isOver: @Sendable () -> Bool = { false }

    /// Makes the plan of a whole verification.
    public init() {}
}

/// How far a verification came, and what it found.
public struct VerificationSummary: Sendable, Hashable {
    /// Entries of the log that were found to be those that were signed.
    public var entries: UInt64 = 0
    /// Recordings whose files were looked at, in the archive itself.
    public var recordings = 0
    /// Recordings whose copies were looked at.
    public var copies = 0
    /// Recordings that were found to be lawfully erased.
    public var erased = 0
    /// Findings by kind.
    public var findings: [ArchiveFinding.Kind: Int] = [:]
    /// The entry to go on at; nil where the verification ran to its end.
    public var cursor: UInt64?

    /// Makes the summary of a verification that has not looked at anything yet.
    public init() {}

    /// How many findings were damage.
    public var damage: Int { findings.reduce(0) { $0 + ($1.key.isDamage ? $1.value : 0) } }
    /// How many findings were work that the next run completes.
    public var unfinished: Int { findings.reduce(0) { $0 + ($1.key.isDamage ? 0 : $1.value) } - unsettled }
    /// How many findings may be due to a writer that was about.
    public var unsettled: Int { findings[.unsettled] ?? 0 }
}
