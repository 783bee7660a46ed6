public import Digests

/// The bytes of one download, as they lie in their file.
public struct DownloadedAudio: Sendable, Hashable {
    /// How many bytes there are.
    public let byteCount: Int64
    /// Their SHA-256 digest.
    public let digest: Digest
    /// Whether the PBX ended it before its end: behind the same bytes in each attempt.
    public let isCutShort: Bool

    /// Makes a description of a download.
    public init(byteCount: Int64, digest: Digest, isCutShort: Bool = false) {
        self.byteCount = byteCount
        self.digest = digest
        self.isCutShort = isCutShort
    }
}

/// A message that has been fetched, and is known to be the one that was listed.
public struct FetchedMessage: Sendable, Hashable {
    /// The message as it was listed before and after the download.
    public let listing: VoicemailListing
    /// The bytes of its audio.
    public let audio: DownloadedAudio
    /// What is odd about the message.
    public let warnings: [FetchWarning]

    /// Makes a description of a fetched message.
    public init(listing: VoicemailListing, audio: DownloadedAudio, warnings: [FetchWarning]) {
        self.listing = listing
        self.audio = audio
        self.warnings = warnings
    }
}

/// What is odd about a message that was accepted nevertheless.
public enum FetchWarning: Sendable, Hashable {
    /// The audio is not as long as listed (in seconds), though two downloads were the same: the file on the
    /// PBX is damaged, most likely. The audio's duration is nil where it cannot be decoded.
    case durationMismatch(listed: Int, audio: Double?)
    /// Each of several downloads ended behind the same bytes, and before the end of the file: the PBX has no more of it,
    /// most likely.
    case cutShort

    /// The name of the warning in reports.
    public var code: String {
        switch self {
        case .durationMismatch: "pbx.duration-mismatch"
        case .cutShort: "pbx.cut-short"
        }
    }
}

extension FetchWarning: CustomStringConvertible {
    /// The two durations, in seconds.
    public var description: String {
        switch self {
        case .durationMismatch(let listed, let audio?):
            "the PBX lists \(listed) s, and the audio has \((audio * 100).rounded() / 100) s, in two "
                + "downloads alike"
        case .durationMismatch(let listed, nil):
            "the PBX lists \(listed) s, and the audio cannot be decoded, in two downloads alike"
        case .cutShort:
            "the PBX closes the connection before the end of the file, behind the same bytes each time"
        }
    }
}
