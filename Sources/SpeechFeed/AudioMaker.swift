internal import ByteSources
internal import DurableFiles
internal import FLACFiles
internal import Leveling
internal import PCM
internal import SpeechMeasures
internal import WaveFiles

/// Makes the audio of a corpus: mixed, resampled and leveled, in integers.
///
/// Everything is read in blocks, several times, so memory does not grow with the length.
struct AudioMaker {
    let options: CorpusOptions

    /// Whether the stored samples of a file are not wanted as they are.
    var isLeveling: Bool { options.level != nil }

    /// Writes the audio of a file, reads it back, and measures it.
    ///
    /// - Parameters:
    ///   - source: The samples to start from.
    ///   - encoding: How to store them.
    ///   - file: An empty file.
    /// - Returns: What was made.
    /// - Throws: What the source or the file throws.
    func make(
        _ source: SourceSamples, as encoding: CorpusRecording.Encoding, in file: borrowing FolderFile
    ) throws -> SpeechMeasures {
        let format = PCMFormat(
            sampleRate: options.sampleRate ?? source.format.sampleRate,
            channels: options.isMono ? 1 : source.format.channels,
            bitsPerSample: options.bitsPerSample)
        let fullScale = Double(1 << (format.bitsPerSample - 1))
        let gain = try gain(for: source, format)
        var frames: Int64 = 0
        var integers: [Int32] = []
        func quantize(_ samples: Span<Double>) {
            integers.removeAll(keepingCapacity: true)
            for index in samples.indices {
                let value = (samples[index] * gain * fullScale).rounded()
                integers.append(Int32(max(-fullScale, min(fullScale - 1, value))))
            }
            frames += Int64(samples.count / format.channels)
        }
        switch encoding {
        case .flac:
            var encoder = try FLACEncoder(FLACEncoding(format: format), descriptor: file.descriptor)
            try forEachBlock(of: source, format) { samples in
                quantize(samples)
                try encoder.encode(integers.span)
            }
            try encoder.finish()
        case .wav:
            // The header says how many there are, and what has been written is not gone back to.
            var count: Int64 = 0
            try forEachBlock(of: source, format) { count += Int64($0.count / format.channels) }
            let frameSize = Int64(format.channels * format.bitsPerSample / 8)
            guard count * frameSize < Int64(UInt32.max) - 36 else {
                throw SpeechFeedError.tooLong(path: file.path)
            }
            try file.write(Self.waveHeader(format, frames: count))
            var bytes: [UInt8] = []
            let layout = (format.bitsPerSample == 24 ? WaveCodec.pcmS24LE : .pcmS16LE).encoding
            try forEachBlock(of: source, format) { samples in
                quantize(samples)
                bytes.removeAll(keepingCapacity: true)
                layout?.append(integers.span, to: &bytes)
                try file.write(bytes)
            }
            // A chunk of an odd length is followed by a byte that is no part of it.
            if count * frameSize % 2 != 0 { try file.write([0]) }
        }
        // Every sample is decoded again, and counted.
        let measures = try measure(try SourceSamples(try FileByteSource(path: file.path)))
        guard measures.frames == frames else { throw SpeechFeedError.unproved(path: file.path) }
        return measures
    }

    /// Measures a file as it is.
    func measure(_ stored: SourceSamples) throws -> SpeechMeasures {
        try SpeechMeasures(of: stored, margin: options.activityMargin, hangover: options.activityHangover)
    }

    /// The factor that leads to the level wanted.
    private func gain(for source: SourceSamples, _ format: PCMFormat) throws -> Double {
        guard let level = options.level, level.method != .none else { return 1 }
        var meter = try LevelMeter(format: format, method: level.method)
        try forEachBlock(of: source, format) { try meter.add($0) }
        return GainPlan.plan(try meter.finish(), target: level, ceiling: options.ceiling).gain.amplitudeRatio
    }

    /// Hands out the samples of a source, mixed and resampled.
    private func forEachBlock(
        of source: SourceSamples, _ format: PCMFormat, _ body: (Span<Double>) throws -> Void
    ) throws {
        let width = source.format.channels
        let isMixed = options.isMono && width > 1
        var mixed: [Double] = []
        var converted: [Double] = []
        var converter = try RateConverter(
            PCMFormat(
                sampleRate: source.format.sampleRate, channels: format.channels,
                bitsPerSample: source.format.bitsPerSample), to: format.sampleRate)
        try source.forEachBlock { samples in
            if isMixed {
                mixed.removeAll(keepingCapacity: true)
                for start in stride(from: 0, to: samples.count, by: width) {
                    var sum = 0.0
                    for channel in 0..<width { sum += samples[start + channel] }
                    mixed.append(sum / Double(width))
                }
                try converter.convert(mixed.span, into: &converted)
            } else {
                try converter.convert(samples, into: &converted)
            }
            if !converted.isEmpty { try body(converted.span) }
        }
        try converter.finish(into: &converted)
        if !converted.isEmpty { try body(converted.span) }
    }

    /// The header of a WAV file; its sizes are those of so many frames.
    private static func waveHeader(_ format: PCMFormat, frames: Int64) -> [UInt8] {
        func little(_ number: Int, _ width: Int) -> [UInt8] {
            (0..<width).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
        }
        let frame = format.channels * format.bitsPerSample / 8
        let audio = Int(frames) * frame
        return Array("RIFF".utf8) + little(36 + audio + audio % 2, 4) + Array("WAVEfmt ".utf8) + little(16, 4)
            + little(1, 2)
            + little(format.channels, 2) + little(format.sampleRate, 4)
            + little(format.sampleRate * frame, 4) + little(frame, 2)
            + little(format.bitsPerSample, 2)
            + Array("data".utf8) + little(audio, 4)
    }
}
