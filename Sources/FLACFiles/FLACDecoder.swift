public import ByteSources
internal import CFLAC

/// A FLAC stream that is being decoded by libFLAC, block by block; memory does not grow with the file.
///
/// Use it in one place at a time: decode until 0 comes back, then `finish()` for the proof of the whole.
public struct FLACDecoder: ~Copyable {
    /// All that the file says of itself.
    public let metadata: FLACMetadata

    private let sink: DecoderSink
    private let handle: UnsafeMutablePointer<FLAC__StreamDecoder>

    /// The content of STREAMINFO.
    public var streamInfo: FLACStreamInfo { metadata.streamInfo }

    /// The comments in the order of the file.
    public var comments: [VorbisComment] { metadata.comments }

    /// The envelope from which the original can be restored, where the file has one.
    public var envelope: EnvelopeContents? { metadata.envelope }

    /// Reads the metadata, and makes ready to decode the first block.
    ///
    /// - Parameter source: The file.
    /// - Throws: `FLACError` as `FLACMetadata` throws it, or `library` if libFLAC finds no memory.
    public init(_ source: any ByteSource) throws(FLACError) {
        try self.init(source, metadata: FLACMetadata(source))
    }

    /// Makes ready to decode the first block of a file whose metadata has been read.
    ///
    /// - Parameters:
    ///   - source: The file.
    ///   - metadata: What the same file says of itself.
    /// - Throws: `FLACError`: `unreadable` for the system's reasons, or `library` if libFLAC finds no memory.
    public init(_ source: any ByteSource, metadata: FLACMetadata) throws(FLACError) {
        let sink = try DecoderSink(source, metadata: metadata)
        guard let handle = FLAC__stream_decoder_new() else {
            throw .library(state: "no memory for a decoder")
        }
        _ = FLAC__stream_decoder_set_md5_checking(handle, 1)
        let status = FLAC__stream_decoder_init_stream(
            handle,
            { _, buffer, count, context in DecoderSink.of(context).read(into: buffer, count: count) },
            nil,
            { _, offset, context in DecoderSink.of(context).tell(offset) },
            nil,
            { _, context in DecoderSink.of(context).isAtEnd ? 1 : 0 },
            { _, frame, channels, context in DecoderSink.of(context).write(frame, channels) },
            nil,
            { _, status, context in DecoderSink.of(context).fail(status) },
            Unmanaged.passUnretained(sink).toOpaque())
        guard status == FLAC__STREAM_DECODER_INIT_STATUS_OK else {
            FLAC__stream_decoder_delete(handle)
            throw .library(state: "decoder initialization status \(status.rawValue)")
        }
        self.metadata = metadata
        self.sink = sink
        self.handle = handle
    }

    deinit {
        withExtendedLifetime(sink) { FLAC__stream_decoder_delete(handle) }
    }

    /// Decodes the next block.
    ///
    /// - Parameter samples: Replaced by the block's samples: interleaved, right-justified, at most 65,535 frames.
    ///   Pass the same array again, so that no memory is newly allocated.
    /// - Returns: The number of frames; 0 at the end of the stream.
    /// - Throws: `FLACError`: `illFormed` with the offset of the frame that cannot be decoded, `unreadable` for
    ///   the system's reasons.
    public mutating func decode(into samples: inout [Int32]) throws(FLACError) -> Int {
        while true {
            if let failure = sink.failure { throw failure }
            let frames = sink.take(into: &samples)
            if frames > 0 { return frames }
            // libFLAC would go on, and take an ID3v1 tag behind the last frame for a damaged one.
            if let total = streamInfo.totalFrames, sink.frameCount >= total { return 0 }
            let state = FLAC__stream_decoder_get_state(handle)
            if state == FLAC__STREAM_DECODER_END_OF_STREAM { return 0 }
            let succeeded = FLAC__stream_decoder_process_single(handle) != 0
            if let failure = sink.failure { throw failure }
            // An aborted decoder reports success for ever after.
            let isAborted = FLAC__stream_decoder_get_state(handle) == FLAC__STREAM_DECODER_ABORTED
            guard succeeded, !isAborted else { throw .library(state: stateName) }
            var position: UInt64 = 0
            if sink.hasBlock, FLAC__stream_decoder_get_decode_position(handle, &position) != 0 {
                sink.frameEnd = Int64(clamping: position)
            }
        }
    }

    /// Checks, once all blocks are decoded, that they are what STREAMINFO announces.
    ///
    /// Bytes after the announced number of frames, such as an ID3v1 tag, are no error. A stream whose writer left
    /// out the number of frames or the MD5 passes without that check.
    ///
    /// - Throws: `FLACError`: `frameCountMismatch` for a stream that is cut off at a frame, or is not decoded to its
    ///   end; `md5Mismatch`; or what `decode(into:)` has thrown already.
    public consuming func finish() throws(FLACError) {
        if let failure = sink.failure { throw failure }
        if let expected = streamInfo.totalFrames {
            guard expected == sink.frameCount else {
                throw .frameCountMismatch(expected: expected, found: sink.frameCount)
            }
        } else if sink.frameEnd != sink.byteCount {
            throw .illFormed("the file ends inside a frame", offset: sink.sourceOffset(of: sink.frameEnd))
        }
        guard FLAC__stream_decoder_finish(handle) != 0 else { throw .md5Mismatch }
    }

    private var stateName: String {
        String(cString: FLAC__stream_decoder_get_resolved_state_string(handle))
    }
}
