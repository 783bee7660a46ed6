internal import PCM

/// The speech voltmeter of ITU-T P.56, method B, for one channel.
///
/// P.56 counts, for each of 15 thresholds a factor of two apart, the samples at which the envelope lies at or above
/// it and those of the hangover thereafter. The envelope crosses a threshold rarely, so what is kept here is the
/// number of thresholds that it reaches and when each was crossed last; counts are settled at a crossing. They are
/// the same integers that a comparison of every sample with every threshold gives.
struct ActiveSpeechMeter {
    /// Thresholds from 2^-15 to 2^-1 of full scale, ascending (P.56: c).
    private static let thresholds: [Double] = (0..<15).map {
        Double(sign: .plus, exponent: $0 - 15, significand: 1)
    }

    private var envelope: SpeechEnvelope
    private let hangover: Int64
    private var frames: Int64 = 0
    private var squareSum = 0.0
    private var peak = 0.0

    /// How many thresholds the envelope reaches at present.
    private var reached = 0

    /// Samples counted as active up to the last crossing, for each threshold (P.56: a).
    private var activeCounts = [Int64](repeating: 0, count: thresholds.count)

    /// For a threshold that is reached, the first sample at which it was; otherwise the first at which it no longer
    /// was, and nil before it ever was: at the start the hangover is already spent.
    private var crossings = [Int64?](repeating: nil, count: thresholds.count)

    init(sampleRate: Int) {
        envelope = SpeechEnvelope(sampleRate: sampleRate)
        hangover = SpeechEnvelope.hangover(sampleRate: sampleRate)
    }

    /// Measures every `stride`-th of the samples behind a pointer.
    mutating func add(_ samples: UnsafePointer<Double>, frames count: Int, stride: Int) {
        let retention = envelope.retention
        let admission = 1 - retention
        var smoothed = envelope.smoothed
        var value = envelope.value
        var squareSum = squareSum
        var peak = peak
        var (lower, upper) = bounds
        var index = 0
        while index < count {
            let sample = samples[index &* stride]
            let magnitude = sample < 0 ? -sample : sample
            squareSum += sample * sample
            if magnitude > peak { peak = magnitude }
            smoothed = retention * smoothed + admission * magnitude
            value = retention * value + admission * smoothed
            if value >= upper || value < lower {
                cross(to: value, at: frames + Int64(index))
                (lower, upper) = bounds
            }
            index &+= 1
        }
        envelope.smoothed = smoothed
        envelope.value = value
        envelope.settle()
        self.squareSum = squareSum
        self.peak = peak
        frames += Int64(count)
    }

    /// What has been measured so far.
    var result: ChannelLevels {
        guard frames > 0 else {
            return ChannelLevels(activeSpeech: nil, activity: nil, rms: nil, samplePeak: nil)
        }
        guard peak > 0 else {
            return ChannelLevels(activeSpeech: nil, activity: 0, rms: nil, samplePeak: nil)
        }
        let rms = Decibels(powerRatio: squareSum / Double(frames))
        let level = activeSpeechLevel
        // A ratio of powers is one of amplitudes at twice the decibels.
        let activity = level.map { 100 * Decibels(2 * (rms.value - $0.value)).amplitudeRatio } ?? 0
        return ChannelLevels(
            activeSpeech: level, activity: activity, rms: rms, samplePeak: Decibels(amplitudeRatio: peak))
    }

    /// The envelope values between which no threshold is crossed: at or above the first, below the second.
    private var bounds: (lower: Double, upper: Double) {
        let thresholds = Self.thresholds
        return (
            reached > 0 ? thresholds[reached - 1] : -.infinity,
            reached < thresholds.count ? thresholds[reached] : .infinity
        )
    }

    /// Settles the counts of all thresholds between the last value of the envelope and a new one.
    private mutating func cross(to value: Double, at index: Int64) {
        let before = reached
        reached = Self.thresholds.count { $0 <= value }
        if reached > before {
            for threshold in before..<reached {
                activeCounts[threshold] += crossings[threshold].map { min(index - $0, hangover) } ?? 0
                crossings[threshold] = index
            }
        } else {
            for threshold in reached..<before {
                activeCounts[threshold] += crossings[threshold].map { index - $0 } ?? 0
                crossings[threshold] = index
            }
        }
    }

    /// The active samples of a threshold, those since its last crossing included.
    private func activeCount(of threshold: Int) -> Int64 {
        guard let crossing = crossings[threshold] else { return 0 }
        let since = frames - crossing
        return activeCounts[threshold] + (threshold < reached ? since : min(since, hangover))
    }

    /// The level in dBov, or nil for no speech.
    ///
    /// The power over the samples active at a threshold falls short of the threshold by more the higher that lies;
    /// the level is where the distance is the margin, interpolated between two thresholds.
    private var activeSpeechLevel: Decibels? {
        var previous: (level: Double, excess: Double)?
        for (index, threshold) in Self.thresholds.enumerated() {
            // Counts never rise with the threshold, so none follows that is not 0 too.
            let count = activeCount(of: index)
            guard count > 0 else { return nil }
            let level = Decibels(powerRatio: squareSum / Double(count)).value
            let excess = level - Decibels(amplitudeRatio: threshold).value - SpeechEnvelope.margin
            if let previous, excess <= 0 {
                let span = previous.excess - excess
                guard span > 0 else { return Decibels(level) }
                return Decibels(previous.level + (level - previous.level) * previous.excess / span)
            }
            if previous == nil, excess < 0 { return nil }
            previous = (level, excess)
        }
        return nil
    }
}
