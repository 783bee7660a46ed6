public import ByteSources
public import WaveFiles

/// The decoded audio of an inspected source, read in blocks from the first frame to the last.
///
/// Audio that the decoder cannot follow to its end gives fewer frames than the inspection counted, and no error.
public struct DecodedAudio: ~Copyable {
    /// Frames decoded at a time: half a second of telephone speech, 16 KiB of samples a channel.
    private static let framesPerBlock = 4096

    private var reader: WaveReader

    /// Frames read so far.
    public private(set) var frames: Int64 = 0

    /// Opens the audio of a source that is not rejected.
    ///
    /// - Parameters:
    ///   - inspection: What was found out about the source.
    ///   - source: The same bytes that were inspected.
    /// - Throws: `WaveReaderError` when libsndfile refuses the audio.
    public init(_ inspection: WaveInspection, source: any ByteSource) throws(WaveReaderError) {
        reader = try WaveReader(inspection, source: source)
    }

    /// Reads the next block of an integer source.
    ///
    /// - Parameter samples: Its content is replaced by the interleaved samples.
    /// - Returns: Whether there was one.
    /// - Throws: `WaveReaderError` when the source cannot be read.
    public mutating func next(into samples: inout [Int32]) throws(WaveReaderError) -> Bool {
        do throws(WaveReaderError) {
            return count(try reader.read(into: &samples, frames: Self.framesPerBlock))
        } catch {
            return try end(error)
        }
    }

    /// Reads the next block of a floating-point source.
    ///
    /// - Parameter samples: Its content is replaced by the interleaved samples.
    /// - Returns: Whether there was one.
    /// - Throws: `WaveReaderError` when the source cannot be read.
    public mutating func next(into samples: inout [Double]) throws(WaveReaderError) -> Bool {
        do throws(WaveReaderError) {
            return count(try reader.read(into: &samples, frames: Self.framesPerBlock))
        } catch {
            return try end(error)
        }
    }

    private mutating func count(_ frames: Int) -> Bool {
        self.frames += Int64(frames)
        return frames > 0
    }

    private func end(_ error: WaveReaderError) throws(WaveReaderError) -> Bool {
        guard case .endedEarly = error else { throw error }
        return false
    }
}
