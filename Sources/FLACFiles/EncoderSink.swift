internal import CFLAC

/// What libFLAC's stream encoder writes to: a file in which our APPLICATION blocks stand between its metadata and
/// its first frame.
///
/// libFLAC does not know of those blocks and seeks back over them at the end, to complete STREAMINFO and the seek
/// table. So positions that it tells and seeks are its own, and everything from the first frame on lies further
/// back in the file by the length of the blocks. Seek points count from the first frame, and stay right.
/// A callback cannot throw: it stores the error here and makes libFLAC stop.
final class EncoderSink {
    /// The first error met; the encoder is of no use after it.
    private(set) var failure: FLACError?

    private enum Phase {
        /// libFLAC writes its metadata, which is held back until its last block is known.
        case metadata
        case frames
        /// Nothing is written any more: the descriptor may be another file's by now.
        case closed
    }

    private var output: DescriptorOutput
    private var phase = Phase.metadata
    private var metadata: [UInt8] = []
    private var insertedByteCount: Int64 = 0
    private var position: Int64 = 0

    init(descriptor: Int32) {
        output = DescriptorOutput(descriptor: descriptor)
    }

    /// The sink that libFLAC hands back to a callback.
    static func of(_ context: UnsafeMutableRawPointer?) -> EncoderSink {
        // The encoder passes the pointer that it was given, and its owner keeps the sink alive as long.
        // swift-format-ignore: NeverForceUnwrap
        Unmanaged.fromOpaque(context!).takeUnretainedValue()
    }

    /// Writes the metadata that libFLAC has made, and the envelope's blocks after it.
    func finishMetadata(envelope: EnvelopeBlocks?) throws(FLACError) {
        var inserted: Int64 = 0
        if envelope != nil { clearLastBlockFlag() }
        let head = metadata
        try output.write(head.span.bytes, at: 0)
        if let envelope { inserted = try envelope.write(to: &output, at: Int64(head.count)) }
        insertedByteCount = inserted
        phase = .frames
    }

    /// Writes what is still gathered, and takes nothing more.
    func finish() throws(FLACError) -> FLACOutput {
        phase = .closed
        if let failure { throw failure }
        try output.flush()
        return FLACOutput(byteCount: output.byteCount, head: metadata)
    }

    /// Takes nothing more, and drops what is gathered.
    func close() {
        phase = .closed
    }

    func write(_ buffer: UnsafePointer<UInt8>?, count: Int) -> FLAC__StreamEncoderWriteStatus {
        guard failure == nil else { return FLAC__STREAM_ENCODER_WRITE_STATUS_FATAL_ERROR }
        let bytes = UnsafeRawBufferPointer(start: buffer, count: count).bytes
        switch phase {
        case .metadata:
            bytes.withUnsafeBytes { metadata.append(contentsOf: $0) }
        case .frames:
            // A rewrite lies either wholly before the blocks or wholly behind them.
            let isMetadata = position < Int64(metadata.count)
            if isMetadata {
                let start = Int(position)
                bytes.withUnsafeBytes { metadata.replaceSubrange(start..<start + $0.count, with: $0) }
            }
            do {
                try output.write(bytes, at: isMetadata ? position : position + insertedByteCount)
            } catch {
                failure = error
                return FLAC__STREAM_ENCODER_WRITE_STATUS_FATAL_ERROR
            }
        case .closed:
            return FLAC__STREAM_ENCODER_WRITE_STATUS_FATAL_ERROR
        }
        position += Int64(count)
        return FLAC__STREAM_ENCODER_WRITE_STATUS_OK
    }

    func seek(to offset: UInt64) -> FLAC__StreamEncoderSeekStatus {
        guard phase != .metadata, let offset = Int64(exactly: offset) else {
            return FLAC__STREAM_ENCODER_SEEK_STATUS_ERROR
        }
        position = offset
        return FLAC__STREAM_ENCODER_SEEK_STATUS_OK
    }

    func tell(_ offset: UnsafeMutablePointer<UInt64>?) -> FLAC__StreamEncoderTellStatus {
        offset?.pointee = UInt64(position)
        return FLAC__STREAM_ENCODER_TELL_STATUS_OK
    }

    /// Takes the mark of the last metadata block off the last block that libFLAC made.
    private func clearLastBlockFlag() {
        var header = MetadataWalk.marker.count
        while header + 4 <= metadata.count {
            let next = header + 4 + Int(UInt32(bigEndian: metadata[(header + 1)..<(header + 4)]))
            if next >= metadata.count { metadata[header] &= 0x7F }
            header = next
        }
    }
}
