internal import Leveling
package import PCM
internal import WaveFiles

/// What was measured of the speech in a WAV or FLAC file, and where in it the speech is.
package struct SpeechMeasures: Sendable, Hashable {
    /// The shape of the samples.
    package var format: PCMFormat
    /// The exact number of frames.
    package var frames: Int64
    /// The stretches of speech, in frames: in order, apart from each other, none empty.
    package var segments: [Range<Int64>]
    /// What else was measured.
    package var audio: AudioMeasures
}

extension SpeechMeasures {
    /// Measures a file; it is decoded three times, as memory is not to grow with its length.
    ///
    /// - Parameters:
    ///   - samples: The file.
    ///   - margin: How far below the active speech level activity begins, in dB.
    ///   - hangover: How long it outlasts its end, in seconds.
    /// - Throws: What the file throws, and `LevelingError`.
    package init(
        of samples: SourceSamples, margin: Decibels = ActivityDetector.standardMargin,
        hangover: Double = ActivityDetector.standardHangover
    ) throws {
        format = samples.format
        let width = format.channels
        var meter = try LevelMeter(format: format, method: .activeSpeech)
        // Full scale is 1 for every source here, as it is for floating-point samples.
        var signal = SignalMeter(format, codec: .pcmF64LE)
        var frames: Int64 = 0
        try samples.forEachBlock { block in
            try meter.add(block)
            signal.add(block)
            frames += Int64(block.count / width)
        }
        let level = try meter.finish()
        self.frames = frames
        segments = []
        if let activeSpeech = level.activeSpeech {
            var detector = try ActivityDetector(
                format: format, activeSpeechLevel: activeSpeech, margin: margin, hangover: hangover)
            try samples.forEachBlock { try detector.add($0) }
            segments = detector.activeFrames
        }
        audio = AudioMeasures(
            activeSpeech: level.activeSpeech?.value, activity: level.activity ?? 0, rms: level.rms?.value,
            peak: level.samplePeak?.value, clippedSamples: signal.clippedSamples, offset: signal.offset,
            signalToNoise: try Self.signalToNoise(of: samples, segments))
    }

    /// The power within the segments over that between them, in dB; nil where either is nothing.
    private static func signalToNoise(
        of samples: SourceSamples, _ segments: [Range<Int64>]
    ) throws -> Double? {
        let active = segments.reduce(0) { $0 + Int64($1.count) }
        guard active > 0 else { return nil }
        var frame: Int64 = 0
        var next = 0
        var inside = 0.0
        var outside = 0.0
        var silent: Int64 = 0
        let width = samples.format.channels
        try samples.forEachBlock { block in
            for start in stride(from: 0, to: block.count, by: width) {
                while next < segments.count, segments[next].upperBound <= frame { next += 1 }
                var power = 0.0
                for channel in 0..<width { power += block[start + channel] * block[start + channel] }
                if next < segments.count, segments[next].contains(frame) {
                    inside += power
                } else {
                    outside += power
                    silent += 1
                }
                frame += 1
            }
        }
        guard silent > 0, outside > 0, inside > 0 else { return nil }
        return Decibels(powerRatio: inside / Double(active) / (outside / Double(silent))).value
    }
}
