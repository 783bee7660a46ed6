internal import ByteSources
internal import CFLAC
internal import PCM

/// What libFLAC's stream decoder reads from and writes to.
///
/// The decoder is not shown the file as it is, but the marker and STREAMINFO followed at once by the frames: the
/// walk over the metadata has been done, and an envelope of gigabytes would be read only to be skipped.
/// A callback cannot throw: it stores the error here and makes libFLAC stop.
final class DecoderSink {
    /// The first error met; the decoder is of no use after it.
    private(set) var failure: FLACError?

    /// Frames decoded so far.
    private(set) var frameCount: Int64 = 0

    /// Where the last sound frame ends, in the bytes that libFLAC sees.
    var frameEnd: Int64

    /// How many bytes libFLAC sees.
    let byteCount: Int64

    private let source: any ByteSource
    private let format: PCMFormat
    private let head: [UInt8]
    private let audioStart: Int64
    private var position: Int64 = 0
    private var block: [Int32] = []

    init(_ source: any ByteSource, metadata: FLACMetadata) throws(FLACError) {
        let streamInfo: [UInt8]
        do {
            // The walk made sure that STREAMINFO is the first block, behind the marker and a header of four bytes.
            streamInfo = try source.bytes(at: metadata.streamStart + 8, count: FLACStreamInfo.byteCount)
        } catch {
            throw .unreadable(error)
        }
        let isLast: UInt8 = 0x80
        head = MetadataWalk.marker + [isLast, 0, 0, UInt8(FLACStreamInfo.byteCount)] + streamInfo
        audioStart = metadata.audioStart
        format = metadata.streamInfo.format
        byteCount = Int64(head.count) + source.byteCount - metadata.audioStart
        frameEnd = Int64(head.count)
        self.source = source
    }

    /// The sink that libFLAC hands back to a callback.
    static func of(_ context: UnsafeMutableRawPointer?) -> DecoderSink {
        // The decoder passes the pointer that it was given, and its owner keeps the sink alive as long.
        // swift-format-ignore: NeverForceUnwrap
        Unmanaged.fromOpaque(context!).takeUnretainedValue()
    }

    var isAtEnd: Bool { position >= byteCount }

    var hasBlock: Bool { !block.isEmpty }

    /// The offset in the file of a position that libFLAC sees.
    func sourceOffset(of position: Int64) -> Int64 {
        audioStart + position - Int64(head.count)
    }

    /// Hands over the block that was decoded last, and says how many frames it has.
    func take(into samples: inout [Int32]) -> Int {
        samples.removeAll(keepingCapacity: true)
        swap(&samples, &block)
        return samples.count / format.channels
    }

    func read(
        into buffer: UnsafeMutablePointer<UInt8>?, count: UnsafeMutablePointer<Int>?
    ) -> FLAC__StreamDecoderReadStatus {
        guard failure == nil, let buffer, let count else { return FLAC__STREAM_DECODER_READ_STATUS_ABORT }
        let target = UnsafeMutableRawBufferPointer(start: buffer, count: count.pointee)
        let filled: Int
        if position < head.count {
            let part = head[Int(position)...].prefix(target.count)
            target.copyBytes(from: part)
            filled = part.count
        } else {
            do {
                filled = try source.read(at: sourceOffset(of: position), into: target)
            } catch {
                failure = .unreadable(error)
                return FLAC__STREAM_DECODER_READ_STATUS_ABORT
            }
        }
        position += Int64(filled)
        count.pointee = filled
        return filled > 0
            ? FLAC__STREAM_DECODER_READ_STATUS_CONTINUE : FLAC__STREAM_DECODER_READ_STATUS_END_OF_STREAM
    }

    func tell(_ offset: UnsafeMutablePointer<UInt64>?) -> FLAC__StreamDecoderTellStatus {
        offset?.pointee = UInt64(position)
        return FLAC__STREAM_DECODER_TELL_STATUS_OK
    }

    func write(
        _ frame: UnsafePointer<FLAC__Frame>?, _ channels: UnsafePointer<UnsafePointer<Int32>?>?
    ) -> FLAC__StreamDecoderWriteStatus {
        guard failure == nil, let header = frame?.pointee.header, let channels else {
            return FLAC__STREAM_DECODER_WRITE_STATUS_ABORT
        }
        guard header.channels == format.channels, header.bits_per_sample == format.bitsPerSample,
            header.sample_rate == format.sampleRate
        else {
            fail("a frame has another shape than STREAMINFO says")
            return FLAC__STREAM_DECODER_WRITE_STATUS_ABORT
        }
        let frames = Int(header.blocksize)
        let width = format.channels
        block.removeAll(keepingCapacity: true)
        block.reserveCapacity(frames * width)
        if width == 1, let samples = channels[0] {
            block.append(contentsOf: UnsafeBufferPointer(start: samples, count: frames))
        } else {
            for index in 0..<frames {
                for channel in 0..<width {
                    if let samples = channels[channel] { block.append(samples[index]) }
                }
            }
        }
        frameCount += Int64(frames)
        return FLAC__STREAM_DECODER_WRITE_STATUS_CONTINUE
    }

    /// Notes an error that libFLAC found; the next read then makes it give up, where it would search for a frame.
    func fail(_ status: FLAC__StreamDecoderErrorStatus) {
        switch status {
        case FLAC__STREAM_DECODER_ERROR_STATUS_LOST_SYNC: fail("no frame starts here")
        case FLAC__STREAM_DECODER_ERROR_STATUS_BAD_HEADER: fail("a frame header is damaged")
        case FLAC__STREAM_DECODER_ERROR_STATUS_FRAME_CRC_MISMATCH: fail("a frame has a wrong CRC")
        case FLAC__STREAM_DECODER_ERROR_STATUS_UNPARSEABLE_STREAM: fail("a frame uses reserved values")
        default: fail("a frame cannot be decoded")
        }
    }

    private func fail(_ rule: String) {
        guard failure == nil else { return }
        failure = .illFormed(rule, offset: sourceOffset(of: frameEnd))
    }
}
