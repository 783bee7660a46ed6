internal import CFLAC
internal import PCM

/// A FLAC file that is being written by libFLAC; memory grows neither with the audio nor with what is kept of it.
///
/// The same samples, settings, comments and verbatim bytes give the same bytes with the same libFLAC, whose
/// version is in the vendor string. Dropped without `finish()`, it leaves an incomplete file.
public struct FLACEncoder: ~Copyable {
    private let encoding: FLACEncoding
    private let envelope: Envelope?
    private let sink: EncoderSink
    private let blocks: MetadataBlocks
    private let handle: UnsafeMutablePointer<FLAC__StreamEncoder>
    private var frameCount: Int64 = 0

    /// Writes the metadata, with an envelope's verbatim bytes, and makes ready to take samples.
    ///
    /// - Parameters:
    ///   - encoding: The shape of the audio and how it is encoded.
    ///   - comments: The tags, written in their order.
    ///   - envelope: What is needed to restore the original, or nil for a FLAC file without.
    ///   - verbatim: The bytes that the envelope keeps: those before and after the audio, or the whole original.
    ///   - descriptor: An empty regular file open for writing, not in append mode. It stays the caller's to
    ///     synchronize and close, and must stay open as long as the encoder is in use.
    /// - Throws: `FLACError`: `unsupported`, `invalidComment` or `envelope` for a request that cannot be met,
    ///   `unreadable` and `output` for the system's reasons.
    public init(
        _ encoding: FLACEncoding, comments: [VorbisComment] = [], envelope: Envelope? = nil,
        verbatim: [VerbatimPart] = [], descriptor: Int32
    ) throws(FLACError) {
        try encoding.validate()
        guard envelope != nil || verbatim.isEmpty else {
            throw .unsupported("verbatim bytes cannot be kept without an envelope")
        }
        let envelopeBlocks: EnvelopeBlocks? =
            if let envelope { try EnvelopeBlocks(envelope, verbatim: verbatim) } else { nil }
        let blocks = try MetadataBlocks(comments: comments, encoding: encoding)
        let sink = EncoderSink(descriptor: descriptor)
        guard let handle = FLAC__stream_encoder_new() else {
            throw .library(state: "no memory for an encoder")
        }
        do throws(FLACError) {
            try Self.configure(handle, encoding: encoding, blocks: blocks)
            try Self.start(handle, sink: sink)
            try sink.finishMetadata(envelope: envelopeBlocks)
        } catch {
            sink.close()
            FLAC__stream_encoder_delete(handle)
            throw error
        }
        self.encoding = encoding
        self.envelope = envelope
        self.sink = sink
        self.blocks = blocks
        self.handle = handle
    }

    deinit {
        // Deleting finishes the stream first; whatever a libFLAC then writes, the descriptor is no longer ours.
        sink.close()
        withExtendedLifetime((sink, blocks)) { FLAC__stream_encoder_delete(handle) }
    }

    /// Encodes whole frames.
    ///
    /// - Parameter samples: Interleaved, right-justified samples, any number of frames.
    /// - Throws: `FLACError`: `sampleOutOfRange`, `incompleteFrame`, or `output` for the system's reasons. The
    ///   encoder is of no use afterwards.
    public mutating func encode(_ samples: Span<Int32>) throws(FLACError) {
        let channels = encoding.format.channels
        guard samples.count.isMultiple(of: channels) else { throw .incompleteFrame }
        let frames = samples.count / channels
        // libFLAC takes a 32-bit count of frames.
        let limit = 1 << 20
        var first = 0
        while first < frames {
            let count = min(limit, frames - first)
            let succeeded = samples.withUnsafeBufferPointer { buffer in
                var part = buffer.baseAddress.map { $0 + first * channels }
                // One channel need not be told apart from others.
                return channels == 1
                    ? FLAC__stream_encoder_process(handle, &part, UInt32(count)) != 0
                    : FLAC__stream_encoder_process_interleaved(handle, part, UInt32(count)) != 0
            }
            guard succeeded else { throw reasonForFailure }
            first += count
        }
        frameCount += Int64(frames)
    }

