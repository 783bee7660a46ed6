internal import ByteSources
internal import Digests
internal import RecordingArchive
internal import Transcoding

/// What `verify --deep` does to a FLAC file.
enum DeepVerification {
    /// Decodes all audio, checks its MD5, and rebuilds the original.
    ///
    /// - Parameter path: The FLAC file.
    /// - Returns: The SHA-256 of the original.
    /// - Throws: `VerificationPlan.OriginalMismatch` where the file itself says that its original was another one, and
    ///   what keeps the audio from being decoded.
    @Sendable static func restore(_ path: String) throws -> Digest {
        let restorer = try SourceRestorer(FileByteSource(path: path))
        do {
            try restorer.restore(checkingSamples: true) { _ in }
        } catch TranscodingError.digestMismatch(_, let found) {
            throw VerificationPlan.OriginalMismatch(found: found)
        }
        return restorer.digest
    }
}
