/// Samples in the portions in which they pass through a conversion: 4,096 frames of one channel.
struct SampleBlocks {
    static let frames = 4096

    let samples: [Int32]

    /// Hands out each block, as a view of the samples.
    func forEach(_ body: (Span<Int32>) throws -> Void) rethrows {
        let span = samples.span
        for start in stride(from: 0, to: samples.count, by: Self.frames) {
            try body(span.extracting(start..<min(start + Self.frames, samples.count)))
        }
    }

    /// Hands out a copy of each block, in memory that is used again and again.
    func forEachCopy(_ body: (inout [Int32]) throws -> Void) rethrows {
        var block: [Int32] = []
        for start in stride(from: 0, to: samples.count, by: Self.frames) {
            block.removeAll(keepingCapacity: true)
            block.append(contentsOf: samples[start..<min(start + Self.frames, samples.count)])
            try body(&block)
        }
    }
}
