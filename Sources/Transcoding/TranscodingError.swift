public import Digests

/// Why a source was not turned into a recording, or a recording not into its source.
public enum TranscodingError: Error, Sendable, Hashable {
    /// The source holds no audio that can be decoded; its findings say why.
    case rejected(summary: String)

    /// The finished file did not give back its source: a fault of this program, never of the input.
    case proofFailed(String)

    /// The FLAC file carries no envelope, so there is no original to restore.
    case noEnvelope

    /// What was restored is not what went in: the FLAC file or its envelope was changed.
    case digestMismatch(expected: Digest, found: Digest)

    /// The source changed while it was read.
    case sourceChanged
}

extension TranscodingError: CustomStringConvertible {
    /// One sentence that names the fault and what to do about it.
    public var description: String {
        switch self {
        case .rejected(let summary):
            summary
        case .proofFailed(let reason):
            "The FLAC file did not prove to hold its source (\(reason)), so it was discarded; please report this "
                + "fault with the source file."
        case .noEnvelope:
            "The FLAC file was not made by voxkeep, or its APPLICATION blocks were removed; there is no original in it."
        case .digestMismatch(let expected, let found):
            "What the FLAC file restores to has the SHA-256 \(found), not \(expected); restore from another copy."
        case .sourceChanged:
            "The source changed while it was read; try again when nothing writes to it."
        }
    }
}
