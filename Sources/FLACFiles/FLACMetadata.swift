public import ByteSources
internal import PCM

/// What a FLAC file says of itself, read without decoding any audio.
///
/// Only the headers of the blocks, STREAMINFO, the comments and the envelope's header are read, so that a long
/// recording costs no more than a short one. Files by other writers are welcome: they have no envelope.
public struct FLACMetadata: Sendable, Hashable {
    /// The content of STREAMINFO.
    public let streamInfo: FLACStreamInfo

    /// The name that the encoder gave itself; empty where there is no VORBIS_COMMENT block.
    public let vendor: String

    /// The comments in the order of the file; entries that have no “=” are left out.
    public let comments: [VorbisComment]

    /// The envelope from which the original can be restored, where the file has one.
    public let envelope: EnvelopeContents?

    /// Where the marker “fLaC” starts; ID3v2 tags before it are skipped.
    public let streamStart: Int64

    /// Where the first frame starts.
    public let audioStart: Int64

    /// Reads the metadata of a file.
    ///
    /// - Parameter source: The file.
    /// - Throws: `FLACError`: `illFormed` with the offset of what is no FLAC metadata, `envelope` for a malformed
    ///   envelope, `unsupported` for FLAC within Ogg, `unreadable` for the system's reasons.
    public init(_ source: any ByteSource) throws(FLACError) {
        var walk = try MetadataWalk(source)
        streamStart = walk.streamStart

        var streamInfo: FLACStreamInfo?
        var commentBlock: VorbisCommentBlock?
        var payloads: [Range<Int64>] = []
        while let block = try walk.next() {
            switch block.type {
            case .streamInfo:
                guard streamInfo == nil else {
                    throw .illFormed("there are two STREAMINFO blocks", offset: block.offset)
                }
                // A wrong length is read as far as the right one goes, and is found out by the parser.
                let content = try walk.content(of: block, limit: FLACStreamInfo.byteCount + 1)
                guard let parsed = FLACStreamInfo(parsing: content) else {
                    throw .illFormed(
                        "STREAMINFO has a wrong length or wrong block sizes", offset: block.offset)
                }
                streamInfo = parsed
            case .vorbisComment where commentBlock == nil:
                guard let parsed = VorbisCommentBlock(parsing: try walk.content(of: block)) else {
                    throw .illFormed("a comment is longer than its block", offset: block.offset)
                }
                commentBlock = parsed
            case .application where try walk.content(of: block, limit: 4) == Envelope.applicationID:
                payloads.append(block.content.lowerBound + 4..<block.content.upperBound)
            default:
                break
            }
            guard streamInfo != nil else {
                throw .illFormed("the first metadata block is not STREAMINFO", offset: block.offset)
            }
        }
        guard let streamInfo else { throw .illFormed("there is no STREAMINFO block", offset: streamStart) }

        self.streamInfo = streamInfo
        vendor = commentBlock?.vendor ?? ""
        comments = commentBlock?.comments ?? []
        audioStart = walk.position
        envelope = payloads.isEmpty ? nil : try EnvelopeContents(payloads: payloads, in: source)
        if let envelope = envelope?.envelope, let frames = streamInfo.totalFrames {
            do throws(EnvelopeError) {
                try envelope.validate(frames: frames, channels: streamInfo.format.channels)
            } catch {
                throw .envelope(error)
            }
        }
    }

    /// The values of all comments of a name, compared without regard to ASCII case as RFC 9639 §8.6 has it.
    public func values(named name: String) -> [String] {
        let wanted = name.lowercased()
        return comments.filter { $0.name.lowercased() == wanted }.map(\.value)
    }
}