    /// Encodes the last block, and completes STREAMINFO and the seek table.
    ///
    /// - Returns: What is in the file. It is handed to the system, not yet synchronized to disk.
    /// - Throws: `FLACError`: `frameCountMismatch` if another number of frames was announced, `envelope` if the
    ///   envelope leaves room for another number, or `output` for the system's reasons.
    @discardableResult
    public consuming func finish() throws(FLACError) -> FLACOutput {
        if let expected = encoding.totalFrames, expected != frameCount {
            throw .frameCountMismatch(expected: expected, found: frameCount)
        }
        if let envelope {
            do throws(EnvelopeError) {
                try envelope.validate(frames: frameCount, channels: encoding.format.channels)
            } catch {
                throw .envelope(error)
            }
        }
        guard FLAC__stream_encoder_finish(handle) != 0 else { throw reasonForFailure }
        return try sink.finish()
    }

    private var reasonForFailure: FLACError {
        if let failure = sink.failure { return failure }
        // libFLAC's only objection to what a client does after the start is a sample that is too wide.
        if FLAC__stream_encoder_get_state(handle) == FLAC__STREAM_ENCODER_CLIENT_ERROR {
            return .sampleOutOfRange
        }
        return .library(state: String(cString: FLAC__stream_encoder_get_resolved_state_string(handle)))
    }

    private static func configure(
        _ handle: UnsafeMutablePointer<FLAC__StreamEncoder>, encoding: FLACEncoding, blocks: MetadataBlocks
    ) throws(FLACError) {
        var pointers = blocks.pointers
        // The level comes first, because it sets the other parameters; the numbers have been validated.
        let isConfigured =
            FLAC__stream_encoder_set_compression_level(handle, UInt32(encoding.compressionLevel ?? 8)) != 0
            && (encoding.compressionLevel != nil
                || FLAC__stream_encoder_set_apodization(handle, FLACEncoding.apodization) != 0)
            && FLAC__stream_encoder_set_max_residual_partition_order(
                handle, UInt32(encoding.partitionOrder)) != 0
            && FLAC__stream_encoder_set_qlp_coeff_precision(handle, UInt32(encoding.coefficientPrecision))
                != 0
            && FLAC__stream_encoder_set_channels(handle, UInt32(encoding.format.channels)) != 0
            && FLAC__stream_encoder_set_bits_per_sample(handle, UInt32(encoding.format.bitsPerSample)) != 0
            && FLAC__stream_encoder_set_sample_rate(handle, UInt32(encoding.format.sampleRate)) != 0
            && FLAC__stream_encoder_set_blocksize(handle, UInt32(encoding.blockSize)) != 0
            && FLAC__stream_encoder_set_streamable_subset(handle, encoding.isStreamable ? 1 : 0) != 0
            && FLAC__stream_encoder_set_total_samples_estimate(handle, UInt64(encoding.totalFrames ?? 0)) != 0
            && FLAC__stream_encoder_set_metadata(handle, &pointers, UInt32(pointers.count)) != 0
        guard isConfigured else { throw .library(state: "a setting was refused") }
    }

    private static func start(
        _ handle: UnsafeMutablePointer<FLAC__StreamEncoder>, sink: EncoderSink
    ) throws(FLACError) {
        let status = FLAC__stream_encoder_init_stream(
            handle,
            { _, buffer, count, _, _, context in EncoderSink.of(context).write(buffer, count: count) },
            { _, offset, context in EncoderSink.of(context).seek(to: offset) },
            { _, offset, context in EncoderSink.of(context).tell(offset) },
            nil,
            Unmanaged.passUnretained(sink).toOpaque())
        guard status == FLAC__STREAM_ENCODER_INIT_STATUS_OK else {
            throw .library(state: "encoder initialization status \(status.rawValue)")
        }
    }
}
