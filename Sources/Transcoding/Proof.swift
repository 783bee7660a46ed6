internal import ByteSources
internal import Digests
internal import FLACFiles
internal import PCM

/// What a finished FLAC file has to be, and the reading back that finds out whether it is.
///
/// Every byte of the file takes part: the head is compared with what the encoder wrote, the envelope with what it was
/// to say, what the envelope keeps by the original that comes back, and each sample by the source's, from which it
/// follows. Where the original is kept, the samples have a digest of their own.
struct Proof {
    /// What the encoder has written.
    let output: FLACOutput
    /// The shape that the audio was to have.
    let format: PCMFormat
    /// How many frames were to be stored.
    let frames: Int64
    /// What the envelope was to say.
    let envelope: Envelope
    /// The digest of the samples that were to be stored; nil where the original is rebuilt from them.
    let samples: Digest?

    /// Reads the file back, restores its source and compares, as docs/format.md tells a stranger to.
    ///
    /// - Parameters:
    ///   - path: The finished file.
    ///   - source: The bytes that it was made of.
    /// - Returns: How many bytes the file has, and their SHA-256.
    /// - Throws: `TranscodingError.proofFailed` for a file that is not what was to be written, `sourceChanged` where
    ///   the source is to blame, and `ByteSourceError` where one of the two cannot be read.
    func run(on path: String, source: any ByteSource) throws -> (size: Int64, digest: Digest) {
        let file = try FileByteSource(path: path).loaded(limit: Transcoder.memoryLimit)
        do {
            guard file.byteCount == output.byteCount,
                try file.bytes(at: 0, count: output.head.count) == output.head
            else { throw TranscodingError.proofFailed("other bytes than were encoded") }
            let restorer = try SourceRestorer(file)
            let streamInfo = restorer.metadata.streamInfo
            // Restoring needs neither the sample rate nor the MD5; whoever plays the file or checks it later does.
            guard streamInfo.format == format, streamInfo.totalFrames ?? 0 == frames, streamInfo.md5 != nil
            else {
                throw TranscodingError.proofFailed("another STREAMINFO")
            }
            guard restorer.envelope == envelope else {
                throw TranscodingError.proofFailed("another envelope")
            }
            if let source = source as? MemoryByteSource {
                // What was hashed for the envelope is still here to be compared with.
                guard try restorer.isOriginal(source) else {
                    throw TranscodingError.proofFailed("another original")
                }
            } else {
                try restorer.prove()
            }
            if let samples, try restorer.storedSamples() != samples {
                throw TranscodingError.proofFailed("other samples")
            }
        } catch let FLACError.unreadable(error) {
            // The disk failed, and not what is on it.
            throw error
        } catch let error as FLACError {
            throw TranscodingError.proofFailed("\(error)")
        } catch TranscodingError.noEnvelope {
            throw TranscodingError.proofFailed("no envelope")
        } catch TranscodingError.digestMismatch {
            // A source that changed between the passes gives another file than was analyzed; that is no fault.
            let now = try source.digest()
            throw now.bytes == envelope.sourceSHA256
                ? TranscodingError.proofFailed("another SHA-256") : TranscodingError.sourceChanged
        }
        return (file.byteCount, try file.digest())
    }
}
