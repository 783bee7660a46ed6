public import ByteSources

/// Reads the audio of an inspected file, frame by frame, from the first to the last.
public struct WaveReader: ~Copyable {
    private let file: SoundFile
    private let codec: WaveCodec
    private let channels: Int
    private let frames: Int64
    private var position: Int64 = 0

    /// Opens the audio of an inspected file.
    ///
    /// - Parameters:
    ///   - inspection: What was found out about the file; not that of a rejected one.
    ///   - source: The same bytes that were inspected.
    /// - Throws: `WaveReaderError` when there is nothing to decode, or libsndfile refuses it.
    public init(_ inspection: WaveInspection, source: any ByteSource) throws(WaveReaderError) {
        guard let layout = inspection.layout, let audio = inspection.audio else { throw .nothingToDecode }
        let file = try Self.open(CanonicalView(layout, audio: audio, source: source))
        guard file.isWave(channels: layout.channels) else {
            throw .refused(reason: "it is taken for something else")
        }
        self.file = file
        codec = layout.codec
        channels = layout.channels
        frames = inspection.frames
    }

    private static func open(_ view: CanonicalView) throws(WaveReaderError) -> SoundFile {
        do throws(SoundFileError) {
            return try SoundFile(ByteWindow(view))
        } catch {
            switch error {
            case .source(let failure): throw .source(failure)
            case .refused(let message, _): throw .refused(reason: message)
            }
        }
    }

    /// Reads the next frames of integer audio, each sample right-justified in the format's bits.
    ///
    /// - Parameters:
    ///   - samples: Its content is replaced by the interleaved samples.
    ///   - frames: The most frames wanted; a few thousand serve well.
    /// - Returns: The frames read; 0 at the end.
    /// - Throws: `WaveReaderError` when the source fails or ends early, or the audio is floating-point.
    public mutating func read(into samples: inout [Int32], frames: Int) throws(WaveReaderError) -> Int {
        guard !codec.isFloatingPoint else { throw .wrongSampleKind(codec) }
        let wanted = prepare(&samples, frames: frames, zero: 0)
        let shift = Int32(32 - codec.decodedBits)
        let filled = samples.withUnsafeMutableBufferPointer { buffer in
            let filled = wanted > 0 ? file.read(buffer, frames: wanted) : 0
            if shift > 0 {
                for index in buffer.indices { buffer[index] >>= shift }
            }
            return filled
        }
        return try advance(by: filled, of: wanted, &samples)
    }

    /// Reads the next frames of floating-point audio, full scale being 1.0.
    ///
    /// - Parameters:
    ///   - samples: Its content is replaced by the interleaved samples.
    ///   - frames: The most frames wanted; a few thousand serve well.
    /// - Returns: The frames read; 0 at the end.
    /// - Throws: `WaveReaderError` when the source fails or ends early, or the audio is of integers.
    public mutating func read(into samples: inout [Double], frames: Int) throws(WaveReaderError) -> Int {
        guard codec.isFloatingPoint else { throw .wrongSampleKind(codec) }
        let wanted = prepare(&samples, frames: frames, zero: 0)
        let filled = samples.withUnsafeMutableBufferPointer { buffer in
            wanted > 0 ? file.read(buffer, frames: wanted) : 0
        }
        return try advance(by: filled, of: wanted, &samples)
    }

    /// Gives the buffer the size of the next read, and says how many frames that is.
    private func prepare<Sample>(_ samples: inout [Sample], frames wanted: Int, zero: Sample) -> Int {
        let frames = Int(max(0, min(Int64(wanted), frames - position)))
        let count = frames * channels
        if samples.count > count {
            samples.removeLast(samples.count - count)
        } else if samples.count < count {
            samples.append(contentsOf: repeatElement(zero, count: count - samples.count))
        }
        return frames
    }

    /// Counts what was read, and leaves only that in the buffer.
    ///
    /// Frames before the point where the decoder gave up are handed out; the read after them throws.
    private mutating func advance<Sample>(
        by filled: Int, of wanted: Int, _ samples: inout [Sample]
    ) throws(WaveReaderError) -> Int {
        if let failure = file.failure { throw .source(failure) }
        guard filled > 0 || wanted == 0 else { throw .endedEarly(frames: position, expected: frames) }
        position += Int64(filled)
        samples.removeLast((wanted - filled) * channels)
        return filled
    }
}
