internal import CFLAC
internal import PCM

/// The metadata blocks that libFLAC writes beside STREAMINFO; it fills the seek table while it encodes.
final class MetadataBlocks {
    /// The blocks in the order in which they are written.
    private(set) var pointers: [UnsafeMutablePointer<FLAC__StreamMetadata>?] = []

    /// From which length on a recording gets a seek table, in seconds.
    static let seekTableDuration = 600

    /// The time between two seek points, in seconds.
    static let seekPointInterval = 10

    init(comments: [VorbisComment], encoding: FLACEncoding) throws(FLACError) {
        try addComments(comments)
        let rate = encoding.format.sampleRate
        if let frames = encoding.totalFrames, frames > Int64(rate * Self.seekTableDuration) {
            try addSeekTable(totalFrames: frames, interval: rate * Self.seekPointInterval)
        }
    }

    deinit {
        for pointer in pointers { FLAC__metadata_object_delete(pointer) }
    }

    private func addComments(_ comments: [VorbisComment]) throws(FLACError) {
        let block = try add(FLAC__METADATA_TYPE_VORBIS_COMMENT)
        // The vendor string comes first in the block; 1 KiB is more than libFLAC's.
        var byteCount = 1 << 10
        for comment in comments {
            guard comment.isValid else { throw .invalidComment(name: comment.name) }
            var text = Array(comment.name.utf8)
            text.append(UInt8(ascii: "="))
            text.append(contentsOf: comment.value.utf8)
            byteCount += 4 + text.count
            guard byteCount < 1 << 24 else {
                throw .unsupported("comments of more than 16 MiB do not fit a metadata block")
            }
            let isAdded = text.withUnsafeBufferPointer { text in
                // libFLAC copies the text, and does not write through the pointer.
                let entry = FLAC__StreamMetadata_VorbisComment_Entry(
                    length: UInt32(text.count), entry: UnsafeMutablePointer(mutating: text.baseAddress))
                return FLAC__metadata_object_vorbiscomment_append_comment(block, entry, 1) != 0
            }
            guard isAdded else { throw .library(state: "no memory for comments") }
        }
    }

    /// Adds a table with a point at least every `interval` frames, fewer where libFLAC's limit of points says so.
    private func addSeekTable(totalFrames: Int64, interval: Int) throws(FLACError) {
        let block = try add(FLAC__METADATA_TYPE_SEEKTABLE)
        guard
            FLAC__metadata_object_seektable_template_append_spaced_points_by_samples(
                block, UInt32(interval), UInt64(totalFrames)) != 0,
            FLAC__metadata_object_seektable_template_sort(block, 1) != 0
        else { throw .library(state: "no memory for a seek table") }
    }

    private func add(
        _ type: FLAC__MetadataType
    ) throws(FLACError) -> UnsafeMutablePointer<FLAC__StreamMetadata> {
        guard let block = FLAC__metadata_object_new(type) else {
            throw .library(state: "no memory for metadata")
        }
        pointers.append(block)
        return block
    }
}
