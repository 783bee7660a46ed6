internal import ByteSources
internal import PCM
internal import WaveFiles

/// Finds out whether audio bytes follow from their samples, by writing the samples back and comparing.
///
/// Most files pass. A µ-law file that holds the code 0x7F does not: that code and 0xFF decode to the same value.
struct RebuildComparison {
    private let encoding: SampleEncoding
    private let source: any ByteSource
    private var offset: Int64
    private var rebuilt: [UInt8] = []

    /// Whether every sample so far gave back its own bytes.
    private(set) var isEqual = true

    /// Starts at the first audio byte; nil for a codec whose bytes never follow from the samples.
    init?(_ inspection: WaveInspection, source: any ByteSource) {
        guard let encoding = inspection.encoding, let audio = inspection.audio else { return nil }
        self.encoding = encoding
        self.source = source
        self.offset = audio.lowerBound
    }

    /// Compares the next samples of the audio, interleaved.
    mutating func add(_ samples: Span<Int32>) throws(ByteSourceError) {
        guard isEqual else { return }
        rebuilt.removeAll(keepingCapacity: true)
        encoding.append(samples, to: &rebuilt)
        isEqual = try source.bytes(at: offset, count: rebuilt.count) == rebuilt
        offset += Int64(rebuilt.count)
    }
}
