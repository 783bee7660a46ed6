package import ByteSources
internal import FLACFiles
internal import Leveling
package import PCM
internal import Transcoding
internal import WaveFiles

/// The samples of a WAV or FLAC file, in blocks of real numbers whose full scale is 1.
package struct SourceSamples {
    /// The file.
    package let source: any ByteSource

    /// The shape of the samples.
    package let format: PCMFormat

    private let inspection: WaveInspection?

    /// Whether the file is a FLAC file, and no WAV file.
    package var isFLAC: Bool { inspection == nil }

    /// Opens a file; what it is, its first bytes say.
    ///
    /// - Throws: `ByteSourceError`, `FLACError`, or `SourceSamplesError.noAudio`.
    package init(_ source: any ByteSource) throws {
        self.source = source
        let start = try source.bytes(at: 0, count: 4)
        if start == Array("fLaC".utf8) || start.starts(with: "ID3".utf8) {
            format = try FLACMetadata(source).streamInfo.format
            inspection = nil
            return
        }
        let inspection = try WaveInspector().inspect(source)
        guard inspection.verdict != .rejected, let format = inspection.format else {
            throw SourceSamplesError.noAudio(reason: inspection.worstFinding)
        }
        self.format = format
        self.inspection = inspection
    }

    /// Hands out all samples, interleaved.
    ///
    /// - Throws: What the file or the body throws.
    package func forEachBlock(_ body: (Span<Double>) throws -> Void) throws {
        var samples: [Double] = []
        let scale = Double(sign: .plus, exponent: 1 - format.bitsPerSample, significand: 1)
        func hand(_ integers: [Int32]) throws {
            samples.removeAll(keepingCapacity: true)
            samples.append(contentsOf: integers.lazy.map { Double($0) * scale })
            try body(samples.span)
        }
        var integers: [Int32] = []
        guard let inspection else {
            var decoder = try FLACDecoder(source)
            while try decoder.decode(into: &integers) > 0 { try hand(integers) }
            return try decoder.finish()
        }
        var audio = try DecodedAudio(inspection, source: source)
        if inspection.isFloatingPoint {
            while try audio.next(into: &samples) {
                for index in samples.indices where !RealSample.isValid(samples[index]) { samples[index] = 0 }
                try body(samples.span)
            }
        } else {
            while try audio.next(into: &integers) { try hand(integers) }
        }
    }
}
