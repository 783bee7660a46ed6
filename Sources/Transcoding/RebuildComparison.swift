internal import ByteSources
internal import PCM
internal import WaveFiles

/// Finds out whether G.711 codes follow from their samples, by writing the samples back and comparing.
///
/// Linear samples are their bytes, so there is nothing to find out. Most G.711 files pass; a µ-law file that holds
/// the code 0x7F does not: that code and 0xFF decode to the same value.
struct RebuildComparison {
    private let encoding: SampleEncoding
    private let source: any ByteSource
    private var offset: Int64
    private var rebuilt: [UInt8] = []

    /// Whether every sample so far gave back its own bytes.
    private(set) var isEqual = true

    /// Starts at the first audio byte; nil for another codec than G.711.
    init?(_ inspection: WaveInspection, source: any ByteSource) {
        guard let encoding = inspection.encoding, encoding.law == .muLaw || encoding.law == .aLaw,
            let audio = inspection.audio
        else { return nil }
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
